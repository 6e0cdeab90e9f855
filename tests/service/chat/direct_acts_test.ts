/** Replies and reactions in conversations of two accounts. */

import { assertEquals } from "@std/assert";
import { ChatRoom } from "../../support/chat_room.ts";

/** Ann and bob, who are logged in; ann has written `lunch?` to bob, as #1. */
async function begin(chat: ChatRoom) {
  const ann = await chat.logIn("ann");
  const bob = await chat.logIn("bob");
  for (const guest of [ann, bob]) guest.forget();
  await ann.ask("/msg bob lunch?", "-> bob: lunch?");
  await bob.expect("ann -> you: lunch?");
  return { ann, bob };
}

Deno.test("/reply @ann#1 answers a private message, and shows both what it answers", async () => {
  await using chat = new ChatRoom();
  const { ann, bob } = await begin(chat);
  await bob.ask("/reply @ann#1 at noon", "-> ann: [#1 <ann> lunch?] at noon");
  await ann.expect("bob -> you: [#1 <ann> lunch?] at noon");
  ann.say("/history @bob 1");
  assertEquals((await ann.read()).map((line) => line.replace(/ \d{4}-\d\d-\d\d \d\d:\d\d/, "")), [
    "@bob#2 <bob> [#1 <ann> lunch?] at noon",
  ]);
});

Deno.test("/react @ann#1 is told to its author once, and shown by /reactions", async () => {
  await using chat = new ChatRoom();
  const { ann, bob } = await begin(chat);
  await bob.ask("/react @ann#1 +1", "* You reacted with 👍 to @ann#1.");
  await ann.expect("* bob reacted with 👍 to your @bob#1");
  await bob.ask("/react @ann#1 tada", "* You reacted with 🎉 to @ann#1.");
  await ann.expect();
  await ann.ask("/reactions @bob#1", "* +1 👍 bob", "* +1 🎉 bob");
  await bob.ask("/react @ann#1 +1", "* You took 👍 back from @ann#1.");
  await ann.ask("/reactions @bob#1", "* +1 🎉 bob");
  await ann.ask("/msg", "* bob  1 message");
});

Deno.test("/set reactions on shows every reaction to a private message", async () => {
  await using chat = new ChatRoom();
  const { ann, bob } = await begin(chat);
  ann.say("/set reactions on");
  await ann.read();
  bob.say("/react @ann#1 +1", "/react @ann#1 +1");
  await ann.expect("* bob reacted with 👍 to @bob#1", "* bob took 👍 back from @bob#1");
});

Deno.test("a reaction to a message whose author is away does not count as unread", async () => {
  await using chat = new ChatRoom();
  const { ann, bob } = await begin(chat);
  await ann.leave();
  await bob.expect("* ann left");
  await bob.ask("/react @ann#1 +1", "* You reacted with 👍 to @ann#1.");
  const again = await chat.logIn("ann");
  assertEquals(again.transcript.includes("unread"), false);
});

Deno.test("only the two can answer or react to their private messages, and nobody can pin them", async () => {
  await using chat = new ChatRoom();
  const { bob } = await begin(chat);
  const carl = await chat.logIn("carl");
  carl.forget();
  for (const line of ["/reply @ann+bob#1 hi", "/react @ann+bob#1 +1", "/pin @ann+bob#1"]) {
    await carl.ask(line, "! There is no conversation @ann+bob. /msg lists yours.");
  }
  await bob.ask("/pin @ann#1", "! Only what was said in a room can be pinned.");
  await bob.ask("/react @ann#9 +1", "! @ann has no #9. /history shows the numbers.");
});

Deno.test("somebody without an account is told that private messages have no numbers", async () => {
  await using chat = new ChatRoom();
  const [gus] = await chat.enterAll("gus", "mia");
  const sentence = "! Private messages are kept, and have numbers, only between two accounts. " +
    "/register makes your name one.";
  for (const line of ["/reply @mia#1 yes", "/react @mia#1 +1", "/history @mia"]) {
    await gus.ask(line, sentence);
  }
});
