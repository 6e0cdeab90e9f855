/** The summary of what people missed while they were away. */

import { assertEquals } from "@std/assert";
import { MemoryStateStore } from "../../../lib/store/memory/state_store.ts";
import { ChatRoom } from "../../support/chat_room.ts";

const TOLD = /^\* While you were away: /;

/** What somebody is told on entering. */
function toldTo(lines: readonly string[]): string[] {
  return lines.filter((line) => TOLD.test(line)).map((line) => line.replace(TOLD, ""));
}

Deno.test("Somebody who comes back to a terminal is told who spoke, how much and of mentions", async () => {
  const state = new MemoryStateStore();
  await using chat = new ChatRoom({ state });
  const [ann, bob, mei] = await chat.enterAll("ann", "bob", "mei");
  const first = await chat.enterTerminal("eva");
  first.type("/join ops\r");
  await chat.paint();
  bob.say("/join ops", "eva, see this");
  await chat.paint();
  await first.leave();
  bob.say(...Array.from({ length: 23 }, (_, number) => `line ${number}`), "eva: call me");
  mei.say("/join ops", "me too, Eva");
  ann.say("in the lobby");
  await chat.paint();
  const again = await chat.enterTerminal("eva");
  const rows = (await again.rows()).join(" ").replace(/\s+/g, " ");
  // What was said in the lobby has just been shown.
  assertEquals(
    /While you were away: .*?\./.exec(rows)?.[0],
    "While you were away: 25 messages in #ops from bob and mei, 2 mention you (#28).",
  );
});

Deno.test("Somebody who was away is told on coming back, without those they ignore", async () => {
  await using chat = new ChatRoom();
  const [ann, bob, mei] = await chat.enterAll("ann", "bob", "mei");
  await ann.ask("/away lunch", "* You are away: lunch. Type /away again when you're back.");
  ann.say("/ignore mei");
  await ann.read();
  bob.say("one", "two, ann");
  mei.say("three, ann");
  for (const name of ["p1", "p2", "p3", "p4"]) (await chat.enter(name)).say("hi");
  await ann.read();
  bob.say("soon", ...Array.from({ length: 20 }, () => "more"));
  await ann.read();
  const lines = await (ann.say("/away"), ann.read());
  assertEquals(lines[0], "* You are back.");
  assertEquals(toldTo(lines), [
    "27 messages in #lobby from bob, p1, p2 and 2 others, 1 mentions you (#5).",
  ]);
  // Nothing was said since.
  ann.say("/away", "/away");
  assertEquals(toldTo(await ann.read()), []);
});

Deno.test("At most three rooms are told, those with mentions first, and no private ones", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  const eva = await chat.logIn("eva", { room: "den" });
  eva.say("/room register");
  for (const room of ["a", "b", "c", "d", "den"]) ann.say(`/join ${room}`);
  await ann.read();
  ann.say("/away");
  await ann.read();
  for (const [room, text] of [["a", "x"], ["b", "ann!"], ["c", "x"], ["d", "x"], ["den", "x"]]) {
    eva.say(`/join ${room}`, ...Array.from({ length: 25 }, () => text));
  }
  eva.say("/join den", "/room private on");
  await ann.read();
  const [told] = toldTo(await (ann.say("/away"), ann.read()));
  assertEquals(told.startsWith("25 messages in #b from eva, 25 mention you"), true, told);
  assertEquals(told.endsWith("; more in 1 other room."), true, told);
  assertEquals(told.includes("den"), false);
});
