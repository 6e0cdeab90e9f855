/**
 * The contract test of logs that can be swept.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Clock } from "../../lib/clock.ts";
import type { RoomExtent, SweepableLog, SweepGoal } from "../../lib/domain/retention/retention.ts";
import { removedThrough, retentionGap } from "../../lib/domain/retention/retention_gap.ts";
import type { RoomEvent } from "../../lib/domain/room_event.ts";
import { SeededRandom } from "../support/random.ts";
import { draftOf, numbersOf } from "../support/room_events.ts";
import type { AppendableLog } from "../support/trial_log.ts";

/** A log to test. */
export interface TrialSweepable extends AsyncDisposable {
  readonly log: AppendableLog;
  readonly sweep: SweepableLog;
}

/** A clock that only stamps events. */
class Stamps {
  time = Date.UTC(2026, 10, 21, 6, 30);

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  after(): never {
    throw new Error("A log sets no timers");
  }
}

type Trial = Pick<TrialSweepable, "log" | "sweep"> & { readonly clock: Stamps };

/** Removes everything expired, step by step; returns the number of steps. */
export async function sweepAll(
  sweep: SweepableLog,
  room: string,
  goal: Partial<SweepGoal>,
): Promise<number> {
  const { id } = await extentOf(sweep, room);
  const whole = { now: Number.MAX_SAFE_INTEGER, before: -Infinity, bytes: Infinity, ...goal };
  let steps = 1;
  while (await sweep.sweep(id, whole)) steps++;
  return steps;
}

export async function extentOf(sweep: SweepableLog, room: string): Promise<RoomExtent> {
  return (await sweep.extents(0, 1000)).find((extent) => extent.room === room)!;
}

