/**
 * `deno task bench:moderation` measures what bans cost in a room of 10,000 people: how long until
 * those concerned have left, and the longest turn of the event loop meanwhile.
 *
 * @module
 */

import { LocalSequencer } from "../../lib/backplane/local.ts";
import { systemClock } from "../../lib/clock.ts";
import { AccessControl } from "../../lib/domain/access/access_control.ts";
import { Accounts } from "../../lib/domain/access/accounts/accounts.ts";
import { Tokens } from "../../lib/domain/access/accounts/tokens.ts";
import { RoomRegistry } from "../../lib/domain/rooms/room_registry.ts";
import { openChatContext } from "../../lib/service/chat/chat_context.ts";
import { ChatMember } from "../../lib/service/chat/chat_member.ts";
import { type ChatContext, ChatSession } from "../../lib/service/chat/chat_session.ts";
import { DigestReader } from "../../lib/service/chat/rooms/digest_reader.ts";
import type { Screen } from "../../lib/service/chat/screen.ts";
import { MemoryMessageLog } from "../../lib/store/memory/message_log.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";

const PEOPLE = 10_000;
const ROOM = "crowd";

/** A screen that takes everything at once. */
const SCREEN: Screen = {
  repairs: 0,
  notice: () => true,
  error() {},
  showNumbered() {},
  showHit() {},
  showPrivate: () => true,
  showName() {},
  showEntry() {},
  showExit() {},
  showCrowd() {},
  showEvents: () => true,
  turn: () => undefined,
  hasRoom: () => Promise.resolve(true),
  ready: () => Promise.resolve(true),
  drained: () => Promise.resolve(true),
  isReachable: () => Promise.resolve(true),
  end() {},
};

/** Watches the turns of the event loop until it is stopped. */
class TurnWatch {
  longestMs = 0;
  #last = performance.now();
  #timer = setInterval(() => this.#look(), 0);

  #look(): void {
    const now = performance.now();
    this.longestMs = Math.max(this.longestMs, now - this.#last);
    this.#last = now;
  }

  stop(): void {
    this.#look();
    clearInterval(this.#timer);
  }
}

function openChat(): ChatContext {
  const clock = systemClock;
  const state = new MemoryStateStore(clock);
  const log = new MemoryMessageLog((setting) => state.set(setting));
  const access = new AccessControl({ clock });
  const registry = new RoomRegistry({ log, sequencer: new LocalSequencer(log, clock), access });
  const accounts = Accounts.empty({ state, clock });
  const tokens = new Tokens({ state, accounts, clock });
  const parts = { registry, log, access, accounts, tokens, state, clock };
  return openChatContext({ ...parts, reservedNames: [] });
}

async function enter(chat: ChatContext, number: number): Promise<ChatSession> {
  const address = `10.${number >> 12}.${number >> 6 & 63}.${number & 63}`;
  const context = { connection: number, transport: "tcp", remote: `${address}:5000`, address };
  const member = new ChatMember(context, chat.firstOrigin);
  const screen = SCREEN;
  const reader = new DigestReader({ ...chat, member, screen });
  const person = new ChatSession({ chat, member, screen, reader });
  person.takeName(`guest${number}`);
  await person.visits.enter(ROOM);
  return person;
}

/** Resolves once only so many people are in the room. */
async function emptied(people: readonly ChatSession[], left: number): Promise<void> {
  const room = people[0].chat.archive.for({ nickname: "", isOperator: true });
  while ((room.find(ROOM)?.members.size ?? 0) > left) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function measure(what: string, work: () => Promise<unknown>): Promise<void> {
  const watch = new TurnWatch();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  watch.stop();
  console.log(
    `${what.padEnd(44)}${ms.toFixed(0).padStart(6)} ms, longest turn ${
      watch.longestMs.toFixed(1).padStart(6)
    } ms`,
  );
}

if (import.meta.main) {
  const chat = openChat();
  const root = { nickname: "root", isOperator: true };
  const people: ChatSession[] = [];
  for (let number = 0; number < PEOPLE; number++) people.push(await enter(chat, number));
  await chat.registry.settled();
  const ban = (name: string) =>
    chat.moderation.sanctions.ban(root, ROOM, { target: { name }, reason: "bench" });

  await measure("nothing", () => new Promise((resolve) => setTimeout(resolve, 500)));
  await measure("ban of one of 10,000, the first", async () => {
    await ban("guest76");
    await emptied(people, PEOPLE - 1);
  });
  await measure("ban of one of 10,000", async () => {
    await ban("guest77");
    await emptied(people, PEOPLE - 2);
  });
  await measure("450 bans of ranges that concern nobody", async () => {
    for (let number = 0; number < 450; number++) {
      await ban(`172.${number >> 8}.${number & 255}.0/24`);
    }
  });
  await measure("ban of one more, with those in force", async () => {
    await ban("guest78");
    await emptied(people, PEOPLE - 3);
  });
  const [speaker] = people.slice(-1);
  await measure("10,000 messages with 453 bans", async () => {
    for (let number = 0; number < PEOPLE; number++) {
      people[number + 100 < PEOPLE ? 100 + number : 100].speech.say("message", "hi");
      if (number % 100 === 0) await chat.registry.settled();
    }
    await chat.registry.settled();
  });
  await measure("ban of everybody else by a range", async () => {
    await ban("10.0.0.0/8");
    await emptied(people, 0);
  });
  await speaker.depart("");
}
