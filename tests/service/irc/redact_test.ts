/** `REDACT` (IRCv3 draft/message-redaction), as transcripts. */

import { assertEquals } from "@std/assert";
import { logInAs } from "../../support/account_people.ts";
import { askForHistory, HISTORY_CAPS } from "../../support/irc_history.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const ANN = `:ann!~ann@${HOST}`;
const CAPS = [...HISTORY_CAPS, "draft/message-redaction"];

function withoutTags(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/^@\S+ /, ""));
}

/** The first one in a channel, who is its operator, and others. */
async function enter(room: IrcRoom) {
  const clients = [];
  for (const [nick, caps] of [["ann", CAPS], ["bob", CAPS], ["eve", []]] as const) {
    const client = await room.register(nick, ...caps);
    client.send("JOIN #lab");
    await client.sync();
    clients.push(client);
  }
  for (const client of clients) await client.sync();
  return clients;
}

Deno.test("An operator redacts any message, and those who can are told by REDACT", async () => {
  await using room = new IrcRoom();
  const [ann, bob, eve] = await enter(room);
  bob.send("PRIVMSG #lab :one");
  ann.send("PRIVMSG #lab :two");
  for (const client of [bob, ann, eve]) await client.sync();
  await ann.ask(
    "REDACT #lab lab#4 :spam",
    /^@time=\S+;msgid=lab#6 :ann\S+ REDACT #lab lab#4 :spam$/,
  );
  assertEquals(withoutTags(await bob.sync()), [`${ANN} REDACT #lab lab#4 :spam`]);
  assertEquals(await eve.sync(), [":irc.test NOTICE #lab :ann redacted #4 (spam)"]);
  ann.send("REDACT #lab lab#5");
  assertEquals(withoutTags(await ann.sync()), [`${ANN} REDACT #lab lab#5`]);
  assertEquals(withoutTags(await bob.sync()), [`${ANN} REDACT #lab lab#5`]);
});

Deno.test("What was redacted is no part of the history", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await enter(room);
  ann.send("PRIVMSG #lab :one", "PRIVMSG #lab :two", "REDACT #lab lab#4 :oops");
  await ann.sync();
  assertEquals(await askForHistory(bob, "CHATHISTORY LATEST #lab * 9"), ["PRIVMSG #lab :two"]);
  const joe = await room.register("joe", ...CAPS, "draft/event-playback");
  joe.send("JOIN #lab");
  await joe.sync();
  assertEquals((await askForHistory(joe, "CHATHISTORY LATEST #lab * 9")).slice(3), [
    "PRIVMSG #lab :two",
    "REDACT #lab lab#4 :oops",
    "JOIN #lab",
  ]);
});

Deno.test("REDACT says why it does nothing", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await enter(room);
  ann.send("PRIVMSG #lab :one", "JOIN #other");
  await ann.sync();
  await bob.sync();
  const fail = (text: string) => new RegExp(`^:irc.test FAIL REDACT ${text} :`);
  await bob.ask("REDACT #lab lab#4", fail("REDACT_FORBIDDEN #lab lab#4"));
  await bob.ask("REDACT #other other#1", fail("INVALID_TARGET #other"));
  await bob.ask("REDACT #none none#1", fail("INVALID_TARGET #none"));
  await bob.ask("REDACT ann lab#4", fail("INVALID_TARGET ann"));
  await bob.ask("REDACT #lab", fail("NEED_MORE_PARAMS"));
  await ann.ask("REDACT #lab lab#99", fail("UNKNOWN_MSGID #lab lab#99"));
  await ann.ask("REDACT #lab whatever", fail("UNKNOWN_MSGID #lab whatever"));
  await ann.ask("REDACT #other lab#4", fail("UNKNOWN_MSGID #other lab#4"));
  assertEquals(await bob.sync(), []);
});

Deno.test("Only the author redacts a private message, for both", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...CAPS);
  const bob = await room.register("bob", ...CAPS);
  const eve = await room.register("eve", ...CAPS);
  for (const name of ["ann", "bob", "eve"]) await logInAs(room, name);
  for (const client of [ann, bob, eve]) await client.sync();
  ann.send("PRIVMSG bob :one");
  for (const client of [ann, bob]) await client.sync();
  const fail = (text: string) => new RegExp(`^:irc.test FAIL REDACT ${text} :`);
  const msgid = "@ann+bob#1";
  await bob.ask(`REDACT ann ${msgid}`, fail("REDACT_FORBIDDEN ann @ann.bob#1"));
  await eve.ask(`REDACT ann ${msgid}`, fail("UNKNOWN_MSGID ann @ann.bob#1"));
  ann.send(`REDACT bob ${msgid} :oops`);
  for (const client of [ann, bob]) {
    assertEquals(withoutTags(await client.sync()), [`${ANN} REDACT bob ${msgid} :oops`]);
  }
  assertEquals(await askForHistory(bob, "CHATHISTORY LATEST ann * 9"), []);
});

Deno.test("Authors redact their own lines: of this session, and of their account", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await enter(room);
  bob.send("PRIVMSG #lab :one", "PRIVMSG #lab :\x01ACTION waves\x01", "TOPIC #lab :bob's");
  for (const client of [bob, ann]) await client.sync();
  bob.send("REDACT #lab lab#4 :oops", "REDACT #lab lab#5");
  const BOB = `:bob!~bob@${HOST}`;
  for (const client of [bob, ann]) {
    assertEquals(withoutTags(await client.sync()), [
      `${BOB} REDACT #lab lab#4 :oops`,
      `${BOB} REDACT #lab lab#5`,
    ]);
  }
  const fail = (text: string) => new RegExp(`^:irc.test FAIL REDACT ${text} :`);
  await bob.ask("REDACT #lab lab#4", fail("REDACT_FORBIDDEN #lab lab#4"));
  // A topic concerns the whole channel.
  await bob.ask("REDACT #lab lab#6", fail("REDACT_FORBIDDEN #lab lab#6"));
  // Another guest of that name has said nothing yet.
  bob.send("PRIVMSG #lab :two", "QUIT");
  await bob.expectEnd();
  const other = await room.register("bob", ...CAPS);
  other.send("JOIN #lab");
  await other.sync();
  await other.ask("REDACT #lab lab#9", fail("REDACT_FORBIDDEN #lab lab#9"));
  // An account is known by its name, whatever else it is called; not so who had the name before.
  await logInAs(room, "bob");
  await other.sync();
  await room.clock.advance(1000);
  other.send("PRIVMSG #lab :three", "QUIT");
  await other.expectEnd();
  const phone = await room.register("bob-phone", ...CAPS);
  await logInAs(room, "bob-phone", "bob");
  phone.send("NICK bobby", "JOIN #lab");
  await phone.sync();
  await phone.ask("REDACT #lab lab#9", fail("REDACT_FORBIDDEN #lab lab#9"));
  const said = ann.transcript.find((line) => line.endsWith(" :three"))!;
  const msgid = /msgid=([^ ;]+)/.exec(said)![1];
  phone.send(`REDACT #lab ${msgid}`);
  assertEquals(withoutTags(await phone.sync()), [`:bobby!~bob-phone@${HOST} REDACT #lab ${msgid}`]);
  await ann.sync();
  assertEquals(await askForHistory(ann, "CHATHISTORY LATEST #lab * 9"), ["PRIVMSG #lab :two"]);
});
