import { assertEquals } from "@std/assert";
import { openRules } from "../../../lib/domain/access/rules/room_rules.ts";
import { STRANGER } from "../../../lib/domain/asker.ts";
import { redactionDraft } from "../../../lib/domain/redaction.ts";
import { ChatRoom, type Guest, settle } from "../../support/chat_room.ts";
import { putInForce } from "../../support/put_in_force.ts";

async function redact(chat: ChatRoom, of: number): Promise<void> {
  chat.registry.record(STRANGER, "lobby", [
    redactionDraft({ room: "lobby", from: "mia", of, why: "rude" }),
  ]);
  await chat.registry.settled();
  await settle();
}

/** What a guest has read, without the times of history. */
async function linesOf(guest: Guest): Promise<string[]> {
  return (await guest.read()).map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, "TIME"));
}

Deno.test("/reply #SEQ shows everybody what it answers, now and in history", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  jack.say("the disk is full");
  await ann.expect("<jack> the disk is full");
  ann.say("/reply #3 yes, since noon");
  await jack.expect("<ann> [#3 <jack> the disk is full] yes, since noon");
  jack.say("/me nods", "/reply lobby#4 I know");
  await ann.expect("* jack nods", "<jack> [#4 <ann> yes, since noon] I know");
  jack.say("/history 3");
  assertEquals(await linesOf(jack), [
    "#4 TIME <ann> [#3 <jack> the disk is full] yes, since noon",
    "#5 TIME * jack nods",
    "#6 TIME <jack> [#4 <ann> yes, since noon] I know",
  ]);
});

Deno.test("/reply to a message of another room leaves people in the room where they talk", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  ann.say("/join ops", "is it up?", "/join tea", "/reply ops#2 yes", "hello");
  await ann.read();
  const told = async (room: string) => (await chat.log.read(room, 0, 9)).map(({ body }) => body);
  assertEquals(await told("ops"), ["", "is it up?", "yes"]);
  assertEquals(await told("tea"), ["", "hello"]);
});

Deno.test("A reply quotes the beginning of a long text, and a block on one line", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  jack.say("word ".repeat(100));
  await ann.read();
  ann.say("/reply #3 yes");
  await jack.expect(`<ann> [#3 <jack> ${"word ".repeat(8).trim()}…] yes`);
});

Deno.test("/reply without a number answers the last private message", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  ann.say("/msg jack psst");
  await jack.expect("ann -> you: psst");
  await ann.read();
  jack.say("/reply c#3 is a note");
  await ann.expect("jack -> you: c#3 is a note");
  await jack.expect("-> ann: c#3 is a note");
  await jack.ask(
    "/reply #3",
    "! Usage: /reply [#SEQ] TEXT (answer a message, or the person who " +
      "wrote to you last)",
  );
});

Deno.test("/reply and /react say why an event cannot be meant", async () => {
  await using chat = new ChatRoom();
  const [ann] = await chat.enterAll("ann", "jack");
  ann.say("secret", "/me waves");
  await ann.expect();
  await redact(chat, 3);
  await ann.read();
  await ann.ask("/reply #3 yes", "! #3 of #lobby has been redacted.");
  await ann.ask("/reply #99 yes", "! #lobby has no #99. /history shows the numbers.");
  await ann.ask("/react #1 +1", "! #1 of #lobby is not a message.");
  await ann.ask(
    "/react #4 foo",
    "! foo is not an emoji. /help react lists names, such as +1 and tada.",
  );
  await ann.ask("/reply #5 yes", "! #5 of #lobby is not a message.");
});

Deno.test("A redaction also removes what replies quote", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  jack.say("secret");
  await ann.read();
  ann.say("/reply #3 yes");
  await jack.read();
  await redact(chat, 3);
  jack.say("/history 2");
  assertEquals((await linesOf(jack)).slice(1), [
    "#4 TIME <ann> [#3 <jack> (redacted by mia: rude)] yes",
    "#5 TIME * mia redacted #3 (rude)",
  ]);
  const bob = await chat.enter("bob");
  assertEquals(bob.transcript.includes("secret"), false);
  assertEquals(bob.transcript.includes("<ann> [#3 <jack> (redacted by mia: rude)] yes"), true);
});

Deno.test("A reaction is not shown as a line; the author is told of the first, and others on request", async () => {
  await using chat = new ChatRoom();
  const [ann, jack, bob] = await chat.enterAll("ann", "jack", "bob");
  jack.say("it works");
  await ann.expect("<jack> it works");
  await bob.expect("<jack> it works");
  await ann.ask("/react #4 :tada:", "* You reacted with 🎉 to #4.");
  await bob.ask("/react #4 🎉", "* You reacted with 🎉 to #4.");
  await bob.ask("/react #4 +1", "* You reacted with 👍 to #4.");
  await jack.expect("* ann reacted with 🎉 to your #4");
  await ann.expect();
  await ann.ask("/reactions #4", "* +2 🎉 ann, bob", "* +1 👍 bob");
  await bob.ask("/react lobby#4 +1", "* You took 👍 back from #4.");
  await ann.ask("/reactions #4", "* +2 🎉 ann, bob");
  await ann.ask("/reactions #1", "* Nobody has reacted to #1. /react #1 +1 does.");
});

