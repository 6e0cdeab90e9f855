import { assertEquals } from "@std/assert";
import { countEvents, timesOf } from "../../../lib/domain/history/event_counts.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { SeededRandom } from "../../support/random.ts";
import { draftOf } from "../../support/room_events.ts";
import { TrialLog } from "../../support/trial_log.ts";

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
});

Deno.test("countEvents() does not count events that are no longer kept", async () => {
  const log = new TrialLog(new FakeClock({ now: 1000 }));
  await log.append(Array.from({ length: 100 }, () => draftOf("ops", "x")));
  await removeAllBut(log, 11);
  const parts = await countEvents(log, "ops", 100, { since: 0, until: 2000, buckets: 2 });
  assertEquals(parts.map(({ after, count }) => [after, count]), [[89, 0], [89, 11]]);
  await removeAllBut(log, 0);
  const none = await countEvents(log, "ops", 100, { since: 0, until: 2000, buckets: 2 });
  assertEquals(none.map(({ count }) => count), [0, 0]);
});

Deno.test("countEvents() counts every event, even if the clock was set back", async () => {
  let now = 10_000;
  const clock = new class extends FakeClock {
    override now(): number {
      return now;
    }
  }();
  const log = new TrialLog(clock);
  const say = async (at: number, count: number) => {
    now = at;
    await log.append(Array.from({ length: count }, () => draftOf("ops")));
  };
  await say(10_000, 3);
  await say(11_000, 4);
  await say(7000, 5);
  await say(8000, 6);
  assertEquals(await timesOf(log, "ops", 18), { earliest: 7000, latest: 11_000 });
  const parts = await countEvents(log, "ops", 18, { since: 7000, until: 12_000, buckets: 5 });
  assertEquals(parts.map(({ count }) => count), [5, 6, 0, 3, 4]);
  // The highest number before the beginning of each part.
  assertEquals(parts.map(({ after }) => after), [0, 12, 18, 18, 18]);
  const some = await countEvents(log, "ops", 12, { since: 7500, until: 10_500, buckets: 1 });
  assertEquals(some, [{ at: 7500, after: 12, count: 3 }]);
  assertEquals(await timesOf(log, "ops", 0), undefined);
});

/** Removes all but the last events of the log's only room, which have one letter each. */
async function removeAllBut(log: TrialLog, count: number): Promise<void> {
  const goal = { now: 0, before: -Infinity, bytes: count * 65 };
  while (await log.sweep(1, goal));
  assertEquals((await log.room("ops"))!.firstSeq, (await log.room("ops"))!.lastSeq + 1 - count);
}
