/**
 * What every log has to do, wherever it keeps its events.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Clock } from "../../lib/clock.ts";
import type { MessageLog } from "../../lib/domain/message_log.ts";
import { type Draft, ROOM_EVENT_KINDS, type RoomEvent } from "../../lib/domain/room_event.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { SeededRandom } from "../support/random.ts";
import { draftOf, numbersOf } from "../support/room_events.ts";

/** A log, and how to be rid of it and of its files. */
export interface TrialStore extends AsyncDisposable {
  readonly log: MessageLog;
}

/** What is left of an event when what is not there and what is `undefined` are the same. */
function plain(event: RoomEvent): Record<string, unknown> {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));
}

/** Registers the tests of a log. */
export function testMessageLog(name: string, open: (clock: Clock) => TrialStore): void {
  function test(sentence: string, body: (log: MessageLog, clock: FakeClock) => Promise<void>) {
    Deno.test(`${name}${sentence}`, async () => {
      const clock = new FakeClock();
      await using store = open(clock);
      await body(store.log, clock);
    });
  }

  test(".append() numbers events by room, without holes, and over all rooms", async (log) => {
    const events = await log.append(
      ["tea", "milk", "tea", "tea", "milk"].map((room) => draftOf(room, "x")),
    );
    assertEquals(events.map(({ id }) => id), [1, 2, 3, 4, 5]);
    const rooms = Map.groupBy(events, ({ room }) => room);
    assertEquals([...rooms.keys()], ["tea", "milk"]);
    assertEquals(numbersOf(rooms.get("tea")!), [1, 2, 3]);
    assertEquals(numbersOf(rooms.get("milk")!), [1, 2]);
    const [later] = await log.append([draftOf("milk", "y")]);
    assertEquals([later.seq, later.id], [3, 6]);
  });

  test(".append() numbers many events of many rooms in one batch", async (log) => {
    const drafts = Array.from({ length: 1000 }, (_, index) => draftOf(`r${index % 7}`, `${index}`));
    const events = await log.append(drafts);
    assertEquals(events.map(({ id }) => id), drafts.map((_, index) => index + 1));
    for (let room = 0; room < 7; room++) {
      const own = events.filter((event) => event.room === `r${room}`);
      const bodies = drafts.filter((draft) => draft.room === `r${room}`).map(({ body }) => body);
      assertEquals(own.map(({ body }) => body), bodies);
      assertEquals(numbersOf(own), bodies.map((_, index) => index + 1));
      assertEquals((await log.read(`r${room}`, 0, 1000)).map(plain), own.map(plain));
    }
  });

  test(".append() of nothing gives nothing", async (log) => {
    assertEquals([...await log.append([])], []);
    assertEquals(await log.rooms(10), []);
  });

  test(".append() stamps all of a batch with the time", async (log, clock) => {
    const [first, second] = await log.append([draftOf("tea", "a"), draftOf("tea", "b")]);
    assertEquals([first.at, second.at], [clock.now(), clock.now()]);
    await clock.advance(1234);
    const [third] = await log.append([draftOf("tea", "c")]);
    assertEquals(third.at, first.at + 1234);
    assertEquals((await log.read("tea", 2, 1))[0].at, third.at);
  });

  test(".read() gives back all that was said of an event", async (log) => {
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

  test(".read() gives back every text as it was", async (log) => {
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

  test(".read() gives what comes after a number, at most so many", async (log) => {
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

  test(".read() gives any part of a burst of many senders, kinds and sizes", async (log) => {
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
      const read = await log.read("tea", after, limit);
      assertEquals(read.map(plain), events.slice(after, after + limit).map(plain));
    }
  });

  test(" compares rooms without case and spells them as first written", async (log) => {
    const events = await log.append(
      ["Tea-Straße", "TEA-STRASSE", "tea-straße", "ｔｅａ-strasse"].map((room) => draftOf(room)),
    );
    assertEquals(events.map(({ seq }) => seq), [1, 2, 3, 4]);
    assertEquals(new Set(events.map(({ room }) => room)), new Set(["Tea-Straße"]));
    assertEquals(numbersOf(await log.read("tea-STRASSE", 1, 2)), [2, 3]);
    assertEquals((await log.read("TEA-STRASSE", 0, 1))[0].room, "Tea-Straße");
    const record = (await log.room("tea-strasse"))!;
    assertEquals([record.name, record.lastSeq], ["Tea-Straße", 4]);
    assertEquals((await log.rooms(10)).length, 1);
  });

  test(".room() knows nothing of a room that never was", async (log) => {
    assertEquals(await log.room("tea"), undefined);
    assertEquals(await log.read("tea", 0, 1), []);
    assertEquals(await log.room("tea"), undefined);
  });

  test(".room() tells the last number and the topic", async (log) => {
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

  test(".rooms() lists those first where somebody came or went last", async (log, clock) => {
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

  test(" keeps a batch that many readers ask for at once in order", async (log) => {
    const drafts = Array.from({ length: 300 }, (_, index) => draftOf("tea", `${index}`));
    const appended = Promise.all([
      log.append(drafts.slice(0, 100)),
      log.append(drafts.slice(100, 200)),
      log.append(drafts.slice(200)),
    ]);
    const reads = Array.from({ length: 5 }, () => log.read("tea", 0, 1000));
    const batches = await appended;
    assertEquals(batches.flat().map(({ seq }) => seq), drafts.map((_, index) => index + 1));
    for (const read of await Promise.all(reads)) {
      assertEquals(numbersOf(read), read.map((_, index) => index + 1));
    }
    assertEquals(
      (await log.read("tea", 0, 1000)).map(({ body }) => body),
      drafts.map((d) => d.body),
    );
  });

  test(".close() may be called again", async (log) => {
    await log.append([draftOf("tea")]);
    await log.close();
    await log.close();
  });
}
