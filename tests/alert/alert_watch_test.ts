import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { AlertDesk } from "../../lib/alert/alert_desk.ts";
import {
  type AlertPlace,
  AlertWatch,
  forgetAlerts,
  parsePlace,
  placeText,
} from "../../lib/alert/alert_watch.ts";
import type { LogWatch, QueryMatches } from "../../lib/domain/search/log_watch.ts";
import { redactionDraft } from "../../lib/domain/redaction.ts";
import type { Draft } from "../../lib/domain/room_event.ts";
import { TrialStateStore } from "../service/trial_state_store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RecordedLog } from "../support/recorded_log.ts";
import { eventOf } from "../support/room_events.ts";

/** A log of `last` events, of which those in `wanted` match. It looks at ten at a time. */
class TrialWatch implements LogWatch {
  last = 0;
  readonly wanted = new Set<number>();
  /** Redactions, by id. */
  readonly redactions = new Map<number, number>();
  readonly looks: number[] = [];
  failure: string | undefined;

  end(): Promise<number> {
    return this.#answer(this.last);
  }

  look(after: number): Promise<QueryMatches> {
    this.looks.push(after);
    const through = Math.min(after + 10, this.last);
    const found = [...this.wanted].filter((id) => id > after && id <= through);
    return this.#answer({
      through: Math.max(after, through),
      isAll: through === this.last,
      found: found.length === 0
        ? []
        : [{ query: 0, count: found.length, event: eventOf(found.at(-1)!) }],
      redactions: [...this.redactions].filter(([id]) => id > after && id <= through)
        .map(([id, of]) =>
          eventOf(id, redactionDraft({ room: "lobby", from: "mia", of, why: "" }))
        ),
    });
  }

  #answer<Result>(result: Result): Promise<Result> {
    return this.failure ? Promise.reject(new Error(this.failure)) : Promise.resolve(result);
  }
}

function setUp({ state = new TrialStateStore(), watch = new TrialWatch(), everyMs = 1 } = {}) {
  const clock = new FakeClock();
  const drafts: Draft[] = [];
  const sequencer = {
    submit: (draft: Draft) => drafts.push(draft),
    settled: () => Promise.resolve(),
  };
  const rules = [{ name: "a", query: "x", room: "ops", allowPrivate: false, everyMs }];
  const start = (isDecider?: () => boolean) => {
    const desk = new AlertDesk({ rules, sequencer, clock });
    return new AlertWatch({ watch, desk, state, clock, hidden: () => [], isDecider });
  };
  const told = () => drafts.map(({ fields }) => [fields!.seq, fields!.count]);
  const saved = async () => {
    const text = (await state.all("alerts")).get("place");
    return text && parsePlace(text);
  };
  return { clock, state, watch, start, told, saved };
}

Deno.test("AlertWatch starts at the end of the log", async () => {
  const { clock, watch, start, told } = setUp();
  watch.last = 100;
  watch.wanted.add(95).add(101);
  await using _alerts = start();
  await clock.advance(1000);
  watch.last = 101;
  await clock.advance(500);
  assertEquals(told(), [[101, 1]]);
  assertEquals(watch.looks.slice(0, 2), [100, 100]);
});

Deno.test("AlertWatch checks a long log part by part", async () => {
  const { clock, watch, start, told } = setUp();
  await using _alerts = start();
  await clock.advance(0);
  watch.last = 35;
  watch.wanted.add(3).add(4).add(33);
  await clock.advance(500);
  assertEquals(watch.looks, [0, 0, 10, 20, 30]);
  await clock.advance(10);
  assertEquals(told(), [[4, 2], [33, 1]]);
});

Deno.test("AlertWatch continues where an earlier one ended, cleanly or not", async () => {
  const first = setUp();
  first.watch.last = 50;
  {
    await using _alerts = first.start();
    await first.clock.advance(0);
    first.watch.last = 60;
    first.watch.wanted.add(58).add(63);
  }
  // The last look finds the match just before the end.
  assertEquals(first.told(), [[58, 1]]);
  assertEquals(await first.saved(), { through: 60, held: {} });

  const second = setUp({ state: first.state, watch: first.watch });
  second.watch.last = 70;
  await using _alerts = second.start();
  await second.clock.advance(0);
  assertEquals(second.told(), [[63, 1]]);
});

Deno.test("AlertWatch reports, after a crash, matches that were held back before it", async () => {
  const first = setUp({ everyMs: 3_600_000 });
  const dying = first.start();
  await first.clock.advance(0);
  for (const last of [1, 2, 3]) {
    first.watch.last = last;
    first.watch.wanted.add(last);
    await first.clock.advance(500);
  }
  assertEquals(first.told(), [[1, 1]]);
  // This is what the next one finds on disk.
  const state = new TrialStateStore();
  const place = (await first.state.all("alerts")).get("place")!;
  await state.update("alerts", "place", () => ({ value: place, result: 0 }));
  await dying[Symbol.asyncDispose]();

  const second = setUp({ state, watch: first.watch, everyMs: 3_600_000 });
  await using _alerts = second.start();
  await second.clock.advance(0);
  assertEquals(second.told(), [[3, 2]]);
});

