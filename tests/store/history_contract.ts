/**
 * The contract test of reading the past, wherever the events are kept and whichever thread reads
 * them.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { eventToJson } from "../../lib/domain/event_json.ts";
import { EventMatcher } from "../../lib/domain/search/event_matcher.ts";
import { parseQuery } from "../../lib/domain/search/parse_query.ts";
import {
  MOST_BYTES,
  MOST_EVENTS_LOOKED_AT,
  type PartCount,
  type RangeEnd,
  type RoomHistory,
  type SeqRange,
} from "../../lib/domain/history/room_history.ts";
import type { SweepableLog } from "../../lib/domain/retention/retention.ts";
import {
  type Draft,
  isArrivalOrDeparture,
  isSilent,
  ROOM_EVENT_KINDS,
  type RoomEvent,
} from "../../lib/domain/room_event.ts";
import { levelOf } from "../../lib/level.ts";
import { SeededRandom } from "../support/random.ts";
import { draftOf, numbersOf } from "../support/room_events.ts";
import { sweepAll } from "./sweepable_log_contract.ts";

/** A log to test; disposing of it removes its files. */
export interface TrialHistory extends AsyncDisposable {
  readonly history: RoomHistory;
  readonly sweep: SweepableLog;
  append(drafts: readonly Draft[]): Promise<readonly RoomEvent[]>;
  /** Whether `read` returns large texts in several answers; a log in memory need not. */
  readonly limitsBytes: boolean;
}

/** A clock that can be set back. */
export class SettableClock {
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

const END = Number.MAX_SAFE_INTEGER;

/** An event without its `undefined` properties. */
function plain(event: RoomEvent): Record<string, unknown> {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));
}

/**
 * Registers the contract tests. The forms must include `jsonl`, which escapes nothing used here.
 */
