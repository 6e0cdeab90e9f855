/** Replies and reactions in conversations of two accounts, as transcripts. */

import { assertEquals } from "@std/assert";
import { logInAs } from "../../support/account_people.ts";
import { askForHistory, HISTORY_CAPS } from "../../support/irc_history.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const BOB = `:bob!~bob@${HOST}`;

/** Ann and bob with tags, and bob's phone without; ann has written `lunch?` to bob, as #1. */
async function begin(room: IrcRoom, ...caps: string[]) {
  const ann = await room.register("ann", "message-tags");
  const bob = await room.register("bob", "message-tags", ...caps);
  const phone = await room.register("phone");
  for (const name of ["ann", "bob"]) await logInAs(room, name);
  await logInAs(room, "phone", "bob");
  ann.send("PRIVMSG bob :lunch?");
  for (const client of [ann, bob, phone]) await client.sync();
  return { ann, bob, phone };
}

Deno.test("A reply to a private message is kept, with the id of what it answers", async () => {
  await using room = new IrcRoom();
  const { ann, bob, phone } = await begin(room);
  bob.send("@+draft/reply=@ann+bob#1;+other=x PRIVMSG ann :at noon");
  await bob.sync();
  assertEquals(await ann.sync(), [
    `@msgid=@ann+bob#2;+other=x;+draft/reply=@ann+bob#1 ${BOB} PRIVMSG ann :at noon`,
  ]);
  assertEquals(await phone.sync(), []);
  ann.send("@+draft/reply=@ann+bob#2 PRIVMSG bob :\x01ACTION nods\x01");
  await ann.sync();
  assertEquals(
    (await phone.sync()).map((line) => line.replace(/^\S+ /, "")),
    ["PRIVMSG phone :\x01ACTION [#2 <bob> at noon] nods\x01"],
  );
});

Deno.test("A reply to no message of the conversation is sent as a plain one", async () => {
  await using room = new IrcRoom();
  const { ann, bob } = await begin(room);
  for (const id of ["@ann+bob#99", "@ann+carl#1", "nonsense"]) {
    bob.send(`@+draft/reply=${id} PRIVMSG ann :to ${id}`);
    await bob.sync();
    const [line] = await ann.sync();
    assertEquals(/\+draft\/reply=(\S+) .* :(.*)/.exec(line)?.slice(1), [id, `to ${id}`]);
  }
});

Deno.test("A reaction to a private message is kept, and reaches clients with tags", async () => {
  await using room = new IrcRoom();
  const { ann, bob, phone } = await begin(room);
  bob.send("@+draft/react=👍;+draft/reply=@ann+bob#1 TAGMSG ann");
  assertEquals(await bob.sync(), []);
  assertEquals(await ann.sync(), [
    `@msgid=@ann+bob#2;+draft/reply=@ann+bob#1;+draft/react=👍 ${BOB} TAGMSG ann`,
  ]);
  assertEquals(await phone.sync(), []);
  const [event] = await room.log.read("@ann+bob", 0, 1);
  assertEquals(event.reactions, [{ emoji: "👍", from: ["bob"] }]);
  bob.send("@+draft/unreact=👍;+draft/reply=@ann+bob#1 TAGMSG ann");
  await bob.sync();
  assertEquals((await ann.sync()).at(-1)?.includes(";+draft/unreact=👍 "), true);
  ann.send("QUIT");
  bob.send("@+draft/react=🎉;+draft/reply=@ann+bob#1 TAGMSG ann");
  await bob.sync();
  assertEquals((await room.log.read("@ann+bob", 0, 1))[0].reactions?.[0].emoji, "🎉");
});

Deno.test("What is no reaction, or to nothing that is kept, is passed on", async () => {
  await using room = new IrcRoom();
  const { ann, bob } = await begin(room);
  for (
    const tags of [
      "+typing=active",
      "+draft/react=lol;+draft/reply=@ann+bob#1",
      "+draft/react=👍;+draft/reply=8c9e",
    ]
  ) {
    bob.send(`@${tags} TAGMSG ann`);
    await bob.sync();
    const [line] = await ann.sync();
    assertEquals(line.slice(line.indexOf(";") + 1), `${tags} ${BOB} TAGMSG ann`);
  }
  assertEquals((await room.log.room("@ann+bob"))?.lastSeq, 1);
});

Deno.test("A client that asks for echoes gets that of its private reaction", async () => {
  await using room = new IrcRoom();
  const { bob } = await begin(room, "batch", "echo-message", "labeled-response");
  await bob.ask(
    "@label=7;+draft/react=👍;+draft/reply=@ann+bob#1 TAGMSG ann",
    /^@label=7;msgid=@ann\+bob#2;\+draft\/reply=@ann\+bob#1;\+draft\/react=👍 :bob\S+ TAGMSG ann$/,
  );
});

Deno.test("The history of a conversation has its reactions for clients that want events", async () => {
  await using room = new IrcRoom();
  const { bob } = await begin(room);
  bob.send("@+draft/react=👍;+draft/reply=@ann+bob#1 TAGMSG ann");
  await bob.sync();
  for (
    const [nick, caps, expected] of [
      ["one", [], ["PRIVMSG bob :lunch?"]],
      ["two", ["draft/event-playback"], ["PRIVMSG bob :lunch?", "TAGMSG two"]],
    ] as const
  ) {
    const client = await room.register(nick, ...HISTORY_CAPS, ...caps);
    await logInAs(room, nick, "ann");
    const lines = await askForHistory(client, "CHATHISTORY LATEST bob * 9");
    assertEquals(lines, [...expected]);
  }
});
