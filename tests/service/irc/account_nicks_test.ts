/** Private messages of people whose nickname is not the name of their account, as transcripts. */

import { assertEquals, assertMatch } from "@std/assert";
import { logInAs } from "../../support/account_people.ts";
import { askForHistory, HISTORY_CAPS } from "../../support/irc_history.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const ECHO = ["message-tags", "echo-message", "batch", "labeled-response"];

/** `ann-phone`, who is logged in to the account `ann`, and bob. */
async function begin(room: IrcRoom, ...caps: string[]) {
  const phone = await room.register("ann-phone", ...ECHO, ...caps);
  const bob = await room.register("bob", ...ECHO, ...caps);
  await room.addAccount("ann");
  const { member, correspondence } = room.chat.people.find("ann-phone")!;
  member.identify(room.chat.accounts.find("ann"));
  await correspondence.accountChanged();
  await logInAs(room, "bob");
  for (const client of [phone, bob]) await client.sync();
  return { phone, bob };
}

function withoutTags(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/^@\S+ /, ""));
}

Deno.test("A private message comes from the nickname of its author, whatever the account", async () => {
  await using room = new IrcRoom();
  const { phone, bob } = await begin(room);
  const line = `:ann-phone!~ann-phone@${HOST} PRIVMSG bob :lunch?`;
  phone.send("PRIVMSG bob :lunch?");
  assertEquals(withoutTags(await phone.sync()), [line]);
  assertEquals(withoutTags(await bob.sync()), [line]);
});

Deno.test("The echo of a private message has the nickname that it was sent to", async () => {
  await using room = new IrcRoom();
  const { phone, bob } = await begin(room);
  bob.send("@label=a PRIVMSG ann-phone :at noon");
  const [echo, ...more] = await bob.sync();
  assertMatch(echo, /^@label=a;\S+ :bob!\S+ PRIVMSG ann-phone :at noon$/);
  assertEquals(more, []);
  assertEquals(withoutTags(await phone.sync()), [
    `:bob!~bob@${HOST} PRIVMSG ann-phone :at noon`,
  ]);
  await room.register("laptop");
  await logInAs(room, "laptop", "ann");
  for (const nick of ["ann", "ann-phone"]) {
    bob.send(`PRIVMSG ${nick} :to ${nick}`);
    assertEquals(withoutTags(await bob.sync()), [`:bob!~bob@${HOST} PRIVMSG ${nick} :to ${nick}`]);
  }
});

Deno.test("Who is away is told of under the nickname that was written to", async () => {
  await using room = new IrcRoom();
  const { phone, bob } = await begin(room);
  await phone.ask("AWAY :lunch", ":irc.test 306 ann-phone :You have been marked as being away");
  bob.send("PRIVMSG ann-phone :there?");
  assertEquals((await bob.sync()).at(-1), ":irc.test 301 bob ann-phone :lunch");
});

Deno.test("The echo of a private redaction or reaction answers the command", async () => {
  await using room = new IrcRoom();
  const { phone, bob } = await begin(room, "draft/message-redaction");
  bob.send("PRIVMSG ann-phone :oops");
  await bob.sync();
  await phone.sync();
  phone.send("@label=a;+draft/react=👍;+draft/reply=@ann+bob#1 TAGMSG bob");
  assertMatch((await phone.sync()).join(), /^@label=a;\S+ :ann-phone!\S+ TAGMSG bob$/);
  bob.send("@label=b REDACT ann-phone @ann+bob#1 :wrong");
  const source = `:bob!~bob@${HOST}`;
  assertEquals(
    (await bob.sync()).slice(1).join(),
    `@label=b;msgid=@ann+bob#3 ${source} REDACT ann-phone @ann+bob#1 :wrong`,
  );
  assertEquals(withoutTags(await phone.sync()), [
    `${source} REDACT ann-phone @ann+bob#1 :wrong`,
  ]);
});

Deno.test("The history of a conversation has the nickname of its author while they are here", async () => {
  await using room = new IrcRoom();
  const { phone, bob } = await begin(room, ...HISTORY_CAPS);
  phone.send("PRIVMSG bob :lunch?");
  await phone.sync();
  await bob.sync();
  bob.send("CHATHISTORY LATEST ann-phone * 9");
  const source = `:ann-phone!~ann-phone@${HOST}`;
  assertEquals(withoutTags(await bob.sync())[1], `${source} PRIVMSG bob :lunch?`);
  await phone.leave();
  assertEquals(await askForHistory(bob, "CHATHISTORY LATEST ann * 9"), ["PRIVMSG bob :lunch?"]);
});
