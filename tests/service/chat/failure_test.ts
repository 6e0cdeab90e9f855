import { assert, assertEquals } from "@std/assert";
import { ChatRoom } from "../../support/chat_room.ts";
import { RecordedLog } from "../../support/recorded_log.ts";

const UNREADABLE = "! The log cannot be read right now.";

Deno.test("Chat says in a sentence that the log cannot be read, and continues", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  await ann.ask("hello");
  chat.log.isUnreadable = true;
  for (const command of ["/history", "/quote #3", "/join tea", "/rooms"]) {
    ann.say(command);
    assertEquals((await ann.read()).at(-1), UNREADABLE, command);
  }
  await bob.ask("hi", "<ann> hello");
  await ann.expect("<bob> hi");
  chat.log.isUnreadable = false;
  await ann.ask("/join tea", "* You are in #tea. Nobody else is here yet.");
});

Deno.test("Chat lets people in even if they cannot enter the first room, because the log cannot be read", async () => {
  await using chat = new ChatRoom();
  chat.log.isUnreadable = true;
  const ann = chat.connect();
  await chat.advance(200);
  ann.say("ann");
  assertEquals((await ann.read()).slice(-2), [
    "* You are ann. /help lists the commands.",
    UNREADABLE,
  ]);
  chat.log.isUnreadable = false;
  await ann.ask("/join lobby", "* You are in #lobby. Nobody else is here yet.");
});

Deno.test("Chat logs an error in a command, and continues", async () => {
  using recorded = new RecordedLog("error");
  const { lines: records } = recorded;
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  chat.log.countTalk = () => Promise.reject(new TypeError("no such thing"));
  await ann.ask("/history", "! Internal error. It was logged; try again later.");
  assert(records[0].includes("no such thing"), records[0]);
  await ann.ask("/history before #1", "* Nothing was said in #lobby before #1.");
});
