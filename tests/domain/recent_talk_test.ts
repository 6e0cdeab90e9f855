import { assert, assertEquals } from "@std/assert";
import { recentTalk } from "../../lib/domain/recent_talk.ts";
import type { Draft, RoomEventKind } from "../../lib/domain/room_event.ts";
import { draftOf, numbersOf } from "../support/room_events.ts";
import { TrialLog } from "../support/trial_log.ts";

class CountingLog extends TrialLog {
  readonly limits: number[] = [];

  override read(room: string, after: number, limit: number) {
    this.limits.push(limit);
    return super.read(room, after, limit);
  }
}

async function logOf(count: number, kindOf: (seq: number) => RoomEventKind) {
  const log = new CountingLog();
  const drafts = Array.from(
    { length: count },
    (_, index): Draft => draftOf("lobby", `${index + 1}`, { kind: kindOf(index + 1) }),
  );
  await log.append(drafts);
  return log;
}

/** Removes all before number `first`. */
async function sweepTo(log: TrialLog, first: number): Promise<void> {
  const { lastSeq } = (await log.room("lobby"))!;
  const [{ id, bytes }] = await log.extents(0, 1);
  const texts = (await log.read("lobby", first - 1, lastSeq)).map(({ body }) => body.length + 64);
  const kept = texts.reduce((sum, size) => sum + size, 0);
  const goal = { now: 0, before: -Infinity, bytes: Math.min(kept, bytes) };
  while (await log.sweep(id, goal));
  assertEquals((await log.room("lobby"))!.firstSeq, first);
}

Deno.test("recentTalk() gives the last so many events, in order", async () => {
  const log = await logOf(100, () => "message");
  const events = await recentTalk(log, "lobby", { before: 101, count: 3 });
  assertEquals(numbersOf(events), [98, 99, 100]);
  assertEquals(log.limits.length, 1);
});

Deno.test("recentTalk() gives those below a number", async () => {
  const log = await logOf(100, () => "message");
  assertEquals(numbersOf(await recentTalk(log, "lobby", { before: 50, count: 2 })), [48, 49]);
  assertEquals(numbersOf(await recentTalk(log, "lobby", { before: 2, count: 20 })), [1]);
  assertEquals(await recentTalk(log, "lobby", { before: 1, count: 20 }), []);
  assertEquals(await recentTalk(log, "lobby", { before: 0, count: 20 }), []);
});

Deno.test("recentTalk() gives all there is where that is less", async () => {
  const log = await logOf(5, (seq) => seq % 2 ? "message" : "join");
  assertEquals(numbersOf(await recentTalk(log, "lobby", { before: 6, count: 20 })), [1, 3, 5]);
  assertEquals(await recentTalk(log, "nowhere", { before: 6, count: 20 }), []);
});

Deno.test("recentTalk() leaves out nothing but joins and parts", async () => {
  const kinds: RoomEventKind[] = ["message", "join", "action", "part", "log", "topic", "nick"];
  const log = await logOf(8, (seq) => kinds[seq - 1] ?? "gap");
  const events = await recentTalk(log, "lobby", { before: 9, count: 20 });
  assertEquals(numbersOf(events), [1, 3, 5, 6, 7, 8]);
});

Deno.test("recentTalk() finds talk from before thousands of arrivals, in pages that stay small", async () => {
  const log = await logOf(20_000, (seq) => seq <= 30 || seq === 10_000 ? "message" : "join");
  const events = await recentTalk(log, "lobby", { before: 20_001, count: 20 });
  assertEquals(numbersOf(events), [...Array.from({ length: 19 }, (_, i) => 12 + i), 10_000]);
  assert(Math.max(...log.limits) <= 1024, `a page of ${Math.max(...log.limits)}`);
  assert(log.limits.length < 30, `${log.limits.length} pages`);
});

Deno.test("recentTalk() ends where the beginning of the room is not kept", async () => {
  const log = await logOf(20_000, (seq) => seq % 2 ? "message" : "join");
  await sweepTo(log, 19_991);
  const all = numbersOf(await recentTalk(log, "lobby", { before: 20_001, count: 20 }));
  assertEquals(all, [19_991, 19_993, 19_995, 19_997, 19_999]);
  const earlier = numbersOf(await recentTalk(log, "lobby", { before: 19_996, count: 20 }));
  assertEquals(earlier, [19_991, 19_993, 19_995]);
  assertEquals(await recentTalk(log, "lobby", { before: 19_991, count: 20 }), []);
  assertEquals(await recentTalk(log, "lobby", { before: 100, count: 20 }), []);
  assert(log.limits.length <= 8, `${log.limits.length} pages`);
});

Deno.test("recentTalk() finds nothing where nothing is kept", async () => {
  const log = await logOf(20_000, () => "message");
  await sweepTo(log, 20_001);
  log.limits.length = 0;
  assertEquals(await recentTalk(log, "lobby", { before: 20_001, count: 20 }), []);
  assertEquals(log.limits.length, 1);
});
