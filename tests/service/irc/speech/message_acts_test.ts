/** Replies and reactions (`+draft/reply`, `+draft/react`), and pins, as transcripts. */

import { assertEquals, assertMatch } from "@std/assert";
import { askForHistory, HISTORY_CAPS } from "../../../support/irc_history.ts";
import { HOST, IrcRoom } from "../../../support/irc_room.ts";

const BOB = `:bob!~bob@${HOST}`;
const TAGS = ["message-tags"];

/** Ann and bob with tags, eve without, and jack at a terminal, in #lab; ann has said `one` (#5). */
async function enter(room: IrcRoom, ...caps: string[]) {
  const clients = [];
  for (const [nick, own] of [["ann", TAGS], ["bob", [...TAGS, ...caps]], ["eve", []]] as const) {
    const client = await room.register(nick, ...own);
    client.send("JOIN #lab");
    await client.sync();
    clients.push(client);
  }
  const jack = await room.enter("jack");
  jack.say("/leave", "/join lab");
  await jack.read();
  const [ann, bob, eve] = clients;
  ann.send("PRIVMSG #lab :one");
  for (const client of clients) await client.sync();
  await jack.read();
  return { ann, bob, eve, jack };
}

Deno.test("A reply has the id of what it answers; others see its beginning in front", async () => {
  await using room = new IrcRoom();
  const { ann, bob, eve, jack } = await enter(room);
  bob.send("@+draft/reply=lab#5;+other=x PRIVMSG #lab :yes");
  await bob.sync();
  assertEquals(await ann.sync(), [
    `@msgid=lab#6;+other=x;+draft/reply=lab#5 ${BOB} PRIVMSG #lab :yes`,
  ]);
  assertEquals(await eve.sync(), [`${BOB} PRIVMSG #lab :[#5 <ann> one] yes`]);
  await jack.expect("<bob> [#5 <ann> one] yes");
  jack.say("/reply #6 sure", "/me nods");
  await jack.read();
  const [reply] = await ann.sync();
  assertEquals(/\+draft\/reply=(\S+)/.exec(reply)?.[1], "lab#6");
  ann.send("@+draft/reply=lab#5 PRIVMSG #lab :\x01ACTION agrees\x01");
  await jack.expect("* ann [#5 <ann> one] agrees");
});

Deno.test("A reply to no message of the channel is said as a plain message", async () => {
  await using room = new IrcRoom();
  const { ann, bob, jack } = await enter(room);
  for (const id of ["lab#99", "tea#1", "nonsense", "lab#1"]) {
    bob.send(`@+draft/reply=${id} PRIVMSG #lab :to ${id}`);
    await jack.expect(`<bob> to ${id}`);
    const [line] = await ann.sync();
    assertEquals(/\+draft\/reply=(\S+)/.exec(line)?.[1], id);
  }
});

Deno.test("A reaction reaches clients with tags, and is kept", async () => {
  await using room = new IrcRoom();
  const { ann, bob, eve, jack } = await enter(room);
  bob.send("@+draft/react=👍;+draft/reply=lab#5 TAGMSG #lab");
  assertEquals(await bob.sync(), []);
  assertEquals(await ann.sync(), [
    `@msgid=lab#6;+draft/reply=lab#5;+draft/react=👍 ${BOB} TAGMSG #lab`,
  ]);
  assertEquals(await eve.sync(), []);
  await jack.ask("/reactions #5", "* +1 👍 bob");
  jack.say("/react #5 tada");
  await jack.read();
  assertEquals((await bob.sync()).length, 1);
  bob.send("@+draft/unreact=👍;+draft/reply=lab#5 TAGMSG #lab");
  await bob.sync();
  await jack.ask("/reactions #5", "* +1 🎉 jack");
  assertEquals((await ann.sync()).at(-1)?.includes(";+draft/unreact=👍 "), true);
});

Deno.test("A client that asks for echoes gets that of its reaction, with the label", async () => {
  await using room = new IrcRoom();
  const caps = ["batch", "echo-message", "labeled-response"];
  const { bob } = await enter(room, ...caps);
  bob.send("@label=x;+draft/react=👍;+draft/reply=lab#5 TAGMSG #lab");
  assertEquals(await bob.sync(), [
    `@label=x;msgid=lab#6;+draft/reply=lab#5;+draft/react=👍 ${BOB} TAGMSG #lab`,
  ]);
});

Deno.test("A reaction that is not an emoji is passed on, and not kept", async () => {
  await using room = new IrcRoom();
  const { ann, bob, jack } = await enter(room, "echo-message");
  bob.send("@+draft/react=l😃l;+draft/reply=lab#5 TAGMSG #lab");
  const [echo] = await bob.sync();
  assertMatch(
    echo,
    /^@msgid=[-0-9a-f]{36};\+draft\/react=l😃l;\+draft\/reply=lab#5 :bob!\S+ TAGMSG #lab$/,
  );
  assertEquals(await ann.sync(), [echo]);
  await jack.ask("/reactions #5", "* Nobody has reacted to #5. /react #5 +1 does.");
});

Deno.test("A reaction that the rules of a channel do not allow is refused", async () => {
  await using room = new IrcRoom();
  const { ann, bob } = await enter(room);
  ann.send("MODE #lab +m");
  await ann.sync();
  await bob.sync();
  bob.send("@+draft/react=👍;+draft/reply=lab#5 TAGMSG #lab");
  assertEquals((await bob.sync()).length, 1);
  assertEquals(await ann.sync(), []);
});

Deno.test("History has reactions for those who play back events, and replies for all", async () => {
  await using room = new IrcRoom();
  const { bob } = await enter(room);
  bob.send(
    "@+draft/react=👍;+draft/reply=lab#5 TAGMSG #lab",
    "@+draft/reply=lab#5 PRIVMSG #lab :y",
  );
  await bob.sync();
  const joe = await room.register("joe", ...HISTORY_CAPS, "draft/event-playback");
  joe.send("JOIN #lab");
  await joe.sync();
  const played = await askForHistory(joe, "CHATHISTORY AFTER #lab msgid=lab#4 9");
  assertEquals(played.slice(0, 3), ["PRIVMSG #lab :one", "TAGMSG #lab", "PRIVMSG #lab :y"]);
  const sam = await room.register("sam", ...HISTORY_CAPS);
  sam.send("JOIN #lab");
  await sam.sync();
  assertEquals(await askForHistory(sam, "CHATHISTORY AFTER #lab msgid=lab#4 9"), [
    "PRIVMSG #lab :one",
    "PRIVMSG #lab :y",
  ]);
});

Deno.test("A pin comes as a notice", async () => {
  await using room = new IrcRoom();
  const { eve, jack } = await enter(room);
  jack.say("/pin #5");
  await jack.read();
  assertEquals(await eve.sync(), [":irc.test NOTICE #lab :jack pinned #5 <ann> one"]);
});
