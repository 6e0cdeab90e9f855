import { assertEquals } from "@std/assert";
import { type UnsentLine, UnsentLines } from "../../../lib/web/page/unsent.ts";
import type { EventJson } from "../../../lib/web/protocol.ts";

function heard(seq: number, body: string, from = "ann"): EventJson {
  return { id: seq, room: "lobby", seq, at: "", kind: "message", from, body };
}

/** Lines sent after event 10. */
function sent(...bodies: string[]): { lines: UnsentLines; each: UnsentLine[] } {
  const lines = new UnsentLines();
  const each = bodies.map((body) => lines.add({ room: "lobby", body, kind: "message" }));
  for (const line of each) lines.markSent(line, "ann", 10);
  return { lines, each };
}

function bodies(lines: readonly UnsentLine[]): string[] {
  return lines.map(({ body }) => body);
}

Deno.test("UnsentLines.receive() matches only the user's own messages", () => {
  const { lines } = sent("hello", "again");
  lines.receive("lobby", [heard(11, "hello", "bob"), heard(12, "other")], true);
  assertEquals(bodies(lines.all), ["hello", "again"]);
  lines.receive("lobby", [heard(13, "hello", "ANN")], true);
  assertEquals(bodies(lines.all), ["again"]);
});

Deno.test("UnsentLines.receive() matches equal lines one by one", () => {
  const { lines } = sent("ping", "ping", "ping");
  lines.receive("lobby", [heard(11, "ping"), heard(12, "ping")], true);
  assertEquals(lines.all.length, 1);
});

Deno.test("UnsentLines.receive() knows a room whose capitals have changed", () => {
  const { lines } = sent("one", "two");
  lines.receive("LOBBY", [heard(11, "one")], true);
  lines.resumed("Lobby");
  assertEquals(bodies(lines.waiting()), ["two"]);
});

Deno.test("UnsentLines.receive() compares the text as the server stores it", () => {
  const { lines } = sent("caf\u0065\u0301", "broken \ud800 text");
  lines.receive("lobby", [heard(11, "café"), heard(12, "broken \ufffd text")], true);
  assertEquals(lines.all, []);
});

Deno.test("UnsentLines.resumed() resends lines without an event", () => {
  const { lines } = sent("one", "two");
  lines.disconnected();
  lines.receive("lobby", [heard(11, "one")], true);
  lines.resumed("lobby");
  assertEquals(bodies(lines.waiting()), ["two"]);
});

Deno.test("UnsentLines with a known event number do not match another event", () => {
  const { lines, each } = sent("ping", "ping");
  lines.said(each[0].ref, 11);
  lines.disconnected();
  lines.receive("lobby", [heard(11, "ping")], true);
  lines.resumed("lobby");
  assertEquals(lines.waiting().length, 1);
});

Deno.test("UnsentLines do not match an old event with a new line of the same text", () => {
  const { lines, each } = sent("ping");
  lines.receive("lobby", [heard(11, "ping")], true);
  lines.said(each[0].ref, 11);
  const next = lines.add({ room: "lobby", body: "ping", kind: "message" });
  lines.markSent(next, "ann", 11);
  lines.receive("lobby", [heard(11, "ping")], true);
  assertEquals(lines.all.length, 1);
});

Deno.test("UnsentLines.said() and refused() correct a wrong match", () => {
  const { lines, each } = sent("ping", "ping");
  // The first line is refused after the event of the second has arrived.
  lines.receive("lobby", [heard(11, "ping")], true);
  lines.refused(each[0].ref, "The disk is full.");
  assertEquals(lines.all.map(({ state, problem }) => [state, problem]), [
    ["failed", "The disk is full."],
  ]);
  lines.said(each[1].ref, 11);
  assertEquals(lines.all.map(({ ref }) => ref), [each[0].ref]);
  lines.retry(each[0]);
  assertEquals(bodies(lines.waiting()), ["ping"]);
});

Deno.test("UnsentLines.said() for the second of two equal lines leaves the first unconfirmed", () => {
  const { lines, each } = sent("ping", "ping");
  lines.receive("lobby", [heard(11, "ping")], true);
  lines.said(each[1].ref, 11);
  assertEquals(lines.all.map(({ ref }) => ref), [each[0].ref]);
});

Deno.test("UnsentLines.records restores unconfirmed lines after a reload", () => {
  const { lines, each } = sent("heard", "told", "open");
  lines.add({ room: "lobby", body: "waiting", kind: "action" });
  lines.receive("lobby", [heard(11, "heard")], true);
  lines.said(each[1].ref, 12);
  const restored = new UnsentLines();
  for (const record of JSON.parse(JSON.stringify(lines.records))) restored.add(record);
  assertEquals(bodies(restored.all), ["open", "waiting"]);
  assertEquals(restored.firstSent("lobby")!.after, 11);
  restored.receive("lobby", [heard(12, "told")], true);
  restored.resumed("lobby");
  assertEquals(bodies(restored.waiting()), ["open", "waiting"]);
});

Deno.test("UnsentLines.uncertain() fails lines, and the user may discard them", () => {
  const { lines, each } = sent("hello");
  lines.uncertain("lobby");
  assertEquals(each[0].state, "failed");
  lines.remove(each[0]);
  assertEquals(lines.all, []);
});

Deno.test("UnsentLines.records has no line that may be a log-in", () => {
  const lines = new UnsentLines();
  lines.add({ room: "lobby", body: "hello", kind: "message" });
  const secret = lines.add({ room: "lobby", body: "login a b", kind: "message", isSecret: true });
  assertEquals(lines.records.map(({ body }) => body), ["hello"]);
  assertEquals(bodies(lines.all), ["hello", "login a b"]);
  assertEquals(lines.forget(secret.ref), true);
  assertEquals(lines.forget(secret.ref), false);
  assertEquals(bodies(lines.all), ["hello"]);
});

Deno.test("UnsentLines.moved() sends what waits to the room of the new name, and asks about the rest", () => {
  const { lines, each: [line] } = sent("sent");
  const waiting = lines.add({ room: "lobby", body: "waits", kind: "message", reply: 3 });
  lines.moved("Lobby", "hall");
  assertEquals([waiting.room, waiting.reply, waiting.state], ["hall", undefined, "waiting"]);
  assertEquals([line.room, line.problem], [
    "hall",
    "The connection was lost. This may or may not have been sent.",
  ]);
  lines.said(line.ref, 12);
  assertEquals(bodies(lines.all), ["waits"]);
});

Deno.test("UnsentLines.retry() sends a failed line once, even if it is asked twice", () => {
  const unsent = new UnsentLines();
  const line = unsent.add({ room: "@bob", body: "psst", kind: "message" });
  unsent.uncertainPrivately();
  assertEquals(line.state, "failed");
  unsent.retry(line);
  unsent.markSent(line, "ann", 0);
  unsent.retry(line);
  assertEquals(unsent.waiting(), []);
});
