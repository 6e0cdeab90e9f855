import { assertEquals, assertMatch } from "@std/assert";
import { LocalSequencer } from "../../../lib/backplane/local.ts";
import { type RetentionLimits, RetentionRules } from "../../../lib/domain/retention/retention.ts";
import { retentionGap } from "../../../lib/domain/retention/retention_gap.ts";
import type { Draft } from "../../../lib/domain/room_event.ts";
import { Sweeper } from "../../../lib/domain/retention/sweeper.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { draftOf, numbersOf } from "../../support/room_events.ts";
import { TrialLog } from "../../support/trial_log.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A log in memory that counts its sweeps. */
class SweptLog extends TrialLog {
  steps = 0;
  shrinks = 0;
  failure: string | undefined;

  override sweep(...args: Parameters<TrialLog["sweep"]>): Promise<boolean> {
    this.steps++;
    return this.failure ? Promise.reject(new Error(this.failure)) : super.sweep(...args);
  }

  override shrink(): Promise<boolean> {
    return Promise.resolve(this.shrinks++ % 3 < 2);
  }
}

function setUp(
  rules: Record<string, RetentionLimits>,
  { clock = new FakeClock(), log = new SweptLog(clock) } = {},
) {
  const sequencer = new LocalSequencer(log, clock);
  sequencer.listen({ committed() {}, refused() {} });
  const { "*": others, ...rooms } = rules;
  const start = () =>
    new Sweeper({
      log,
      sequencer,
      clock,
      rules: new RetentionRules(new Map(Object.entries(rooms)), others),
    });
  const read = (room: string) => log.read(room, 0, 10_000);
  const say = async (drafts: readonly Draft[]) => {
    for (const draft of drafts) sequencer.submit(draft);
    await sequencer.settled();
  };
  return { clock, log, start, read, say };
}

function drafts(count: number, room = "tea", body = "x") {
  return Array.from({ length: count }, () => draftOf(room, body));
}

Deno.test("Sweeper removes events that are too old and records all steps as one gap", async () => {
  const { clock, log, start, read } = setUp({ "*": { maxAgeMs: DAY } });
  await log.append(drafts(100));
  await clock.advance(DAY + 60 * MINUTE);
  await using _sweeper = start();
  await clock.advance(0);
  assertEquals((await read("tea")).length, 100);
  await log.append(drafts(2));
  await clock.advance(20_000);
  assertEquals(log.steps > 5, true);
  const events = await read("tea");
  assertEquals(numbersOf(events), [101, 102, 103]);
  assertEquals([events[2].kind, events[2].from, events[2].body], [
    "gap",
    "server",
    "100 events, #1 to #100, are no longer kept: older than 1 day",
  ]);
});

Deno.test("Sweeper removes more than the excess, so that the next sweep is not due soon", async () => {
  const { clock, log, start, read } = setUp({ tea: { maxBytes: 80_000 } });
  await using _sweeper = start();
  await log.append(drafts(99, "tea", "x".repeat(936)));
  await log.append(drafts(99, "milk", "x".repeat(936)));
  await clock.advance(MINUTE);
  // Each event has 1000 bytes, and 70,000 may stay.
  assertEquals((await log.room("tea"))!.firstSeq, 30);
  assertEquals(
    (await read("tea")).at(-1)!.body,
    "29 events, #1 to #29, are no longer kept: " +
      "the room had more than 80 kB",
  );
  assertEquals((await log.room("milk"))!.firstSeq, 1);
});

Deno.test("Sweeper does not sweep its own gap in a quiet room", async () => {
  const { clock, log, start, read } = setUp({ "*": { maxAgeMs: MINUTE } });
  await log.append(drafts(5));
  await using _sweeper = start();
  await clock.advance(5 * MINUTE);
  const events = await read("tea");
  assertEquals(events.map(({ kind, seq }) => [kind, seq]), [["gap", 6]]);
});

Deno.test("Sweeper leaves few gaps in a busy room", async () => {
  const { clock, start, read, say } = setUp({ "*": { maxAgeMs: 4 * MINUTE } });
  await using _sweeper = start();
  for (let turn = 0; turn < 60; turn++) {
    await say(drafts(1));
    await clock.advance(10_000);
  }
  const events = await read("tea");
  const gaps = events.filter(({ kind }) => kind === "gap");
  // One per 1/24 of the age.
  assertEquals(gaps.length > 12 && gaps.length <= 25, true, `${gaps.length} gaps`);
  assertEquals(events.length - gaps.length >= 24, true);
  const told = gaps.map(({ fields }) => [fields!.first as number, fields!.last as number]);
  told.forEach(([first], index) => {
    if (index > 0) assertEquals(first, told[index - 1][1] + 1);
  });
});

