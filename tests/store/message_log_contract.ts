/**
 * The contract test of logs, for any store.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Clock } from "../../lib/clock.ts";
import { type Draft, ROOM_EVENT_KINDS, type RoomEvent } from "../../lib/domain/room_event.ts";
import type { StateStore } from "../../lib/domain/state_store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { readEvents } from "../support/read_events.ts";
import { SeededRandom } from "../support/random.ts";
import { draftOf, eventOf, eventsOf, numbersOf } from "../support/room_events.ts";
import type { AppendableLog } from "../support/trial_log.ts";

/** A log to test. */
export interface TrialStore extends AsyncDisposable {
  readonly log: AppendableLog;
  /** The state that is stored beside it. */
  readonly state: StateStore;
}

/** An event without its `undefined` properties. */
function plain(event: RoomEvent): Record<string, unknown> {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));
}

/** Registers the contract tests for a log. */
export function testMessageLog(name: string, open: (clock: Clock) => TrialStore): void {
  function test(
    sentence: string,
    body: (log: AppendableLog, clock: FakeClock, state: StateStore) => Promise<void>,
  ) {
    Deno.test(`${name}${sentence}`, async () => {
      const clock = new FakeClock();
      await using store = open(clock);
      await body(store.log, clock, store.state);
    });
  }

  /** All events of some rooms, by id. */
  async function readAll(log: AppendableLog, ...rooms: string[]) {
    const events = await Promise.all(rooms.map((room) => log.read(room, 0, 10_000)));
    return events.flat().map(plain).sort((a, b) => Number(a.id) - Number(b.id));
  }

  test(".store() keeps the numbers of events of many rooms", async (log) => {
    const events = Array.from({ length: 1000 }, (_, index) => {
      const seq = 1 + Math.floor(index / 7);
      return eventOf(seq, { id: index + 1, room: `r${index % 7}`, at: index >> 4 });
    });
    await log.store(events);
    const rooms = Array.from({ length: 7 }, (_, index) => `r${index}`);
    assertEquals(await readAll(log, ...rooms), events.map(plain));
    assertEquals(await log.lastId(), 1000);
    assertEquals(await log.roomEnd("R0"), { name: "r0", lastSeq: 143 });
    assertEquals(await log.roomEnd("r7"), undefined);
  });

  const moderation = (seq: number, ...settings: [key: string, value: string | null][]) => ({
    ...eventOf(seq, { id: seq, room: "moderation", kind: "moderation" }),
    state: settings.map(([key, value]) => ({ service: "access", key, value })),
  });

  test(".store() sets and removes the state that an event carries", async (log, _clock, state) => {
    await log.store([moderation(1, ["a", "1"], ["b", "2"]), moderation(2, ["a", "3"])]);
    assertEquals(await state.all("access"), new Map([["a", "3"], ["b", "2"]]));
    await log.store([moderation(3, ["b", null])]);
    assertEquals(await state.all("access"), new Map([["a", "3"]]));
    const [stored] = await log.read("moderation", 0, 1);
    assertEquals(stored.state, undefined, "it is no part of the event");
  });

  test(".store() changes no state with a batch that it refuses", async (log, _clock, state) => {
    await log.store([moderation(1, ["a", "1"])]);
    await assertRejects(() => log.store([moderation(2, ["a", "2"]), moderation(4)]), RangeError);
    assertEquals(await state.all("access"), new Map([["a", "1"]]));
  });

  test(
    ".store() makes settings with events, after the state that those carry",
    async (log, _clock, state) => {
      const setting = (key: string, value: string | null, at = 5) => {
        return { service: "access", key, value, at };
      };
      await log.store([moderation(1, ["a", "1"])], [setting("a", "2"), setting("b", "3")]);
      assertEquals(await state.all("access"), new Map([["a", "2"], ["b", "3"]]));
      await log.store([], [setting("b", null), setting("c", "4")]);
      assertEquals(await state.all("access"), new Map([["a", "2"], ["c", "4"]]));
      const refused = log.store([moderation(3, ["d", "1"])], [setting("a", "5")]);
      await assertRejects(() => refused, RangeError);
      assertEquals(await state.all("access"), new Map([["a", "2"], ["c", "4"]]));
    },
  );

  test(".store() changes no state with events that it has already", async (log, _clock, state) => {
    await log.store([moderation(1, ["a", "1"])]);
    await state.update("access", "a", () => ({ value: "2", result: undefined }));
    await log.store([moderation(1, ["a", "1"]), moderation(2, ["b", "3"])]);
    assertEquals(await state.all("access"), new Map([["a", "2"], ["b", "3"]]));
  });

  test(".store() keeps events that differ in any property", async (log) => {
    const random = new SeededRandom(9);
    const ends = { tea: 0, milk: 0 };
    let id = 0;
    let at = 0;
    const events = Array.from({ length: 2000 }, () => {
      if (random.int(10) === 0) at += 1;
      const room = random.int(5) === 0 ? "milk" : "tea";
      const via = random.int(10) === 0 ? "web" : undefined;
      return eventOf(++ends[room], { id: ++id, at, room, via, body: `${id}` });
    });
    for (let start = 0, end = 0; start < events.length; start = end) {
      end = start + 1 + random.int(300);
      await log.store(events.slice(start, end));
    }
    assertEquals(await readAll(log, "tea", "milk"), events.map(plain));
    assertEquals(await log.lastId(), id);
  });

  test(".store() of nothing stores nothing", async (log) => {
    await log.store([]);
    assertEquals([await log.rooms(10), await log.lastId()], [[], 0]);
  });

  test(".store() keeps events once, however often and in whatever batches they arrive", async (log) => {
    const random = new SeededRandom(7);
    const ends = { tea: 0, milk: 0, hall: 0 };
    const events = Array.from({ length: 500 }, (_, index) => {
      const room = random.pick(["tea", "milk", "hall"] as const);
      return eventOf(++ends[room], { id: index + 1, room, from: random.pick(["ann", "bob"]) });
    });
    let end = 0;
    while (end < events.length) {
      const start = random.int(end + 1);
      end = Math.max(end, Math.min(events.length, start + random.int(100)));
      await log.store(events.slice(start, end));
    }
    await log.store(events);
    await log.store(events.slice(100, 101));
    assertEquals(await readAll(log, "tea", "milk", "hall"), events.map(plain));
    await log.append([draftOf("tea", "next")]);
    assertEquals([await log.lastId(), (await log.roomEnd("tea"))!.lastSeq], [501, ends.tea + 1]);
  });

  test(".store() keeps the latest topic if an older one arrives again", async (log) => {
    const topics = ["green", "black"].map((body, index) =>
      eventOf(index + 1, { room: "tea", kind: "topic", body })
    );
    await log.store(topics);
    await log.store(topics.slice(0, 1));
    assertEquals((await log.room("tea"))!.topic, "black");
  });

  test(".store() refuses a whole batch if an event is out of order", async (log) => {
    const events = [
      ...eventsOf(1, 5, { room: "tea" }),
      eventOf(1, { id: 6, room: "milk" }),
    ];
    await log.store(events);
    const tea = (seq: number, id: number) => eventOf(seq, { id, room: "tea" });
    const batches: Record<string, RoomEvent[]> = {
      "leaves out a number": [tea(6, 7), tea(8, 8)],
      "leaves out the first number of a room": [tea(6, 7), eventOf(2, { id: 8, room: "new" })],
      "leaves out an id": [tea(6, 8)],
      "leaves out an id in the middle": [tea(6, 7), tea(7, 9)],
      "has a number twice": [tea(6, 7), tea(6, 8)],
      "has an id twice": [tea(6, 7), tea(7, 7)],
      "has the same event twice": [tea(5, 5), tea(5, 5)],
      "has ids that go down": [tea(6, 8), tea(7, 7)],
      "goes back to an old id": [tea(6, 7), tea(4, 4)],
      "leaves out an old id": [tea(3, 3), tea(5, 5)],
      "has a new id for an old number": [tea(5, 7)],
      "has an old id for a new number": [tea(6, 5)],
      "has another room for an old id": [eventOf(1, { id: 5, room: "milk" })],
      "has a room that does not exist for an old id": [eventOf(1, { id: 1, room: "new" })],
      "has another time for an old event": [{ ...tea(5, 5), at: 1 }],
    };
    for (const [fault, batch] of Object.entries(batches)) {
      await assertRejects(() => log.store(batch), RangeError, "it is out of order", fault);
    }
    assertEquals(await readAll(log, "tea", "milk", "new"), events.map(plain));
    assertEquals((await log.rooms(10)).length, 2);
    await log.store([tea(6, 7), eventOf(1, { id: 8, room: "new" })]);
    assertEquals([await log.lastId(), (await log.roomEnd("new"))!.lastSeq], [8, 1]);
  });

  test(".read() returns every property of an event", async (log) => {
    const drafts: Draft[] = [
      ...ROOM_EVENT_KINDS.map((kind): Draft => draftOf("tea", `a ${kind}`, { kind })),
      draftOf("tea", "done", {
        kind: "log",
        from: "make[2]",
        fields: { level: 3, tags: ["a", null], nested: { "odd key": true }, text: "\0\u2028" },
        via: "syslog",
        origin: 1_795_242_600_000_123,
      }),
      draftOf("tea", "", { from: "", via: "", origin: 0, fields: {} }),
    ];
    const events = await log.append(drafts);
    const read = await log.read("tea", 0, 100);
    assertEquals(read.map(plain), events.map(plain));
    assertEquals(
      read.map(({ id: _id, seq: _seq, at: _at, ...draft }) => plain(draft as RoomEvent)),
      drafts.map((draft) => plain(draft as RoomEvent)),
    );
  });

  test(".read() returns every text unchanged", async (log) => {
    const bodies = [
      "",
      " ",
      "\0",
      "a\0b",
      "\0\0ends in NUL\0",
      "\ufeff and \0",
      "\r\n\t\x1b[31m\x7f\x85\x9b",
      'it\'s "quoted" -- ; DROP TABLE event; %_\\',
      "\ufeffbyte order mark\ufeff",
      "\ufffe\uffff\u{10ffff} are no characters",
      "😀 👨‍👩‍👧 e\u0301 \u202e over \u2066 \u200b",
      "日本語 العربية עברית ไทย",
      "x".repeat(100_000),
      "😀".repeat(20_000),
    ];
    const drafts = bodies.map((body) => draftOf("tea", body, { from: body.slice(0, 20) }));
    await log.append(drafts);
    const read = await log.read("tea", 0, 100);
    read.forEach(({ body, from }, index) => {
      assert(body === bodies[index], `body of ${JSON.stringify(bodies[index].slice(0, 40))}`);
      assert(from === drafts[index].from, `from of ${JSON.stringify(drafts[index].from)}`);
    });
    assertEquals(read.length, bodies.length);
  });

  test(".read() returns at most `limit` events after a number", async (log) => {
    await log.append(Array.from({ length: 50 }, (_, index) => draftOf("tea", `${index + 1}`)));
    await log.append([draftOf("milk", "other")]);
    const read = async (after: number, limit: number) =>
      numbersOf(await log.read("tea", after, limit));
    assertEquals(await read(0, 3), [1, 2, 3]);
    assertEquals(await read(10, 2), [11, 12]);
    assertEquals(await read(47, 10), [48, 49, 50]);
    assertEquals(await read(50, 10), []);
    assertEquals(await read(999, 10), []);
    assertEquals(await read(0, 0), []);
    assertEquals((await read(0, 1000)).length, 50);
    assertEquals(await log.read("nowhere", 0, 10), []);
  });

  test(".read() returns any part of a burst of many senders, kinds and sizes", async (log) => {
    const random = new SeededRandom(4);
    const drafts = Array.from({ length: 3000 }, (_, index): Draft => {
      const body = `${index} ${"x".repeat(random.int(20) === 0 ? random.int(40_000) : 20)}`;
      const from = random.int(10) === 0 ? "bob" : "ann";
      const kind = random.int(50) === 0 ? "action" : "message";
      const fields = random.int(30) === 0 ? { index } : undefined;
      return draftOf("tea", body, { from, kind, fields });
    });
    const events = await log.append(drafts);
    assertEquals(events.map(({ body }) => body), drafts.map(({ body }) => body));
    for (let round = 0; round < 200; round++) {
      const after = random.int(3000);
      const limit = random.int(round % 2 === 0 ? 300 : 5);
      const read = await readEvents(log, "tea", after, limit);
      assertEquals(read.map(plain), events.slice(after, after + limit).map(plain));
    }
  });

  test(" compares rooms without case and spells them as first written", async (log) => {
    const spellings = ["Tea-Straße", "TEA-STRASSE", "tea-straße", "ｔｅａ-strasse"];
    await log.store(spellings.map((room, index) => eventOf(index + 1, { room })));
    const events = await log.read("tea-STRASSE", 0, 10);
    assertEquals(numbersOf(events), [1, 2, 3, 4]);
    assertEquals(new Set(events.map(({ room }) => room)), new Set(["Tea-Straße"]));
    assertEquals(numbersOf(await log.read("TEA-STRASSE", 1, 2)), [2, 3]);
    assertEquals(await log.roomEnd("tea-strasse"), { name: "Tea-Straße", lastSeq: 4 });
    const record = (await log.room("tea-strasse"))!;
    assertEquals([record.name, record.lastSeq], ["Tea-Straße", 4]);
    assertEquals((await log.rooms(10)).length, 1);
  });

  test(" spells a room as the event says that gives it other capitals", async (log) => {
    const fields = { respelled: "TEA" };
    await log.store([
      eventOf(1, { room: "tea" }),
      eventOf(2, { room: "tea", kind: "notice", fields }),
      eventOf(3, { room: "TEA" }),
    ]);
    await log.store([eventOf(4, { room: "TEA" })]);
    const events = await log.read("tea", 0, 10);
    assertEquals(numbersOf(events), [1, 2, 3, 4]);
    assertEquals(new Set(events.map(({ room }) => room)), new Set(["TEA"]));
    assertEquals(await log.roomEnd("tea"), { name: "TEA", lastSeq: 4 });
    assertEquals((await log.room("Tea"))?.name, "TEA");
    assertEquals((await log.rooms(10)).map(({ name }) => name), ["TEA"]);
  });

  test(".room() is undefined for a room that never existed", async (log) => {
    assertEquals(await log.room("tea"), undefined);
    assertEquals(await log.read("tea", 0, 1), []);
    assertEquals(await log.room("tea"), undefined);
  });

  test(".room() returns the last number and the topic", async (log) => {
    const topic = (body: string) => draftOf("tea", body, { kind: "topic" });
    await log.append([draftOf("tea", "hello")]);
    const record = async () => {
      const { name, lastSeq, topic } = (await log.room("tea"))!;
      return [name, lastSeq, topic];
    };
    assertEquals(await record(), ["tea", 1, ""]);
    await log.append([topic("green"), draftOf("milk", "m", { kind: "topic" }), topic("bl\0ack")]);
    assertEquals(await record(), ["tea", 3, "bl\0ack"]);
    await log.append([draftOf("tea", "hello")]);
    assertEquals(await record(), ["tea", 4, "bl\0ack"]);
    assertEquals((await log.rooms(5)).map(({ topic }) => topic).sort(), ["bl\0ack", "m"]);
    await log.append([topic("")]);
    assertEquals(await record(), ["tea", 5, ""]);
  });

  test(".room() returns who set the topic and when, even if it comes from another room", async (log) => {
    await log.append([
      draftOf("tea", "green", { kind: "topic", from: "ann", fields: { setAt: 1_700_000_000_000 } }),
    ]);
    assertEquals((await log.room("tea"))!.topicOrigin, { by: "ann", at: 1_700_000_000_000 });
  });

  test(".rooms() lists the room with the latest join or part first", async (log, clock) => {
    const names = async (limit: number) => (await log.rooms(limit)).map(({ name }) => name);
    for (const room of ["tea", "milk", "hall"]) {
      await clock.advance(1000);
      await log.append([draftOf(room, "", { kind: "join" })]);
    }
    assertEquals(await names(10), ["hall", "milk", "tea"]);
    await clock.advance(1000);
    await log.append([draftOf("tea", "", { kind: "part" })]);
    assertEquals(await names(10), ["tea", "hall", "milk"]);
    assertEquals(await names(2), ["tea", "hall"]);
    assertEquals((await log.rooms(10)).map(({ lastSeq }) => lastSeq), [2, 1, 1]);
  });

  test(" serves many readers in order while storing", async (log) => {
    const events = eventsOf(1, 300, { room: "tea" });
    const stored = [0, 100, 200].map((start) => log.store(events.slice(start, start + 100)));
    const reads = Array.from({ length: 5 }, () => log.read("tea", 0, 1000));
    await Promise.all(stored);
    for (const read of await Promise.all(reads)) {
      assertEquals(numbersOf(read), read.map((_, index) => index + 1));
    }
    assertEquals(await readAll(log, "tea"), events.map(plain));
  });

  test(".close() may be called again", async (log) => {
    await log.append([draftOf("tea")]);
    await log.close();
    await log.close();
  });
}
