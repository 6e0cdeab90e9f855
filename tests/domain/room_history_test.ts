import { assert, assertEquals } from "@std/assert";
import { countEvents } from "../../lib/domain/event_counts.ts";
import { countTalk, type HistoryPlace, readStretch } from "../../lib/domain/room_history.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { SeededRandom } from "../support/random.ts";
import { draftOf, numbersOf } from "../support/room_events.ts";
import { TrialLog } from "../support/trial_log.ts";

/** A log in which some events were swept away. */
class SweptLog extends TrialLog {
  readonly swept = new Set<number>();

  override async read(room: string, after: number, limit: number) {
    const events = await super.read(room, after, 100_000);
    return events.filter(({ seq }) => !this.swept.has(seq)).slice(0, limit);
  }
}

Deno.test("readStretch() gives all that was said in what it covers, and no more than asked (seed 3)", async () => {
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
  const lastSeq = events.length - 10; // the rest has not been told yet
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

Deno.test("readStretch() does not look through a whole room in which nobody says anything", async () => {
  const log = new TrialLog();
  await log.append(Array.from({ length: 20_000 }, () => draftOf("ops", "", { kind: "join" })));
  const back = await readStretch(log, "ops", 20_000, {}, 50);
  assertEquals([back.after, back.before, back.events], [16_000, 20_001, []]);
  const on = await readStretch(log, "ops", 20_000, { after: 10 }, 50);
  assertEquals([on.after, on.before, on.events], [10, 4011, []]);
  assert(log.reads.every(({ limit }) => limit <= 200));
});

Deno.test("countTalk() counts what was said, looking at so many events at most", async () => {
  const log = new TrialLog();
  await log.append([
    draftOf("ops", "one"),
    draftOf("ops", "", { kind: "join" }),
    draftOf("ops", "two"),
    draftOf("ops", "three"),
  ]);
  assertEquals(await countTalk(log, "ops", 4, 0, 10), 3);
  assertEquals(await countTalk(log, "ops", 4, 1, 10), 2);
  assertEquals(await countTalk(log, "ops", 4, 0, 3), 2);
  assertEquals(await countTalk(log, "ops", 4, 4, 10), 0);
});

Deno.test("countEvents() counts each event once, in its own part (seed 4)", async () => {
  const random = new SeededRandom(4);
  const clock = new FakeClock();
  const log = new TrialLog(clock);
  const start = clock.now();
  const times: number[] = [];
  for (let batch = 0; batch < 60; batch++) {
    await clock.advance(random.int(5000));
    const count = 1 + random.int(20);
    await log.append(Array.from({ length: count }, () => draftOf("ops")));
    for (let event = 0; event < count; event++) times.push(clock.now());
  }
  for (let round = 0; round < 50; round++) {
    const since = start + random.int(200_000) - 20_000;
    const until = since + 1 + random.int(200_000);
    const buckets = 1 + random.int(30);
    const counted = await countEvents(log, "ops", times.length, { since, until, buckets });
    assertEquals(counted.length, buckets);
    const width = (until - since) / buckets;
    for (const [index, { after, count }] of counted.entries()) {
      const from = since + index * width;
      const to = index === buckets - 1 ? until : since + (index + 1) * width;
      assertEquals(count, times.filter((at) => at >= from && at < to).length);
      assertEquals(after, times.filter((at) => at < from).length);
    }
  }
  assert(log.reads.every(({ limit }) => limit === 1));
});

Deno.test("countEvents() does not count what is not kept any more", async () => {
  const log = new TrialLog(new FakeClock({ now: 1000 }));
  await log.append(Array.from({ length: 100 }, () => draftOf("ops", "x")));
  await removeAllBut(log, 11);
  const parts = await countEvents(log, "ops", 100, { since: 0, until: 2000, buckets: 2 });
  assertEquals(parts.map(({ after, count }) => [after, count]), [[89, 0], [89, 11]]);
  await removeAllBut(log, 0);
  const none = await countEvents(log, "ops", 100, { since: 0, until: 2000, buckets: 2 });
  assertEquals(none.map(({ count }) => count), [0, 0]);
});

Deno.test("readStretch() does not look for what is not kept any more", async () => {
  const log = new TrialLog();
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
  assert(log.reads.length < 12, `${log.reads.length} reads`);
});

/** Has the log let go of all but the last events of its only room, which have a letter each. */
async function removeAllBut(log: TrialLog, count: number): Promise<void> {
  const goal = { now: 0, before: -Infinity, bytes: count * 65 };
  while (await log.sweep(1, goal));
  assertEquals((await log.room("ops"))!.firstSeq, (await log.room("ops"))!.lastSeq + 1 - count);
}