Deno.test("/set reactions on shows each reaction", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  jack.say("it works");
  await ann.read();
  jack.say("/set reactions on");
  await jack.read();
  ann.say("/react #3 +1", "/react #3 +1");
  await jack.expect("* ann reacted with 👍 to #3 <jack> it works", "* ann took 👍 back from #3");
});

Deno.test("Reactions are refused above the limit of a person", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  jack.say("it works");
  await ann.read();
  ann.say(...[..."👍👎😄🎉👀🚀🔥👌"].map((emoji) => `/react #3 ${emoji}`));
  assertEquals((await ann.read()).length, 8);
  await ann.ask(
    "/react #3 ✅",
    "! You have 8 reactions there, which is the limit. Take one back first.",
  );
});

Deno.test("/pin tells the room, and /pins and /room list what is pinned", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  jack.say("wifi: tea4two");
  await ann.read();
  await ann.ask("/pins", "* Nothing is pinned in #lobby. /pin #SEQ pins a message.");
  await ann.ask("/pin #3", "* ann pinned #3 <jack> wifi: tea4two");
  await jack.expect("* ann pinned #3 <jack> wifi: tea4two");
  await ann.ask("/pin #3", "! #3 of #lobby is already pinned. /pins lists all.");
  jack.say("/pins");
  assertEquals(await linesOf(jack), ["* #3 <jack> wifi: tea4two (pinned by ann, TIME)"]);
  jack.say("/room");
  assertEquals((await linesOf(jack)).at(-1), "* #3 <jack> wifi: tea4two (pinned by ann, TIME)");
  await jack.ask("/unpin #3", "* jack unpinned #3");
  await jack.ask("/unpin #3", "! #3 of #lobby is not pinned. /pins lists all.");
});

Deno.test("A redacted message is pinned no more", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  jack.say("secret");
  await ann.read();
  ann.say("/pin #3");
  await ann.read();
  await redact(chat, 3);
  await ann.read();
  await ann.ask("/pins", "* Nothing is pinned in #lobby. /pin #SEQ pins a message.");
});

Deno.test("The rules of a room decide about reactions and pins", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  jack.say("hello");
  await ann.read();
  putInForce(chat.access, { ...openRules("lobby"), hasTopicLock: true });
  await ann.ask(
    "/pin #3",
    "! Only moderators may pin messages in #lobby. Ask an operator of the server.",
  );
  await ann.ask("/react #3 +1", "* You reacted with 👍 to #3.");
  putInForce(chat.access, { ...openRules("lobby"), isModerated: true });
  const silence = "! #lobby is moderated: only those with a voice may speak. Ask an operator of " +
    "the server.";
  await ann.ask("/react #3 +1", silence);
  await ann.ask("/reply #3 yes", silence);
  await ann.ask("/pin #3", silence);
  putInForce(chat.access, { ...openRules("lobby"), hasNoLog: true });
  const noLog = "! #lobby has no-log on, so it keeps no reactions or pins.";
  await ann.ask("/react #3 +1", noLog);
  await ann.ask("/pin #3", noLog);
  putInForce(chat.access, { ...openRules("lobby"), slowSeconds: 60 });
  ann.say("slow");
  await jack.read();
  await ann.ask("/react #3 +1", "* You took 👍 back from #3.");
});

Deno.test("Only people in a room can react there", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  jack.say("/join tea", "hot");
  await jack.read();
  await ann.read();
  await ann.ask("/react tea#2 +1", "! You are not in #tea. /join tea first.");
});

Deno.test("/pins shows the beginnings of long messages", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  ann.say("x".repeat(4000), "/pin #2");
  await ann.read();
  ann.say("/pins");
  assertEquals(await linesOf(ann), [`* #2 <ann> ${"x".repeat(119)}… (pinned by ann, TIME)`]);
});

Deno.test("Reactions and pins are there after a restart", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  jack.say("hello");
  await ann.read();
  ann.say("/react #3 +1", "/pin #3");
  await ann.read();
  await using later = new ChatRoom({ log: chat.log });
  const bob = await later.enter("bob");
  await bob.ask("/reactions #3", "* +1 👍 ann");
  bob.say("/pins");
  assertEquals(await linesOf(bob), ["* #3 <jack> hello (pinned by ann, TIME)"]);
});

Deno.test("People can redact their own lines for an hour", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  jack.say("one", "two");
  await ann.read();
  await chat.clock.advance(59 * 60_000);
  jack.say("/redact #3");
  await ann.expect("* jack redacted #3");
  await jack.read();
  await chat.clock.advance(2 * 60_000);
  await jack.ask(
    "/redact #4",
    "! You said #4 more than an hour ago, so you cannot redact it any more. #lobby has no owner, so " +
      "only operators of the server can do that. /room register makes the room yours.",
  );
});
