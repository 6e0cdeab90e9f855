/** Floods as the page shows them to somebody who watches the log. */

import { assert, assertEquals } from "@std/assert";
import type { RoomEvent } from "../../../../lib/domain/room_event.ts";
import { LEVELS } from "../../../../lib/level.ts";
import { WATCHABLE } from "../../../../lib/service/chat/digest/collapser_options.ts";
import { LogCollapser } from "../../../../lib/service/chat/digest/log_collapser.ts";
import { SeededRandom } from "../../../support/random.ts";
import { eventOf } from "../../../support/room_events.ts";

let lastSeq = 0;

function line(from: string, level?: string, at = 0): RoomEvent {
  const seq = ++lastSeq;
  const fields = level === undefined ? undefined : { level };
  return eventOf(seq, { kind: "log", from, at, body: `line ${seq}`, fields });
}

function lines(count: number, from = "web1", level?: string): RoomEvent[] {
  return Array.from({ length: count }, () => line(from, level));
}

function flood(events: readonly RoomEvent[]): RoomEvent[] {
  const collapser = new LogCollapser(WATCHABLE);
  return [...collapser.push(events), ...collapser.flush()];
}

/** The folds, and the number of lines shown one by one. */
function summary(told: readonly RoomEvent[]): [folds: string[], lines: number] {
  const isFold = ({ fields }: RoomEvent) => fields?.folded !== undefined;
  return [
    told.filter(isFold).map(({ from, body }) => `${from}| ${body}`),
    told.filter((event) => !isFold(event)).length,
  ];
}

Deno.test("LogCollapser shows a watcher the latest lines of a flood, twice a second", () => {
  lastSeq = 0;
  const collapser = new LogCollapser(WATCHABLE);
  assertEquals(collapser.push(lines(400)), []);
  assertEquals(collapser.holdMs, 500);
  const told = collapser.flush();
  assertEquals(summary(told), [["web1| ... 390 lines, #1-#390"], 10]);
  assertEquals(
    told.slice(-10).map(({ seq }) => seq),
    Array.from({ length: 10 }, (_, at) => 391 + at),
  );
});

Deno.test("LogCollapser shows a watcher the latest lines of all sources, and folds each by itself", () => {
  lastSeq = 0;
  const events = Array.from({ length: 600 }, (_, at) => line(at % 3 === 0 ? "db1" : "web1"));
  const told = flood(events);
  assertEquals(summary(told), [
    ["db1| ... 197 lines, #1-#589", "web1| ... 393 lines, #2-#590"],
    10,
  ]);
  assertEquals(told.slice(-10), events.slice(-10));
});

Deno.test("LogCollapser never folds a watcher's warnings and errors, and counts the others by level", () => {
  lastSeq = 0;
  const events = [
    ...lines(30, "web1", "info"),
    line("web1", "crit"),
    ...lines(10, "web1", "debug"),
    line("web1", "warning"),
    // As a program may have posted it.
    line("web1", "ERROR"),
    ...lines(40),
    ...lines(10, "web1", "info"),
  ];
  const told = flood(events);
  assertEquals(told.slice(0, 3).map(({ fields }) => fields?.level), ["crit", "warning", "ERROR"]);
  const [fold] = told.filter(({ fields }) => fields?.folded !== undefined);
  assertEquals(fold.fields, { folded: 80, first: 1, last: 83, levels: { info: 30, debug: 10 } });
});

Deno.test("LogCollapser shows a watcher a bounded number of errors at a time, and counts the rest", () => {
  lastSeq = 0;
  const told = flood([
    ...lines(5000, "web1", "err"),
    line("web1", "crit"),
    ...lines(5000, "web1", "err"),
  ]);
  const [[fold], count] = summary(told);
  assertEquals([fold, count], ["web1| ... 9,890 lines, #101-#9991", 111]);
  assertEquals(told.filter(({ fields }) => fields?.level === "crit").length, 1);
  const folded = told.find(({ fields }) => fields?.folded !== undefined)!;
  assertEquals(folded.fields?.levels, { err: 9890 });
});

Deno.test("LogCollapser shows a watcher a bounded amount of text in errors at a time, and at least one", () => {
  lastSeq = 0;
  const long = (characters: number) => (event: RoomEvent) => ({
    ...event,
    body: "x".repeat(characters),
  });
  const [[fold], count] = summary(flood(lines(90, "web1", "err").map(long(10_000))));
  assertEquals([fold, count], ["web1| ... 74 lines, #7-#80", 16]);
  assertEquals(summary(flood(lines(1, "web1", "err").map(long(100_000)))), [[], 1]);
});

Deno.test("LogCollapser folds fifty sources by themselves that are too fast only together", () => {
  lastSeq = 0;
  const few = flood(Array.from({ length: 40 }, (_, at) => lines(10, `host${at}`)).flat());
  assertEquals(summary(few)[0].length, 39);
  assert(summary(few)[0].every((text) => text.startsWith("host")));
  const many = flood(Array.from({ length: 500 }, (_, at) => lines(3, `host${at}`)).flat());
  const [folds, count] = summary(many);
  assertEquals([folds.length, count], [51, 10]);
  const rest = many.find(({ from }) => from.endsWith(" sources"))!;
  assertEquals([rest.from, rest.fields?.sources], ["447 sources", 447]);
});

Deno.test("LogCollapser shows a watcher every event once and in order, or counts it in a fold", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = new SeededRandom(seed);
    const collapser = new LogCollapser(WATCHABLE);
    lastSeq = 0;
    const events: RoomEvent[] = [];
    const told: RoomEvent[] = [];
    for (let at = 0; events.length < 3000; at += random.int(400)) {
      const run = random.int(10) === 0 ? [eventOf(++lastSeq, { at, body: "hello" })] : Array.from(
        { length: random.int(random.pick([3, 150])) },
        () => line(random.pick(["a", "b", "c"]), random.pick([...LEVELS, undefined]), at),
      );
      events.push(...run);
      told.push(...collapser.push(run));
      if (random.int(10) === 0) told.push(...collapser.flush());
    }
    told.push(...collapser.flush());
    for (const from of ["a", "b", "c"]) {
      for (const level of LEVELS) {
        const count = (of: readonly RoomEvent[]) =>
          of.filter((event) => event.from === from).reduce((sum, { fields }) => {
            const levels = fields?.levels as Record<string, number> | undefined;
            return sum + (fields?.level === level && !fields.folded ? 1 : levels?.[level] ?? 0);
          }, 0);
        assertEquals(count(told), count(events), `seed ${seed}, ${level} of ${from}`);
      }
    }
    const total = told.reduce((sum, { fields }) => sum + Number(fields?.folded ?? 1), 0);
    assertEquals(total, events.length, `seed ${seed}`);
    const seqs = told.map(({ seq }) => seq);
    assertEquals(seqs, seqs.toSorted((a, b) => a - b), `seed ${seed}`);
    assertEquals(new Set(seqs).size, seqs.length, `seed ${seed}`);
    assertEquals(seqs.at(-1), events.at(-1)!.seq);
    assert(told.some(({ fields }) => fields?.folded), `seed ${seed}`);
  }
});
