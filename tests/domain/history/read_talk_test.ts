import { assert, assertEquals } from "@std/assert";
import {
  countUnread,
  findTalk,
  type HistoryPlace,
  readStretch,
  recentTalk,
  talkPages,
} from "../../../lib/domain/history/read_talk.ts";
import type { RangeEnd, SeqRange } from "../../../lib/domain/history/room_history.ts";
import type { Draft, RoomEventKind } from "../../../lib/domain/room_event.ts";
import { SeededRandom } from "../../support/random.ts";
import { draftOf, numbersOf } from "../../support/room_events.ts";
import { TrialLog } from "../../support/trial_log.ts";

class CountingLog extends TrialLog {
  /** The number of times it was asked for talk. */
  questions = 0;

  override talk(room: string, range: SeqRange, limit: number, end: RangeEnd) {
    this.questions++;
    return super.talk(room, range, limit, end);
  }

  override countTalk(room: string, range: SeqRange, limit: number, end: RangeEnd) {
    this.questions++;
    return super.countTalk(room, range, limit, end);
  }
}

/** A log from which some events were swept. */
class SweptLog extends CountingLog {
  readonly swept = new Set<number>();

  override async read(room: string, after: number, limit: number) {
    const events = await super.read(room, after, 100_000);
    return events.filter(({ seq }) => !this.swept.has(seq)).slice(0, limit);
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

/** Removes all events before number `first`. */
async function sweepTo(log: TrialLog, first: number): Promise<void> {
  const { lastSeq } = (await log.room("lobby"))!;
  const [{ id, bytes }] = await log.extents(0, 1);
  const texts = (await log.read("lobby", first - 1, lastSeq)).map(({ body }) => body.length + 64);
  const kept = texts.reduce((sum, size) => sum + size, 0);
  const goal = { now: 0, before: -Infinity, bytes: Math.min(kept, bytes) };
  while (await log.sweep(id, goal));
  assertEquals((await log.room("lobby"))!.firstSeq, first);
}

Deno.test("recentTalk() returns the last events, in order", async () => {
  const log = await logOf(100, () => "message");
  const events = await recentTalk(log, "lobby", { before: 101, count: 3 });
  assertEquals(numbersOf(events), [98, 99, 100]);
  assertEquals(log.questions, 1);
});

Deno.test("recentTalk() returns the last events before a number", async () => {
  const log = await logOf(100, () => "message");
  assertEquals(numbersOf(await recentTalk(log, "lobby", { before: 50, count: 2 })), [48, 49]);
  assertEquals(numbersOf(await recentTalk(log, "lobby", { before: 2, count: 20 })), [1]);
  assertEquals(await recentTalk(log, "lobby", { before: 1, count: 20 }), []);
  assertEquals(await recentTalk(log, "lobby", { before: 0, count: 20 }), []);
});

Deno.test("recentTalk() returns all events if there are fewer", async () => {
  const log = await logOf(5, (seq) => seq % 2 ? "message" : "join");
  assertEquals(numbersOf(await recentTalk(log, "lobby", { before: 6, count: 20 })), [1, 3, 5]);
  assertEquals(await recentTalk(log, "nowhere", { before: 6, count: 20 }), []);
});

Deno.test("recentTalk() leaves out nothing but joins and parts", async () => {
  const kinds: RoomEventKind[] = ["message", "join", "action", "part", "log", "topic", "notice"];
  const log = await logOf(8, (seq) => kinds[seq - 1] ?? "gap");
  const events = await recentTalk(log, "lobby", { before: 9, count: 20 });
  assertEquals(numbersOf(events), [1, 3, 5, 6, 7, 8]);
});

Deno.test("recentTalk() finds talk from before thousands of joins, with a few calls", async () => {
  const log = await logOf(20_000, (seq) => seq <= 30 || seq === 10_000 ? "message" : "join");
  const events = await recentTalk(log, "lobby", { before: 20_001, count: 20 });
  assertEquals(numbersOf(events), [...Array.from({ length: 19 }, (_, i) => 12 + i), 10_000]);
  assertEquals(log.questions, 5);
});

Deno.test("recentTalk() stops at the first event that is kept", async () => {
  const log = await logOf(20_000, (seq) => seq % 2 ? "message" : "join");
  await sweepTo(log, 19_991);
  const all = numbersOf(await recentTalk(log, "lobby", { before: 20_001, count: 20 }));
  assertEquals(all, [19_991, 19_993, 19_995, 19_997, 19_999]);
  const earlier = numbersOf(await recentTalk(log, "lobby", { before: 19_996, count: 20 }));
  assertEquals(earlier, [19_991, 19_993, 19_995]);
  assertEquals(await recentTalk(log, "lobby", { before: 19_991, count: 20 }), []);
  assertEquals(await recentTalk(log, "lobby", { before: 100, count: 20 }), []);
  assertEquals(log.questions, 4);
});

Deno.test("recentTalk() finds nothing if nothing is kept", async () => {
  const log = await logOf(20_000, () => "message");
  await sweepTo(log, 20_001);
  log.questions = 0;
  assertEquals(await recentTalk(log, "lobby", { before: 20_001, count: 20 }), []);
  assertEquals(log.questions, 1);
});

Deno.test("readStretch() returns everything said in the range it covers, and no more than requested (seed 3)", async () => {
  const random = new SeededRandom(3);
  const log = new SweptLog();
  const kinds = ["message", "join", "part", "log"] as const;
  const drafts = [];
  while (drafts.length < 6000) {
    const kind = random.pick(kinds);
    for (let run = random.int(300); run > 0; run--) drafts.push(draftOf("ops", "", { kind }));
  }
  const events = await log.append(drafts);
  for (let count = 0; count < 500; count++) log.swept.add(1 + random.int(events.length));
  for (let seq = 2000; seq < 2600; seq++) log.swept.add(seq);
  const lastSeq = events.length - 10; // the rest has not been published yet
  const said = events.filter(({ kind, seq }) =>
    (kind === "message" || kind === "log") && seq <= lastSeq && !log.swept.has(seq)
  );
  for (let round = 0; round < 300; round++) {
    const seq = random.int(events.length + 20);
    const limit = 1 + random.int(200);
    const place: HistoryPlace = random.pick([
      { after: seq },
      { before: seq },
      { around: seq },
      {},
    ]);
    const stretch = await readStretch(log, "ops", lastSeq, place, limit);
    const what = JSON.stringify({ place, limit });
    const { after, before } = stretch;
    const covered = said.filter(({ seq }) => seq > after && seq < before);
    assertEquals(numbersOf(stretch.events), numbersOf(covered), what);
    assert(stretch.events.length <= limit, what);
    if (place.after !== undefined) assertEquals(after, Math.min(seq, lastSeq), what);
    if (place.before !== undefined) {
      assertEquals(before, Math.max(1, Math.min(seq, lastSeq + 1)), what);
    }
    if (place.around !== undefined && seq <= lastSeq) assert(after < seq && before > seq, what);
    const isAll = after === 0 && before === lastSeq + 1;
    assert(
      stretch.events.length > 0 || isAll || before - after > 1000 || seq >= lastSeq || seq <= 1,
      what,
    );
  }
});

Deno.test("readStretch() does not read a whole room in which nobody says anything", async () => {
  const log = new CountingLog();
  await log.append(Array.from({ length: 20_000 }, () => draftOf("ops", "", { kind: "join" })));
  const back = await readStretch(log, "ops", 20_000, {}, 50);
  assertEquals([back.after, back.before, back.events], [16_000, 20_001, []]);
  const on = await readStretch(log, "ops", 20_000, { after: 10 }, 50);
  assertEquals([on.after, on.before, on.events], [10, 4011, []]);
  assertEquals(log.questions, 2);
});

Deno.test("readStretch() does not look for events that are no longer kept", async () => {
  const log = new CountingLog();
  await log.append(Array.from({ length: 20_000 }, () => draftOf("ops", "x")));
  await removeAllBut(log, 30);
  const last = await readStretch(log, "ops", 20_000, {}, 50);
  assertEquals([last.after, last.before, last.events.length], [0, 20_001, 30]);
  const before = await readStretch(log, "ops", 20_000, { before: 19_981 }, 50);
  assertEquals([before.after, before.before, before.events.length], [0, 19_981, 10]);
  const gone = await readStretch(log, "ops", 20_000, { before: 5000 }, 50);
  assertEquals([gone.after, gone.before, gone.events], [0, 5000, []]);
  const around = await readStretch(log, "ops", 20_000, { around: 5000 }, 10);
  assertEquals([around.after, numbersOf(around.events)], [0, [
    19_971,
    19_972,
    19_973,
    19_974,
    19_975,
  ]]);
  assertEquals(log.questions, 5);
});

Deno.test("countUnread() counts messages, and reads a limited number of events", async () => {
  const log = new TrialLog();
  await log.append([
    draftOf("ops", "one"),
    draftOf("ops", "", { kind: "join" }),
    draftOf("ops", "two"),
    draftOf("ops", "three"),
  ]);
  assertEquals(await countUnread(log, "ops", 4, { after: 0, most: 10 }), 3);
  assertEquals(await countUnread(log, "ops", 4, { after: 1, most: 10 }), 2);
  assertEquals(await countUnread(log, "ops", 4, { after: 0, most: 3 }), 2);
  assertEquals(await countUnread(log, "ops", 4, { after: 4, most: 10 }), 0);
});

Deno.test("findTalk() finds where the last messages begin, among thousands of joins", async () => {
  const log = await logOf(20_000, (seq) => seq <= 30 || seq === 10_000 ? "message" : "join");
  const found = await findTalk(log, "lobby", { before: 20_001, count: 20 });
  assertEquals(found, { after: 11, before: 20_001, count: 20 });
  assertEquals(await findTalk(log, "lobby", { before: 25, count: 500 }), {
    after: 0,
    before: 25,
    count: 24,
  });
  assertEquals((await findTalk(log, "nowhere", { before: 9, count: 5 })).count, 0);
  assertEquals((await findTalk(log, "lobby", { before: 0, count: 5 })).count, 0);
});

Deno.test("talkPages() returns a whole range, some events at a time", async () => {
  const log = await logOf(20_000, (seq) => seq <= 30 || seq === 10_000 ? "message" : "join");
  const pages = await Array.fromAsync(
    talkPages(log, "lobby", { after: 11, before: 20_001 }, 8),
    (page) => numbersOf(page),
  );
  const numbers = Array.from({ length: 19 }, (_, index) => 12 + index);
  assertEquals(pages, [numbers.slice(0, 8), numbers.slice(8, 16), numbers.slice(16), [10_000]]);
});

/** Removes all but the last events of the log's only room, which have one letter each. */
async function removeAllBut(log: TrialLog, count: number): Promise<void> {
  const goal = { now: 0, before: -Infinity, bytes: count * 65 };
  while (await log.sweep(1, goal));
  assertEquals((await log.room("ops"))!.firstSeq, (await log.room("ops"))!.lastSeq + 1 - count);
}