/** Registers the contract tests for a log. */
export function testSweepableLog(name: string, open: (clock: Clock) => TrialSweepable): void {
  function test(sentence: string, body: (trial: Trial) => Promise<void>) {
    Deno.test(`${name}${sentence}`, async () => {
      const clock = new Stamps();
      await using store = open(clock);
      await body({ log: store.log, sweep: store.sweep, clock });
    });
  }

  /** Adds `count` events a second apart; returns a function from number to time. */
  async function fill({ log, clock }: Trial, count: number, room = "tea") {
    const start = clock.now();
    for (let number = 1; number <= count; number++) {
      const body = `number ${String(number).padStart(9)}`;
      await log.append([draftOf(room, body, { from: number % 2 ? "ann" : "bob" })]);
      clock.time += 1000;
    }
    return (seq: number) => start + (seq - 1) * 1000;
  }

  test(".sweep() removes old events after ones from the future", async (trial) => {
    const { log, sweep, clock } = trial;
    const now = clock.now();
    clock.time = now + 365 * 86_400_000; // the clock was a year ahead, and was put right
    await fill(trial, 100);
    clock.time = now;
    const at = await fill(trial, 5);
    const later = at(6);
    assertEquals((await extentOf(sweep, "tea")).firstAt, now);
    await sweepAll(sweep, "tea", { now: later, before: at(4) });
    assertEquals(numbersOf(await log.read("tea", 0, 10)), [104, 105]);
  });

  test(".extents() returns the size and start of each room", async (trial) => {
    const { log, sweep, clock } = trial;
    assertEquals(await sweep.extents(0, 10), []);
    const start = clock.now();
    await fill(trial, 3, "Tea");
    await fill(trial, 1, "milk");
    await log.append([draftOf("TEA", "x".repeat(1000))]);
    const extents = await sweep.extents(0, 10);
    assertEquals(extents.map(({ room, firstAt }) => [room, firstAt]), [
      ["Tea", start],
      ["milk", start + 3000],
    ]);
    const [tea, milk] = extents;
    assert(milk.bytes > 1 && milk.bytes < 200, `${milk.bytes} bytes`);
    const least = 3 * milk.bytes + 1000;
    assert(tea.bytes >= least && tea.bytes < least + 200, `${tea.bytes} bytes`);
    assertEquals([tea.untold, milk.untold], [undefined, undefined]);
    assertEquals((await sweep.extents(tea.id, 10)).map(({ room }) => room), ["milk"]);
    assertEquals((await sweep.extents(0, 1)).map(({ room }) => room), ["Tea"]);
    assertEquals(await sweep.extents(milk.id, 10), []);
  });

  test(".sweep() removes events older than a moment", async (trial) => {
    const { log, sweep } = trial;
    const at = await fill(trial, 10);
    await sweepAll(sweep, "tea", { before: at(4) });
    assertEquals(numbersOf(await log.read("tea", 0, 100)), [4, 5, 6, 7, 8, 9, 10]);
    const { firstAt, untold } = await extentOf(sweep, "tea");
    assertEquals(firstAt, at(4));
    assertEquals(untold, { first: 1, last: 3, reasons: ["age"] });
  });

  test(".sweep() removes the earliest events until the rest is small enough", async (trial) => {
    const { log, sweep } = trial;
    await fill(trial, 10);
    const { bytes } = await extentOf(sweep, "tea");
    await sweepAll(sweep, "tea", { bytes: bytes / 2 });
    const left = await extentOf(sweep, "tea");
    assert(left.bytes <= bytes / 2 && left.bytes > bytes / 3, `${left.bytes} of ${bytes} bytes`);
    assertEquals(numbersOf(await log.read("tea", 0, 100)), [6, 7, 8, 9, 10]);
    assertEquals(left.untold, { first: 1, last: 5, reasons: ["size"] });
  });

  test(".sweep() leaves other rooms alone", async (trial) => {
    const { log, sweep } = trial;
    await fill(trial, 5);
    await fill(trial, 5, "milk");
    await sweepAll(sweep, "tea", { bytes: 0 });
    assertEquals(numbersOf(await log.read("milk", 0, 100)), [1, 2, 3, 4, 5]);
    assertEquals((await extentOf(sweep, "milk")).untold, undefined);
  });

  test(".sweep() changes nothing if nothing has expired", async (trial) => {
    const { log, sweep } = trial;
    const at = await fill(trial, 3);
    const before = await extentOf(sweep, "tea");
    assertEquals(await sweepAll(sweep, "tea", { before: at(1), bytes: before.bytes }), 1);
    assertEquals(await extentOf(sweep, "tea"), before);
    assertEquals((await log.room("tea"))!.firstSeq, 1);
  });

  test(".sweep() works in small steps", async (trial) => {
    const { log, sweep } = trial;
    await fill(trial, 200);
    assert(await sweepAll(sweep, "tea", { bytes: 0 }) > 2);
    assertEquals(await log.read("tea", 0, 100), []);
    assertEquals((await extentOf(sweep, "tea")).untold, {
      first: 1,
      last: 200,
      reasons: ["size"],
    });
  });

  test(" never reuses a number, even in an empty room", async (trial) => {
    const { log, sweep } = trial;
    await fill(trial, 5);
    await sweepAll(sweep, "tea", { bytes: 0 });
    const { firstSeq, lastSeq } = (await log.room("tea"))!;
    assertEquals([firstSeq, lastSeq], [6, 5]);
    assertEquals((await extentOf(sweep, "tea")).firstAt, undefined);
    assertEquals((await extentOf(sweep, "tea")).bytes, 0);
    const [event] = await log.append([draftOf("tea", "six")]);
    assertEquals([event.seq, event.id], [6, 6]);
    assertEquals(numbersOf(await log.read("tea", 0, 10)), [6]);
  });

  test(".read() continues with the first events that are left", async (trial) => {
    const { log, sweep } = trial;
    const at = await fill(trial, 10);
    await sweepAll(sweep, "tea", { before: at(6) });
    const read = async (after: number, limit: number) =>
      numbersOf(await log.read("tea", after, limit));
    assertEquals(await read(0, 2), [6, 7]);
    assertEquals(await read(3, 3), [6, 7, 8]);
    assertEquals(await read(5, 1), [6]);
    assertEquals(await read(8, 5), [9, 10]);
    assertEquals(await read(10, 5), []);
    assertEquals(await read(0, 0), []);
  });

  test(".room() returns the first number that is left, and keeps the topic", async (trial) => {
    const { log, sweep } = trial;
    await log.append([draftOf("tea", "green", { kind: "topic" })]);
    await fill(trial, 3);
    const record = async () => {
      const { firstSeq, lastSeq, topic } = (await log.room("tea"))!;
      return [firstSeq, lastSeq, topic];
    };
    assertEquals(await record(), [1, 4, "green"]);
    await sweepAll(sweep, "tea", { bytes: 0 });
    assertEquals(await record(), [5, 4, "green"]);
    assertEquals((await log.rooms(1))[0].firstSeq, 5);
  });

  test(" knows from gaps which removals are recorded", async (trial) => {
    const { log, sweep } = trial;
    const at = await fill(trial, 10);
    await sweepAll(sweep, "tea", { before: at(4) });
    await sweepAll(sweep, "tea", { bytes: (await extentOf(sweep, "tea")).bytes - 1 });
    const { untold } = await extentOf(sweep, "tea");
    assertEquals(untold, { first: 1, last: 4, reasons: ["age", "size"] });
    const gap = retentionGap("tea", untold!, {});
    const [event] = await log.append([gap]);
    assertEquals([event.seq, removedThrough(event)], [11, 4]);
    assertEquals((await extentOf(sweep, "tea")).untold, undefined);

    await sweepAll(sweep, "tea", { before: at(6) });
    assertEquals((await extentOf(sweep, "tea")).untold, { first: 5, last: 5, reasons: ["age"] });
    // The same gap again, as after a crash, records nothing new.
    await log.append([gap]);
    assertEquals((await extentOf(sweep, "tea")).untold, { first: 5, last: 5, reasons: ["age"] });
  });

  test(" keeps all reasons until the gap is stored", async (trial) => {
    const { log, sweep } = trial;
    const at = await fill(trial, 10);
    await sweepAll(sweep, "tea", { before: at(4) });
    const { untold } = await extentOf(sweep, "tea");
    await sweepAll(sweep, "tea", { before: at(6) });
    await log.append([retentionGap("tea", untold!, {})]);
    assertEquals((await extentOf(sweep, "tea")).untold, { first: 4, last: 5, reasons: ["age"] });
  });

  test(".sweep() removes old gaps with other events, but not alone", async (trial) => {
    const { log, sweep, clock } = trial;
    const gap = (last: number) => retentionGap("tea", { first: 1, last, reasons: ["age"] }, {});
    await fill(trial, 2);
    await sweepAll(sweep, "tea", { bytes: 0 });
    await log.append([gap(2)]);
    clock.time += 1000;
    await sweepAll(sweep, "tea", { before: clock.now(), bytes: 0 });
    assertEquals(numbersOf(await log.read("tea", 0, 10)), [3]);
    await log.append([draftOf("tea", "four")]);
    clock.time += 1000;
    await sweepAll(sweep, "tea", { before: clock.now() });
    await log.append([gap(4)]);
    assertEquals(numbersOf(await log.read("tea", 0, 10)), [5]);
  });

  test(" keeps the end of each room unchanged", async (trial) => {
    const { log, sweep, clock } = trial;
    const random = new SeededRandom(5);
    const rooms = ["red", "green", "blue"];
    const all = new Map<string, RoomEvent[]>(rooms.map((room) => [room, []]));
    let lastId = 0;
    for (let round = 0; round < 80; round++) {
      const room = random.pick(rooms);
      if (random.int(3) > 0 || !(await extentOf(sweep, room))) {
        const drafts = Array.from({ length: 1 + random.int(150) }, (_, index) => {
          const from = random.int(10) === 0 ? "bob" : "ann";
          return draftOf(room, `${round} ${index} ${"é".repeat(random.int(80))}`, { from });
        });
        const events = await log.append(drafts);
        assertEquals(events[0].id, lastId + 1);
        lastId += events.length;
        all.get(room)!.push(...events);
        clock.time += 1000;
      } else if (random.int(2) === 0) {
        await sweepAll(sweep, room, { before: clock.now() - random.int(60_000) });
      } else {
        const { bytes } = await extentOf(sweep, room);
        await sweepAll(sweep, room, { bytes: random.int(bytes) });
      }
      for (const room of rooms) {
        const record = await log.room(room);
        if (!record) continue;
        const said = all.get(room)!;
        assertEquals(record.lastSeq, said.length, `round ${round}, room ${room}`);
        const kept = said.slice(record.firstSeq - 1);
        const read = await log.read(room, random.int(record.firstSeq), said.length);
        assertEquals(
          read.map(({ id, body }) => [id, body]),
          kept.map(({ id, body }) => [id, body]),
        );
        const { firstAt, untold, bytes } = await extentOf(sweep, room);
        assertEquals(firstAt, kept[0]?.at);
        assertEquals(untold?.last ?? 0, record.firstSeq - 1);
        const text = kept.reduce((sum, { body }) => sum + body.length, 0);
        assert(bytes >= text, `${bytes} bytes for ${text} characters`);
      }
    }
  });
}
