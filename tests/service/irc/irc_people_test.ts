import { assertEquals } from "@std/assert";
import type { ChatSession } from "../../../lib/service/chat/chat_session.ts";
import { IrcPeople, type IrcPeopleSources } from "../../../lib/service/irc/irc_people.ts";

/** @param settled Resolves once everybody has been told what was said by then. */
function peopleUntil(settled: Promise<void>): IrcPeople {
  const chat = { people: { holders: [] }, registry: { settled: () => settled } };
  return new IrcPeople({ chat, settings: { serverName: "here" } } as unknown as IrcPeopleSources);
}

function personOf(origin: number): ChatSession {
  return { origin, nickname: "bob", member: { via: "tcp" } } as unknown as ChatSession;
}

Deno.test("IrcPeople.remove() keeps somebody known until everybody has been told", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const people = peopleUntil(promise);
  const bob = personOf(7);
  people.add(bob);
  const removed = people.remove(bob);
  assertEquals(people.authorOf(bob), bob);
  resolve();
  await removed;
  assertEquals([people.authorOf(bob), people.userHostOf(7)], [undefined, undefined]);
});

Deno.test("IrcPeople.remove() leaves somebody alone who has come back in the meantime", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const people = peopleUntil(promise);
  // A node that was declared gone brings its people back with the origins that they had.
  const [before, after] = [personOf(7), personOf(7)];
  people.add(before);
  const removed = people.remove(before);
  people.add(after);
  resolve();
  await removed;
  assertEquals(people.authorOf({ origin: 7 }), after);
  assertEquals(people.userHostOf(7), after.member.userHost);
});