export function testHistory(
  name: string,
  open: (clock: SettableClock) => TrialHistory | Promise<TrialHistory>,
): void {
  function test(
    sentence: string,
    body: (trial: TrialHistory, clock: SettableClock) => Promise<void>,
  ) {
    Deno.test(`${name}${sentence}`, async () => {
      const clock = new SettableClock();
      await using trial = await open(clock);
      await body(trial, clock);
    });
  }

  test(" knows rooms by any spelling, and the latest visited first", async (trial, clock) => {
    const { history } = trial;
    assertEquals(await history.room("tea"), undefined);
    assertEquals(await history.rooms(10), []);
    for (const room of ["Tea-Straße", "milk", "hall"]) {
      clock.time += 1000;
      await trial.append([draftOf(room, "", { kind: "join" }), draftOf(room, "hello")]);
    }
    await trial.append([draftOf("tea-strasse", "bl\0ack", { kind: "topic" })]);
    const topicOrigin = { by: "ann", at: clock.time };
    const tea = { name: "Tea-Straße", firstSeq: 1, lastSeq: 3, topic: "bl\0ack", topicOrigin };
    assertEquals(await history.room("TEA-STRASSE"), tea);
    assertEquals(numbersOf(await history.read("ｔｅａ-strasse", 0, 10)), [1, 2, 3]);
    const names = (await history.rooms(2)).map(({ name }) => name);
    assertEquals(names, ["hall", "milk"]);
    assertEquals((await history.rooms(10))[2], tea);
  });

  test(".directRooms() finds the conversations of one account, the latest first", async (trial) => {
    const { history } = trial;
    const rooms = [
      "@ann+bob",
      "@ann+zoe",
      "@aaron+ann",
      "@anna+bob",
      "@bob+joann",
      "@ann.b+ann_",
      "@eve+eve",
    ];
    for (const room of [...rooms, "ann", "@ann+bob"]) await trial.append([draftOf(room, "psst")]);
    const namesOf = async (account: string, limit = 10) =>
      (await history.directRooms(account, limit)).map(({ name }) => name);
    assertEquals(await namesOf("ann"), ["@ann+bob", "@aaron+ann", "@ann+zoe"]);
    assertEquals(await namesOf("ann", 2), ["@ann+bob", "@aaron+ann"]);
    assertEquals(await namesOf("bob"), ["@ann+bob", "@bob+joann", "@anna+bob"]);
    assertEquals(await namesOf("ann_"), ["@ann.b+ann_"]);
    assertEquals(await namesOf("eve"), ["@eve+eve"]);
    for (const stranger of ["", "an", "nn", "@ann", "ann+bob", "%", "*"]) {
      assertEquals(await namesOf(stranger), [], stranger);
    }
    assertEquals((await history.directRooms("zoe", 1))[0], {
      name: "@ann+zoe",
      firstSeq: 1,
      lastSeq: 1,
      topic: "",
    });
    assertEquals((await history.rooms(10)).map(({ name }) => name), ["ann"]);
  });

  test(".read() returns every property of an event, and any part of a room", async (trial) => {
    const random = new SeededRandom(5);
    const drafts = [
      ...ROOM_EVENT_KINDS.map((kind): Draft => draftOf("tea", `a ${kind}`, { kind })),
      draftOf("tea", "a\0b \u2028 \ud83d\ude00 \x1b[31m", {
        fields: { level: 3, tags: ["a", null], nested: { "odd key": true, __proto__: null } },
        via: "syslog",
        origin: 1_795_242_600_000_123,
      }),
      ...Array.from({ length: 2000 }, (_, index): Draft => {
        const from = random.int(10) === 0 ? "bob" : "ann";
        return draftOf("tea", `${index}`, { from });
      }),
    ];
    const events = await trial.append(drafts);
    await trial.append([draftOf("milk", "other")]);
    const { history } = trial;
    for (let round = 0; round < 100; round++) {
      const after = round === 0 ? 0 : random.int(events.length + 20);
      const limit = 1 + random.int(300);
      const read = await history.read("tea", after, limit);
      assertEquals(read.map(plain), events.slice(after, after + limit).map(plain));
    }
    assertEquals(await history.read("tea", 0, 0), []);
    assertEquals(await history.read("nowhere", 0, 10), []);
  });

  test(" returns large texts in several answers", async (trial) => {
    const body = "é".repeat(20_000);
    await trial.append(Array.from({ length: 40 }, () => draftOf("tea", body)));
    const { history } = trial;
    const read: RoomEvent[] = [];
    while (read.length < 40) {
      const page = await history.read("tea", read.at(-1)?.seq ?? 0, 100);
      assert(page.length > 0, "it goes on");
      const isLimited = page.length * body.length <= MOST_BYTES;
      assertEquals(isLimited, trial.limitsBytes, `${page.length} events`);
      read.push(...page);
    }
    assertEquals(numbersOf(read), rangeOf(1, 40));
    const last = await history.talk("tea", { after: 0, before: END }, 100, "last");
    assertEquals([last.before, last.events.at(-1)!.seq], [END, 40]);
    assertEquals(numbersOf(last.events), rangeOf(last.after + 1, 40));
    assert(last.events.length < 14, `${last.events.length} events`);
    const count = await history.countTalk("tea", { after: 0, before: END }, 100, "last");
    assertEquals(count, { after: 0, before: END, count: 40 });
  });

  test(
    ".talk() returns the messages at either end of a range, and how far they reach",
    async (trial, clock) => {
      const random = new SeededRandom(3);
      const drafts: Draft[] = [];
      while (drafts.length < 12_000) {
        const kind = random.pick(["message", "join", "part", "log"] as const);
        const from = `${random.int(3)}`;
        for (let run = random.int(600); run > 0; run--) {
          drafts.push(
            draftOf("ops", "", { kind, from }),
          );
        }
      }
      const events = [...await trial.append(drafts.slice(0, 700))];
      clock.time += 1000;
      events.push(...await trial.append(drafts.slice(700)));
      await trial.append(Array.from({ length: 300 }, () => draftOf("ops", "", { kind: "join" })));
      await sweepAll(trial.sweep, "ops", { before: clock.time });
      const { firstSeq, lastSeq } = (await trial.history.room("ops"))!;
      assertEquals([firstSeq, lastSeq], [701, drafts.length + 300]);
      const said = events.filter((event) => !isArrivalOrDeparture(event) && event.seq >= firstSeq);
      for (let round = 0; round < 300; round++) {
        const after = random.int(lastSeq);
        const before = after + 1 + random.int(random.pick([5, 500, 20_000]));
        const limit = 1 + random.int(200);
        const end = random.pick<RangeEnd>(["first", "last"]);
        const stretch = await trial.history.talk("ops", { after, before }, limit, end);
        const what = JSON.stringify({ after, before, limit, end });
        const covered = said.filter(({ seq }) => seq > stretch.after && seq < stretch.before);
        assertEquals(numbersOf(stretch.events), numbersOf(covered), what);
        assert(stretch.events.length <= limit, what);
        if (end === "first") assertEquals(stretch.after, after, what);
        else assertEquals(stretch.before, before, what);
        const isWhole = stretch.after === after && stretch.before === before;
        const isLong = stretch.before - stretch.after > MOST_EVENTS_LOOKED_AT;
        assert(isWhole || isLong || stretch.events.length === limit, what);
        const count = await trial.history.countTalk("ops", { after, before }, limit, end);
        const { events, ...span } = stretch;
        assertEquals(count, { ...span, count: events.length }, what);
      }
      const nowhere = await trial.history.talk("nowhere", { after: 3, before: 9 }, 5, "last");
      assertEquals(nowhere, { after: 3, before: 9, events: [] });
    },
  );

  test(".matches() returns what a query finds at either end of a range", async (trial, clock) => {
    const random = new SeededRandom(8);
    const drafts = Array.from({ length: 5000 }, (_, index) => {
      const kind = random.pick(["message", "join", "log", "log", "react"] as const);
      const from = random.pick(["web1/nginx", "db1/api", "ann"]);
      const level = random.pick(["info", "info", "warning", "err"]);
      const fields = kind === "log" ? { level } : undefined;
      return draftOf("ops", index % 7 === 0 ? "disk full" : "all is well", { kind, from, fields });
    });
    const events = [...await trial.append(drafts.slice(0, 700))];
    clock.time += 1000;
    events.push(...await trial.append(drafts.slice(700)));
    await sweepAll(trial.sweep, "ops", { before: clock.time });
    const { firstSeq, lastSeq } = (await trial.history.room("ops"))!;
    const kept = events.filter(({ seq }) => seq >= firstSeq);
    const texts = ["level:warning+", "source:nginx disk", "-full", "nothing", "ann*", "kind:join"];
    for (let round = 0; round < 40; round++) {
      const text = random.pick([...texts, "kind:react from:ann", "-kind:log"]);
      const query = parseQuery(text, clock.time);
      const matcher = new EventMatcher(query);
      const after = random.int(lastSeq);
      const before = after + 1 + random.int(random.pick([5, 500, 20_000]));
      const limit = 1 + random.int(200);
      const end = random.pick<RangeEnd>(["first", "last"]);
      const found = await trial.history.matches("ops", { after, before }, query, limit, end);
      const what = JSON.stringify({ text, after, before, limit, end });
      const covered = kept.filter(({ seq }) => seq > found.after && seq < found.before);
      const wanted = covered.filter((event) => matcher.admits(event) && matcher.matches(event));
      assertEquals(numbersOf(found.events), numbersOf(wanted), what);
      const counted = covered.filter((event) => !isSilent(event));
      const lines = counted.filter(({ kind }) => kind === "log").length;
      assertEquals([found.lines, found.others], [lines, counted.length - lines], what);
      assert(found.events.length <= limit, what);
      assertEquals(end === "first" ? found.after : found.before, end === "first" ? after : before);
      const isWhole = found.after === after && found.before === before;
      assert(isWhole || found.events.length === limit || covered.length > 500, what);
    }
    const query = parseQuery("x", clock.time);
    const nowhere = await trial.history.matches("no", { after: 3, before: 9 }, query, 5, "last");
    assertEquals(nowhere, { after: 3, before: 9, events: [], lines: 0, others: 0 });
  });

  test(".talk() looks at a limited number of joins and parts", async (trial) => {
    await trial.append([draftOf("ops", "hello")]);
    await trial.append(
      Array.from(
        { length: 9999 },
        (_, index) => draftOf("ops", "", { kind: index % 2 === 0 ? "join" : "part" }),
      ),
    );
    const all = { after: 0, before: 10_001 };
    const seen: SeqRange[] = [];
    for (let before = all.before; before > 1; before = seen.at(-1)!.after + 1) {
      const { events, ...span } = await trial.history.talk("ops", { after: 0, before }, 20, "last");
      assertEquals(events.length, span.after === 0 ? 1 : 0);
      seen.push(span);
    }
    assertEquals(seen.map(({ after }) => after), [6000, 2000, 0]);
    const on = await trial.history.talk("ops", { after: 1, before: 10_001 }, 20, "first");
    assertEquals([on.after, on.before, on.events], [1, 4002, []]);
  });

  test(
    ".countByTime() counts each event once, even if the clock was set back",
    async (trial, clock) => {
      const random = new SeededRandom(4);
      const start = clock.time;
      const events: RoomEvent[] = [];
      for (let batch = 0; batch < 600; batch++) {
        clock.time += random.int(1000);
        if (random.int(40) === 0) clock.time -= random.int(60_000);
        const drafts = Array.from(
          { length: 1 + random.int(20) },
          (_, index) => draftOf("ops", "", { from: `${index >> random.int(2)}` }),
        );
        events.push(...await trial.append(drafts));
      }
      assert(events.length > MOST_RUNS_OF_A_TEST);
      for (let round = 0; round < 40; round++) {
        const since = start + random.int(200_000) - 20_000;
        const until = since + 1 + random.int(200_000);
        const parts = 1 + random.int(30);
        const after = random.int(events.length);
        const before = after + 2 + random.int(events.length);
        const counts = await countAll(trial.history, { after, before }, { since, until, parts });
        const expected = new Map<number, RoomEvent[]>();
        for (const event of events) {
          const { seq, at } = event;
          if (seq <= after || seq >= before || at >= until) continue;
          const part = at < since ? -1 : Math.floor((at - since) * parts / (until - since));
          expected.set(part, [...expected.get(part) ?? [], event]);
        }
        const byPart = (a: PartCount, b: PartCount) => a.part - b.part;
        assertEquals([...counts.values()].sort(byPart), [...expected].map(countOf).sort(byPart));
      }
    },
  );

  test(".countLevels() counts log lines by part and level", async (trial, clock) => {
    const random = new SeededRandom(6);
    const since = clock.time;
    const events: RoomEvent[] = [];
    for (let batch = 0; batch < 20; batch++) {
      clock.time += 1000;
      const drafts = Array.from({ length: 300 }, () => {
        const kind = random.pick(["message", "log", "log"] as const);
        const fields = { level: random.pick(["ERROR", "info", 4, "loud"]), n: 1 };
        return draftOf("ops", "x", { kind, fields: random.int(9) === 0 ? undefined : fields });
      });
      events.push(...await trial.append(drafts));
    }
    const lastSeq = events.length;
    for (let round = 0; round < 20; round++) {
      const start = random.int(lastSeq);
      const time = { since: since + 2500, until: since + 15_500, parts: 1 + random.int(7) };
      const counted: Record<string, number> = {};
      for (let after = start; after < lastSeq;) {
        const page = await trial.history.countLevels("ops", { after, before: lastSeq + 1 }, time);
        for (const { part, counts } of page.levels) {
          for (const [level, count] of Object.entries(counts)) {
            counted[`${part} ${level}`] = (counted[`${part} ${level}`] ?? 0) + count;
          }
        }
        after = page.before - 1;
      }
      const expected: Record<string, number> = {};
      for (const { seq, kind, at, fields } of events) {
        const level = kind === "log" ? levelOf(fields?.level) : undefined;
        const part = Math.floor((at - time.since) * time.parts / (time.until - time.since));
        if (seq <= start || !level || part < 0 || part >= time.parts) continue;
        expected[`${part} ${level}`] = (expected[`${part} ${level}`] ?? 0) + 1;
      }
      assertEquals(counted, expected);
    }
  });

  test(".findTime() finds the first event from a time on", async (trial, clock) => {
    const random = new SeededRandom(5);
    const start = clock.time;
    const events: RoomEvent[] = [];
    for (let batch = 0; batch < 200; batch++) {
      clock.time += random.int(3);
      const drafts = Array.from({ length: 1 + random.int(9) }, () => draftOf("ops", "x"));
      events.push(...await trial.append([...drafts, draftOf("other", "x")]));
    }
    const own = events.filter(({ room }) => room === "ops");
    for (let at = start - 1; at <= clock.time + 1; at++) {
      const expected = own.find((event) => event.at >= at)?.seq ?? own.length + 1;
      assertEquals(await trial.history.findTime("OPS", at), expected);
    }
    assertEquals(await trial.history.findTime("none", 0), 1);
    await sweepAll(trial.sweep, "ops", { before: start + 100 });
    const { firstSeq } = (await trial.history.room("ops"))!;
    assert(firstSeq > 1);
    assertEquals(await trial.history.findTime("ops", 0), firstSeq);
  });

  test(".encode() returns events as bytes, a piece at a time", async (trial) => {
    const drafts = Array.from(
      { length: 1500 },
      (_, index) => draftOf("ops", `line ${index}`, { from: `${index % 3}` }),
    );
    const events = await trial.append(drafts);
    let text = "";
    let pieces = 0;
    for (let after = 10; after < 1400; pieces++) {
      const { bytes, before } = await trial.history.encode("ops", { after, before: 1401 }, "jsonl");
      text += new TextDecoder().decode(bytes);
      after = before - 1;
    }
    assertEquals(text, events.slice(10, 1400).map((event) => `${eventToJson(event)}\n`).join(""));
    assert(pieces >= 3 && pieces < 10, `${pieces} pieces`);
    const none = await trial.history.encode("ops", { after: 1500, before: 1600 }, "jsonl");
    assertEquals([none.before, none.bytes.length], [1600, 0]);
    await assertRejects(() => trial.history.encode("ops", { after: 0, before: 9 }, "morse"), Error);
  });
}

/** More than one piece in any store. */
const MOST_RUNS_OF_A_TEST = 4096;

async function countAll(
  history: RoomHistory,
  { after, before }: SeqRange,
  time: { since: number; until: number; parts: number },
): Promise<Map<number, PartCount>> {
  const all = new Map<number, PartCount>();
  while (after < before - 1) {
    const page = await history.countByTime("ops", { after, before }, time);
    assert(page.before > after + 1, "it goes on");
    for (const next of page.counts) {
      const { part, count, first, earliest, latest } = all.get(next.part) ?? { ...next, count: 0 };
      all.set(part, {
        part,
        count: count + next.count,
        first,
        last: next.last,
        earliest: Math.min(earliest, next.earliest),
        latest: Math.max(latest, next.latest),
      });
    }
    after = page.before - 1;
  }
  return all;
}

function countOf([part, events]: [number, readonly RoomEvent[]]): PartCount {
  const times = events.map(({ at }) => at);
  return {
    part,
    count: events.length,
    first: events[0].seq,
    last: events[events.length - 1].seq,
    earliest: Math.min(...times),
    latest: Math.max(...times),
  };
}

function rangeOf(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
