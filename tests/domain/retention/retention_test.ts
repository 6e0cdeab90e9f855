import { assertEquals } from "@std/assert";
import {
  countDue,
  RetentionRules,
  type RoomExtent,
  type RunExtent,
  sweepGoal,
} from "../../../lib/domain/retention/retention.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 21);

function extentOf(rest: Partial<RoomExtent>): RoomExtent {
  return { id: 1, room: "log", firstAt: undefined, bytes: 0, untold: undefined, ...rest };
}

function runOf(rest: Partial<RunExtent> = {}): RunExtent {
  return { at: NOW, bytes: 100, isRetentionGap: false, ...rest };
}

/** The expired ones of runs of 100 bytes each. */
function due(runs: readonly RunExtent[], { before = -Infinity, bytes = Infinity }) {
  const { count, reasons } = countDue(runs, runs.length * 100, { now: NOW, before, bytes });
  return [count, ...reasons];
}

Deno.test("RetentionRules.of() compares names without case and has limits for other rooms", () => {
  const log = { maxBytes: 1 };
  const others = { maxAgeMs: 2 };
  const rules = new RetentionRules(new Map([["Straße", log]]), others);
  assertEquals(rules.of("STRASSE"), log);
  assertEquals(rules.of("lobby"), others);
  assertEquals(new RetentionRules(new Map()).of("lobby"), {});
});

Deno.test("RetentionRules.areAny is true if there is any limit", () => {
  const forever = { maxAgeMs: undefined };
  assertEquals(new RetentionRules(new Map()).areAny, false);
  assertEquals(new RetentionRules(new Map([["log", forever]]), forever).areAny, false);
  assertEquals(new RetentionRules(new Map([["log", { maxBytes: 1 }]])).areAny, true);
  assertEquals(new RetentionRules(new Map(), { maxAgeMs: 1 }).areAny, true);
});

Deno.test("sweepGoal() is undefined for a room within its limits", () => {
  const extent = extentOf({ firstAt: NOW - 30 * DAY, bytes: 1000 });
  assertEquals(sweepGoal(extent, {}, NOW), undefined);
  assertEquals(sweepGoal(extent, { maxAgeMs: 30 * DAY, maxBytes: 1000 }, NOW), undefined);
  assertEquals(sweepGoal(extentOf({}), { maxAgeMs: MINUTE, maxBytes: 64_000 }, NOW), undefined);
});

Deno.test("sweepGoal() waits for 1/24 of the age, a day at most", () => {
  const isDue = (maxAgeMs: number, age: number) =>
    sweepGoal(extentOf({ firstAt: NOW - age }), { maxAgeMs }, NOW) !== undefined;
  assertEquals([isDue(DAY, DAY + HOUR), isDue(DAY, DAY + HOUR + 1)], [false, true]);
  assertEquals([isDue(90 * DAY, 91 * DAY), isDue(90 * DAY, 91 * DAY + 1)], [false, true]);
});

Deno.test("sweepGoal() removes all events that are too old", () => {
  assertEquals(sweepGoal(extentOf({ firstAt: 0, bytes: 10 }), { maxAgeMs: DAY }, NOW), {
    now: NOW,
    before: NOW - DAY,
    bytes: Infinity,
  });
});

Deno.test("sweepGoal() frees 1/8 of the size", () => {
  assertEquals(sweepGoal(extentOf({ firstAt: NOW, bytes: 801 }), { maxBytes: 800 }, NOW), {
    now: NOW,
    before: -Infinity,
    bytes: 700,
  });
});

Deno.test("countDue() stops at the first run that is young enough", () => {
  const runs = [NOW - 4, NOW - 3, NOW - 2, NOW - 1].map((at) => runOf({ at }));
  assertEquals(due(runs, { before: NOW - 2 }), [2, "age"]);
  assertEquals(due(runs, { before: NOW + 1 }), [4, "age"]);
  assertEquals(due(runs, { before: NOW - 4 }), [0]);
  assertEquals(due([], { before: NOW }), [0]);
});

Deno.test("countDue() stops at the first run that fits", () => {
  const runs = [runOf(), runOf(), runOf(), runOf()];
  assertEquals(due(runs, { bytes: 400 }), [0]);
  assertEquals(due(runs, { bytes: 399 }), [1, "size"]);
  assertEquals(due(runs, { bytes: 200 }), [2, "size"]);
  assertEquals(due(runs, { bytes: 99 }), [4, "size"]);
});

Deno.test("countDue() returns both reasons if there are two", () => {
  const runs = [runOf({ at: 0 }), runOf(), runOf()];
  assertEquals(due(runs, { before: 1, bytes: 100 }), [2, "age", "size"]);
  assertEquals(due(runs, { before: 1, bytes: 200 }), [1, "age", "size"]);
});

Deno.test("countDue() passes runs that a wrong clock dated into the future", () => {
  const future = runOf({ at: NOW + DAY });
  const old = runOf({ at: NOW - DAY });
  assertEquals(due([old, future, old, runOf()], { before: NOW - HOUR }), [3, "age"]);
  assertEquals(due([future, future, runOf(), old], { before: NOW - HOUR }), [0]);
  assertEquals(due([old, future], { before: NOW - HOUR }), [1, "age"]);
});

Deno.test("countDue() does not count gaps alone, which would never end", () => {
  const gap = runOf({ at: NOW - DAY, isRetentionGap: true });
  const old = runOf({ at: NOW - DAY });
  assertEquals(due([gap, gap], { before: NOW - HOUR }), [0]);
  assertEquals(due([gap, gap], { bytes: 0 }), [0]);
  assertEquals(due([gap, gap, runOf()], { before: NOW - HOUR }), [0]);
  assertEquals(due([gap, old, gap, runOf()], { before: NOW - HOUR }), [2, "age"]);
});
