/** Floods of log lines from the server's digest to the page: every line is shown or counted. */

import { assert, assertEquals } from "@std/assert";
import { toEventJson } from "../../../lib/domain/event_json.ts";
import type { RoomEvent } from "../../../lib/domain/room_event.ts";
import { LEVELS } from "../../../lib/level.ts";
import { WATCHABLE } from "../../../lib/service/chat/digest/collapser_options.ts";
import { LogCollapser } from "../../../lib/service/chat/digest/log_collapser.ts";
import { buildRows } from "../../../lib/web/page/rows.ts";
import { Timeline } from "../../../lib/web/page/timeline.ts";
import { SeededRandom } from "../../support/random.ts";
import { eventOf } from "../../support/room_events.ts";

/** Lines of a few or of many sources at a time, and now and then a message. */
function* runs(random: SeededRandom, count: number): Generator<RoomEvent[]> {
  let seq = 0;
  for (let at = 0; seq < count; at += random.int(300)) {
    const sources = random.pick([1, 3, 200]);
    const lines = random.int(8) === 0 ? 0 : random.int(random.pick([5, 120, 700]));
    const run = Array.from({ length: lines }, () => {
      const level = random.pick([...LEVELS, undefined]);
      const fields = level ? { level } : undefined;
      const from = `web${random.int(sources)}`;
      return eventOf(++seq, { kind: "log", from, at, body: `line ${seq}`, fields });
    });
    yield lines === 0 ? [eventOf(++seq, { at, body: "hello" })] : run;
  }
}

/** The page of history with all events between two numbers. */
function page(all: readonly RoomEvent[], after: number, limit: number) {
  const events = all.slice(after, after + limit).map(toEventJson);
  const before = after + events.length + 1;
  return { type: "history", room: "lobby", after, before, lastSeq: all.length, events } as const;
}

Deno.test("Timeline knows of every line of a flood, and fills every hole", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = new SeededRandom(seed);
    const collapser = new LogCollapser(WATCHABLE);
    const timeline = new Timeline(0);
    const all: RoomEvent[] = [];
    let told = 0;
    const tell = (events: readonly RoomEvent[]) => {
      if (events.length === 0) return;
      timeline.receive(events.map(toEventJson));
      told = events.at(-1)!.seq;
    };
    const known = () =>
      timeline.events.length + timeline.holes.reduce((sum, { lines }) => sum + lines, 0);
    for (const run of runs(random, 3000)) {
      all.push(...run);
      tell(collapser.push(run));
      if (random.int(3) > 0) tell(collapser.flush());
      // Somebody looks into a fold: at its start, or by a link to a line in it.
      if (timeline.holes.length > 0 && random.int(10) === 0) {
        const hole = random.pick([...timeline.holes]);
        const after = random.int(2) === 0
          ? hole.first - 1
          : hole.first + random.int(hole.last - hole.first);
        timeline.fill(page(all.slice(0, told), after, 50));
      }
      const isExact = timeline.holes.every(({ isGuess }) => !isGuess);
      if (!collapser.isHolding && isExact) assertEquals(known(), told, `seed ${seed}`);
    }
    tell(collapser.flush());
    for (const hole of timeline.holes) {
      const levels = Object.values(hole.levels).reduce((sum, count) => sum + count, 0);
      assert(levels <= hole.lines, `seed ${seed}`);
    }
    const { events, holes } = timeline;
    const rows = buildRows({
      ...{ events, holes, name: "", unfolded: new Set<number>(), isAtStart: true },
      ...{ notes: [], unsent: [] },
    });
    assertEquals(new Set(rows.map(({ key }) => key)).size, rows.length, `seed ${seed}`);
    while (timeline.holes.length > 0) timeline.fill(page(all, timeline.holes[0].first - 1, 100));
    assertEquals(timeline.events.map(({ seq }) => seq), all.map(({ seq }) => seq), `seed ${seed}`);
  }
});

Deno.test("Timeline.reset() with the latest events of a flood leaves no line out", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = new SeededRandom(seed);
    const collapser = new LogCollapser(WATCHABLE);
    const told: RoomEvent[] = [];
    for (const run of runs(random, 2000)) told.push(...collapser.push(run));
    told.push(...collapser.flush());
    const lastSeq = told.at(-1)!.seq;
    const timeline = new Timeline(0);
    timeline.reset(told.slice(-20).map(toEventJson), lastSeq);
    const missing = timeline.holes.reduce((sum, { lines }) => sum + lines, 0);
    assertEquals(timeline.events.length + missing, lastSeq - timeline.after, `seed ${seed}`);
  }
});