Deno.test("AlertWatch saves its place at once after a match, otherwise now and then", async () => {
  const { clock, watch, start, saved } = setUp();
  await using _alerts = start();
  await clock.advance(0);
  const places: number[] = [];
  for (const last of [1, 2, 3]) {
    watch.last = last;
    if (last === 2) watch.wanted.add(2);
    await clock.advance(500);
    places.push(((await saved()) as AlertPlace).through);
  }
  assertEquals(places, [0, 2, 2]);
  await clock.advance(5000);
  assertEquals(await saved(), { through: 3, held: {} });
});

Deno.test("AlertWatch starts at the end of a log that is shorter than before", async () => {
  const { state, clock, watch, start } = setUp();
  await state.update("alerts", "place", () => ({ value: '{"through":900,"held":{}}', result: 0 }));
  watch.last = 40;
  await using _alerts = start();
  await clock.advance(0);
  assertEquals(watch.looks, [40]);
});

Deno.test("forgetAlerts() makes later alerts start at the end of the log", async () => {
  const { state, clock, watch, start, saved } = setUp();
  await forgetAlerts(state);
  assertEquals(await saved(), undefined);
  await state.update("alerts", "place", () => ({ value: '{"through":9,"held":{}}', result: 0 }));
  state.isFull = true;
  await forgetAlerts(state);
  state.isFull = false;
  assertEquals(await saved(), { through: 9, held: {} });
  await forgetAlerts(state);
  watch.last = 40;
  await using _alerts = start();
  await clock.advance(0);
  assertEquals(watch.looks, [40]);
});

Deno.test("AlertWatch logs once that it cannot read the log, and keeps trying", async () => {
  using recorded = new RecordedLog("warning");
  const { lines } = recorded;
  const { clock, watch, start, told } = setUp();
  watch.failure = "disk I/O error";
  {
    await using _alerts = start();
    await clock.advance(20_000);
    assertEquals(lines.length, 1);
    assertMatch(
      lines[0],
      /Cannot check the log for alerts, and will try again: disk I\/O error/,
    );
    watch.failure = undefined;
    await clock.advance(5000);
    watch.last = 1;
    watch.wanted.add(1);
    await clock.advance(500);
    assertEquals(told(), [[1, 1]]);
    watch.failure = "disk I/O error";
  }
});

Deno.test("AlertWatch reports matches even if it cannot save its place", async () => {
  const { clock, state, watch, start, told } = setUp();
  await using _alerts = start();
  await clock.advance(0);
  state.isFull = true;
  watch.last = 1;
  watch.wanted.add(1);
  await clock.advance(20_000);
  assertEquals(told(), [[1, 1]]);
});

Deno.test("parsePlace() restores what placeText() wrote", () => {
  const place = { through: 17, held: { disk: { count: 3, event: eventOf(12) } } };
  assertEquals(parsePlace(placeText(place)), place);
  assertEquals(parsePlace(placeText({ through: 0, held: {} })), { through: 0, held: {} });
});

Deno.test("placeText() stays short for huge events", () => {
  const event = eventOf(12, { body: "x".repeat(1e6), fields: { y: "z".repeat(1e6) } });
  const text = placeText({ through: 17, held: { disk: { count: 1, event } } });
  assertLess(text.length, 2000);
  assertEquals(parsePlace(text).held.disk.event.fields, undefined);
});

Deno.test("AlertWatch forgets the text of an event that is redacted while it is held back", async () => {
  const { clock, watch, start, saved, state } = setUp({ everyMs: 3_600_000 });
  {
    await using _alerts = start();
    await clock.advance(0);
    for (const last of [1, 2]) {
      watch.last = last;
      watch.wanted.add(last);
      await clock.advance(500);
    }
    assertEquals((await saved() as AlertPlace).held.a.event.body, "lobby 2");
    watch.last = 3;
    watch.redactions.set(3, 2);
    await clock.advance(500);
    assertEquals((await saved() as AlertPlace).held.a.event.body, "");
    assertEquals((await state.all("alerts")).get("place")!.includes("lobby 2"), false);
  }
});

Deno.test("AlertWatch tells by one node of a cluster, and another goes on when that is gone", async () => {
  const { clock, watch, start, told, saved } = setUp({ everyMs: 60_000 });
  let decider = "a";
  const a = start(() => decider === "a");
  await using _b = start(() => decider === "b");
  await clock.advance(500);
  for (let id = 1; id <= 4; id++) {
    watch.last = id;
    watch.wanted.add(id);
    await clock.advance(500);
  }
  assertEquals(told(), [[1, 1]]);
  assertEquals((await saved() as AlertPlace).held.a.count, 3);
  // The first says nothing more, not even of what it has held back.
  decider = "b";
  await clock.advance(1000);
  assertEquals(told(), [[1, 1], [4, 3]]);
  await a[Symbol.asyncDispose]();
  assertEquals(told(), [[1, 1], [4, 3]]);
});