Deno.test("Sweeper records removals of a run that crashed, even if the limits have been removed", async () => {
  const { clock, log, start, read } = setUp({});
  await log.append(drafts(5));
  await log.sweep(1, { now: clock.now(), before: clock.now() + 1, bytes: Infinity });
  await using _sweeper = start();
  await clock.advance(MINUTE);
  const [gap] = await read("tea");
  assertEquals([gap.seq, gap.body], [6, "5 events, #1 to #5, are no longer kept: too old"]);
  assertEquals((await read("tea")).length, 1);
});

Deno.test("Sweeper records removals later if the log is full", async () => {
  using recorded = new RecordedLog("warning");
  const { lines } = recorded;
  const { clock, log, start, read } = setUp({ "*": { maxAgeMs: MINUTE } });
  await log.append(drafts(5));
  await clock.advance(2 * MINUTE);
  log.isFull = true;
  await using _sweeper = start();
  await clock.advance(MINUTE);
  assertEquals(await read("tea"), []);
  log.isFull = false;
  await clock.advance(MINUTE);
  assertEquals((await read("tea")).map(({ seq, fields }) => [seq, fields?.last]), [[6, 5]]);
  assertEquals(lines.filter((line) => line.includes("retention")).length, 1, lines.join("\n"));
});

Deno.test("Sweeper logs a failure once and tries again", async () => {
  using recorded = new RecordedLog("warning");
  const { lines } = recorded;
  const { clock, log, start, read } = setUp({ "*": { maxAgeMs: MINUTE } });
  await log.append(drafts(5));
  await clock.advance(2 * MINUTE);
  log.failure = "database is locked";
  await using _sweeper = start();
  await clock.advance(MINUTE);
  assertEquals((await read("tea")).length, 5);
  assertEquals(lines.length, 1);
  assertMatch(
    lines[0],
    /warning retention: Cannot remove expired events, will try again: database is locked/,
  );
  assertEquals(log.shrinks > 3, true);
  log.failure = undefined;
  await clock.advance(MINUTE);
  assertEquals((await read("tea")).map(({ kind }) => kind), ["gap"]);
});

Deno.test("Sweeper stops between two steps, and the next one continues", async () => {
  const clock = new FakeClock();
  const log = new SweptLog(clock);
  const { start, read } = setUp({ "*": { maxAgeMs: MINUTE } }, { clock, log });
  await log.append(drafts(100));
  await clock.advance(2 * MINUTE);
  {
    await using _sweeper = start();
    await clock.advance(0);
    assertEquals(log.steps, 1);
  }
  assertEquals(log.steps, 1);
  assertEquals((await read("tea")).length, 84);
  await using _sweeper = start();
  await clock.advance(MINUTE);
  const [gap] = await read("tea");
  assertEquals([gap.seq, gap.fields?.first, gap.fields?.last], [101, 1, 100]);
});

Deno.test("Sweeper sweeps hundreds of rooms", async () => {
  const { clock, log, start } = setUp({ "*": { maxAgeMs: MINUTE }, r7: {} });
  await log.append(Array.from({ length: 350 }, (_, index) => draftOf(`r${index}`, "x")));
  await clock.advance(2 * MINUTE);
  await using _sweeper = start();
  const whole = async () => (await log.rooms(1000)).filter(({ firstSeq }) => firstSeq === 1);
  for (let turn = 0; (await whole()).length > 1; turn++) {
    assertEquals(turn < 1000, true);
    await clock.advance(1);
  }
  assertEquals((await whole()).map(({ name }) => name), ["r7"]);
});

Deno.test("Sweeper shrinks the log until nothing is left to return", async () => {
  const { clock, log, start } = setUp({});
  await using _sweeper = start();
  await clock.advance(MINUTE);
  assertEquals(log.shrinks, 3);
});

Deno.test("Sweeper does not record a removal twice", async () => {
  const { clock, log, start, read } = setUp({ "*": { maxAgeMs: MINUTE } });
  await log.append(drafts(3));
  await log.sweep(1, { now: clock.now(), before: clock.now() + 1, bytes: Infinity });
  await log.append([retentionGap("tea", { first: 1, last: 3, reasons: ["age"] }, {})]);
  await using _sweeper = start();
  await clock.advance(5 * MINUTE);
  assertEquals((await read("tea")).map(({ kind }) => kind), ["gap"]);
});
