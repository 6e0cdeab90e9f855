import { assert, assertEquals } from "@std/assert";
import { FeedTally } from "../../../lib/domain/feeds/feed_tally.ts";
import type { EventSink } from "../../../lib/domain/feeds/event_sink.ts";
import { RoomFeed } from "../../../lib/domain/feeds/room_feed.ts";
import { retentionGap } from "../../../lib/domain/retention/retention_gap.ts";
import { redactionDraft } from "../../../lib/domain/redaction.ts";
import { Room } from "../../../lib/domain/rooms/room.ts";
import type { RoomEvent } from "../../../lib/domain/room_event.ts";
import type { RoomStream } from "../../../lib/domain/rooms/room_stream.ts";
import { nextTurn } from "../../support/fake_clock.ts";
import { loggedForm } from "../../../lib/domain/unlogged.ts";
import { SeededRandom } from "../../support/random.ts";
import { rounds, SEED } from "../../support/rounds.ts";
import { draftOf, numbersOf } from "../../support/room_events.ts";
import { TrialLog } from "../../support/trial_log.ts";

/** A sink with a configurable capacity. */
class TrialSink implements EventSink {
  readonly label = "ann";
  readonly taken: RoomEvent[] = [];
  readonly asked: string[] = [];
  readonly failures: string[] = [];
  /** Runs it takes after each wait before it is full. */
  room = Infinity;
  /** Whether the session continues. */
  isAlive = true;
  /** Resolves {@linkcode TrialSink.ready} and `drained`. */
  gate: Promise<void> | undefined;
  #left = 0;

  constructor() {
    this.#left = this.room;
  }

  /** Takes `runs` more, and then as many after each wait. */
  limit(runs: number, perWait = runs): void {
    this.#left = runs;
    this.room = perWait;
  }

  take(_room: RoomStream, run: readonly RoomEvent[]): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    this.taken.push(...run);
    return true;
  }

  ready(): Promise<boolean> {
    return this.#wait("ready");
  }

  drained(): Promise<boolean> {
    return this.#wait("drained");
  }

  fail(reason: Error): void {
    this.failures.push(reason.message);
  }

  async #wait(what: string): Promise<boolean> {
    this.asked.push(what);
    await this.gate;
    this.#left = this.room;
    return this.isAlive;
  }
}

/** A feed into a sink, and a log for what is said in its rooms. */
function setUp(sink: EventSink = new TrialSink(), log = new TrialLog()) {
  const reader = new RoomFeed(log, sink);
  const open = (name: string): Room => {
    const room = new Room(name);
    reader.enter(room);
    return room;
  };
  return {
    log,
    reader,
    open,
    leave: (room: Room) => reader.leave(room),
    say: (room: Room, ...of: string[]) => say(log, room, of),
  };
}

/** Commits messages, and publishes them in one run. */
async function say(log: TrialLog, room: Room, bodies: readonly string[]): Promise<void> {
  room.fanOut(await log.append(bodies.map((body) => draftOf(room.name, body))));
}

async function untilLive(reader: RoomFeed): Promise<void> {
  for (let turn = 0; reader.isBehind; turn++) {
    assert(turn < 10_000, "the reader never catches up");
    await nextTurn();
  }
}

/** A few of these exceed a replay buffer, so that the log is read. */
const LARGE = "x".repeat(300_000);

function bodiesOf(sink: TrialSink): string[] {
  return sink.taken.map(({ body }) => body.slice(0, 10));
}

Deno.test("RoomFeed.deliver() hands live runs to the sink", async () => {
  const sink = new TrialSink();
  const { reader, open, say, log } = setUp(sink);
  const room = open("lobby");
  await say(room, "one", "two");
  await say(room, "three");
  assertEquals(bodiesOf(sink), ["one", "two", "three"]);
  assertEquals([reader.isBehind, sink.asked, log.reads], [false, [], []]);
});

Deno.test("RoomFeed.enter() starts after the room's last event", async () => {
  const sink = new TrialSink();
  const { reader, say } = setUp(sink);
  const room = new Room("lobby");
  await say(room, "before");
  reader.enter(room);
  await say(room, "after");
  assertEquals([bodiesOf(sink), [...reader.streams]], [["after"], [room]]);
});

Deno.test("RoomFeed.deliver() falls behind if the sink is full, and catches up from the replay buffer", async () => {
  const sink = new TrialSink();
  const { reader, open, say, log } = setUp(sink);
  const room = open("lobby");
  sink.limit(1, Infinity);
  await say(room, "one");
  await say(room, "two");
  assertEquals([reader.isBehind, bodiesOf(sink)], [true, ["one"]]);
  await say(room, "three");
  await untilLive(reader);
  await say(room, "four");
  assertEquals(bodiesOf(sink), ["one", "two", "three", "four"]);
  assertEquals([sink.asked, log.reads], [["ready"], []]);
  assertEquals(room.replay.after(0), undefined, "nobody is behind");
});

Deno.test("RoomFeed.deliver() replays the same array that the others got", async () => {
  const sink = new TrialSink();
  const { open, say, reader } = setUp(sink);
  const runs: (readonly RoomEvent[])[] = [];
  const { take } = sink;
  sink.take = function (room, run) {
    runs.push(run);
    return take.call(sink, room, run);
  };
  const room = open("lobby");
  sink.limit(0, Infinity);
  await say(room, "one", "two");
  await untilLive(reader);
  assertEquals(runs.length, 2);
  assert(runs[0] === runs[1], "rendered once for all");
});

Deno.test("RoomFeed reads older events from the log, never past the last one published", async () => {
  const sink = new TrialSink();
  const gate = Promise.withResolvers<void>();
  const { reader, open, say, log } = setUp(sink);
  const room = open("lobby");
  sink.limit(0, Infinity);
  sink.gate = gate.promise;
  for (let number = 0; number < 20; number++) await say(room, `${number} ${LARGE}`);
  // In the log, but not published yet: these must come live.
  const untold = await log.append([draftOf("lobby", "20"), draftOf("lobby", "21")]);
  gate.resolve();
  await untilLive(reader);
  room.fanOut(untold);
  assertEquals(numbersOf(sink.taken), Array.from({ length: 22 }, (_, index) => index + 1));
  assert(log.reads.length > 0);
  for (const { after, limit } of log.reads) {
    assert(limit <= 128 && after + limit <= 20, `read ${limit} after ${after}`);
  }
});

Deno.test("RoomFeed offers again only runs that the sink did not take", async () => {
  const sink = new TrialSink();
  const { reader, open, say } = setUp(sink);
  const room = open("lobby");
  sink.limit(0, 1);
  await say(room, "one");
  for (const body of ["two", "three", "four"]) await say(room, body);
  await untilLive(reader);
  assertEquals(bodiesOf(sink), ["one", "two", "three", "four"]);
});

Deno.test("RoomFeed waits for an empty sink with a run that does not fit", async () => {
  /** Like an outbox: takes anything while empty, otherwise up to three events. */
  class SmallSink extends TrialSink {
    queued = 0;
    override take(_room: RoomStream, run: readonly RoomEvent[]): boolean {
      if (this.queued > 0 && this.queued + run.length > 3) return false;
      this.queued += run.length;
      this.taken.push(...run);
      return true;
    }
    override ready(): Promise<boolean> {
      this.asked.push("ready");
      this.queued = Math.min(this.queued, 1);
      return Promise.resolve(true);
    }
    override drained(): Promise<boolean> {
      this.asked.push("drained");
      this.queued = 0;
      return Promise.resolve(true);
    }
  }
  const sink = new SmallSink();
  const { reader, open, say } = setUp(sink);
  const room = open("lobby");
  await say(room, "one");
  await say(room, "two", "three", "four", "five", "six");
  await untilLive(reader);
  assertEquals(bodiesOf(sink), ["one", "two", "three", "four", "five", "six"]);
  assertEquals(sink.asked, ["ready", "drained"]);
});

Deno.test("RoomFeed hands over events from the log in runs of at most 8192 characters", async () => {
  const sink = new TrialSink();
  const { reader, open, say } = setUp(sink);
  const lengths: number[] = [];
  sink.take = (_room, run) => {
    if (sink.asked.length === 0) return false;
    lengths.push(run.reduce((sum, { body }) => sum + body.length, 0));
    sink.taken.push(...run);
    return true;
  };
  const room = open("lobby");
  const gate = Promise.withResolvers<void>();
  sink.gate = gate.promise;
  await say(room, "first");
  sink.asked.length = 0;
  for (let number = 0; number < 200; number++) await say(room, "y".repeat(1000));
  await say(room, LARGE);
  for (let number = 0; number < 10; number++) await say(room, LARGE);
  sink.asked.push("go");
  gate.resolve();
  await untilLive(reader);
  assertEquals(sink.taken.length, 212);
  assertEquals(Math.max(...lengths.filter((length) => length < LARGE.length)) <= 8192, true);
  assert(lengths.every((length) => length <= LARGE.length), "a large event comes alone");
});

Deno.test("RoomFeed.leave() of a room that was read ahead delivers nothing more of it", async () => {
  const sink = new TrialSink();
  const gate = Promise.withResolvers<void>();
  const reading = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  class GatedLog extends TrialLog {
    override async read(room: string, after: number, limit: number): Promise<RoomEvent[]> {
      reading.resolve();
      await goOn.promise;
      return super.read(room, after, limit);
    }
  }
  const { reader, open, leave, say } = setUp(sink, new GatedLog());
  const tea = open("tea");
  const milk = open("milk");
  sink.limit(0, Infinity);
  sink.gate = gate.promise;
  await say(tea, "t1");
  for (let number = 0; number < 20; number++) await say(milk, `m${number} ${LARGE}`);
  gate.resolve();
  // By now #tea has been read ahead, and #milk is being read from the log.
  await reading.promise;
  leave(tea);
  goOn.resolve();
  await untilLive(reader);
  assertEquals(sink.taken.filter(({ room }) => room === "tea"), []);
  assertEquals(sink.taken.length, 20);
  // The buffer knows that nobody is behind.
  tea.fanOut([{ ...sink.taken[0], room: "tea", seq: 2 }]);
  assertEquals(tea.replay.after(1), undefined);
  tea.replay.hold();
  tea.fanOut([{ ...sink.taken[0], room: "tea", seq: 3 }]);
  assertEquals(numbersOf(tea.replay.after(2) ?? []), [3]);
});

Deno.test("RoomFeed.leave() while the log is being read is final, even if the log is empty", async () => {
  const gate = Promise.withResolvers<void>();
  const reading = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  class EmptyLog extends TrialLog {
    override async read(): Promise<RoomEvent[]> {
      reading.resolve();
      await goOn.promise;
      return [];
    }
  }
  const sink = new TrialSink();
  const { reader, open, leave, say } = setUp(sink, new EmptyLog());
  const room = open("lobby");
  sink.limit(0, Infinity);
  sink.gate = gate.promise;
  for (let number = 0; number < 20; number++) await say(room, LARGE);
  gate.resolve();
  await reading.promise;
  leave(room);
  goOn.resolve();
  await untilLive(reader);
  assertEquals(sink.taken, []);
  // The buffer counts only this hold.
  room.replay.hold();
  await say(room, "later");
  assertEquals(numbersOf(room.replay.after(20) ?? []), [21]);
});

Deno.test("RoomFeed.leave() and enter() while behind start at the room's last event", async () => {
  const sink = new TrialSink();
  const gate = Promise.withResolvers<void>();
  const { reader, open, leave, say } = setUp(sink);
  const tea = open("tea");
  const milk = open("milk");
  sink.limit(0, Infinity);
  sink.gate = gate.promise;
  await say(milk, "m1");
  await say(tea, "t1");
  leave(tea);
  await say(tea, "t2");
  reader.enter(tea);
  await say(tea, "t3");
  await say(milk, "m2");
  gate.resolve();
  await untilLive(reader);
  assertEquals(bodiesOf(sink), ["m1", "t3", "m2"]);
});

Deno.test("RoomFeed becomes live again after leaving all rooms", async () => {
  const sink = new TrialSink();
  const { reader, open, leave, say } = setUp(sink);
  const room = open("lobby");
  sink.limit(0, Infinity);
  await say(room, "one");
  leave(room);
  await untilLive(reader);
  await say(open("tea"), "two");
  assertEquals(bodiesOf(sink), ["two"]);
});

Deno.test("RoomFeed stops if the sink has ended, and leave() releases the replay buffer", async () => {
  const sink = new TrialSink();
  const { reader, open, leave, say } = setUp(sink);
  const room = open("lobby");
  sink.limit(0, Infinity);
  sink.isAlive = false;
  await say(room, "one");
  await nextTurn();
  await say(room, "two");
  assertEquals([reader.isBehind, sink.taken, sink.failures], [true, [], []]);
  assertEquals(numbersOf(room.replay.after(1)!), [2]);
  leave(room);
  assertEquals(room.replay.after(1), undefined);
});

Deno.test("RoomFeed tells the sink once that the log cannot be read", async () => {
  const sink = new TrialSink();
  const gate = Promise.withResolvers<void>();
  const { open, say, log } = setUp(sink);
  const room = open("lobby");
  sink.limit(0, Infinity);
  sink.gate = gate.promise;
  for (let number = 0; number < 20; number++) await say(room, LARGE);
  log.isUnreadable = true;
  gate.resolve();
  await nextTurn();
  await say(room, "later");
  await nextTurn();
  assertEquals([sink.failures, sink.taken], [["The log cannot be read right now."], []]);
});

Deno.test("RoomFeed skips events that the log no longer has", async () => {
  /** A log whose first events have been swept, and that grows while it is read. */
  class SweptLog extends TrialLog {
    sweptUpTo = 0;
    whileReading = (): Promise<void> => Promise.resolve();
    override async read(room: string, after: number, limit: number): Promise<RoomEvent[]> {
      const events = await super.read(room, Math.max(after, this.sweptUpTo), limit);
      await this.whileReading();
      return events;
    }
  }
  const log = new SweptLog();
  const sink = new TrialSink();
  const gate = Promise.withResolvers<void>();
  const { reader, open, say } = setUp(sink, log);
  const room = open("lobby");
  sink.limit(0, Infinity);
  sink.gate = gate.promise;
  for (let number = 0; number < 20; number++) await say(room, LARGE);
  log.sweptUpTo = 20;
  log.whileReading = () => {
    log.whileReading = () => Promise.resolve();
    return say(room, "21", "22");
  };
  gate.resolve();
  await untilLive(reader);
  assertEquals(numbersOf(sink.taken), [21, 22]);

  // Swept up to the middle: a page must not reach into unpublished events.
  sink.taken.length = 0;
  sink.limit(0, Infinity);
  const second = Promise.withResolvers<void>();
  sink.gate = second.promise;
  for (let number = 0; number < 18; number++) await say(room, LARGE);
  await say(room, "41", "42");
  const more = await log.append([draftOf("lobby", "43")]);
  log.sweptUpTo = 40;
  second.resolve();
  await untilLive(reader);
  room.fanOut(more);
  assertEquals(numbersOf(sink.taken), [41, 42, 43]);
});

/** A slow outbox: takes what fits, at times nothing, and drains slowly. */
class SlowSink implements EventSink {
  readonly label = "slow";
  readonly visits = new Map<RoomStream, { next: number }>();
  readonly problems: string[] = [];
  refusals = 0;
  taken = 0;
  readonly #random: SeededRandom;
  #queued = 0;
  #waiters: { atMost: number; resolve: (goesOn: boolean) => void }[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  take(room: RoomStream, run: readonly RoomEvent[], _isLive: boolean): boolean {
    const full = this.#queued + run.length > 40 || this.#random.int(4) === 0;
    if (this.#queued > 0 && full) {
      this.refusals++;
      return false;
    }
    this.#queued += run.length;
    this.taken += run.length;
    const visit = this.visits.get(room);
    if (!visit) this.problems.push(`#${room.name} was left, but comes ${run[0].seq}`);
    for (const { seq, room: name } of visit ? run : []) {
      if (name !== room.name) this.problems.push(`#${name} comes as #${room.name}`);
      if (seq !== visit!.next) this.problems.push(`#${name}: ${seq} comes for ${visit!.next}`);
      visit!.next = seq + 1;
    }
    return true;
  }

  ready(): Promise<boolean> {
    return this.#until(10);
  }

  drained(): Promise<boolean> {
    return this.#until(0);
  }

  fail(reason: Error): void {
    this.problems.push(reason.message);
  }

  /** Lets the peer read some of it. */
  drain(count: number): void {
    this.#queued = Math.max(0, this.#queued - count);
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) {
      if (this.#queued <= waiter.atMost) waiter.resolve(true);
      else this.#waiters.push(waiter);
    }
  }

  #until(atMost: number): Promise<boolean> {
    if (this.#queued <= atMost) return Promise.resolve(true);
    return new Promise((resolve) => this.#waiters.push({ atMost, resolve }));
  }
}

/** A slow outbox that wants the order of all rooms. */
class OrderedSink extends SlowSink {
  readonly isInOrder = true;
  /** Of what was read back since the last live run. */
  #lastId = 0;

  override take(room: RoomStream, run: readonly RoomEvent[], isLive: boolean): boolean {
    const isTaken = super.take(room, run, isLive);
    if (!isTaken) return false;
    if (!isLive && run[0].id < this.#lastId) {
      this.problems.push(`${run[0].id} of #${room.name} comes after ${this.#lastId}`);
    }
    this.#lastId = isLive ? 0 : run[run.length - 1].id;
    return true;
  }
}

for (const seed of [11, 12, 13, 14, 15, 16, 17, 18]) {
  Deno.test(`RoomFeed gives a slow sink every event of every room once, in order (seed ${seed})`, async () => {
    const random = new SeededRandom(seed);
    const log = new TrialLog();
    log.hesitation = random;
    const rooms = ["tea", "milk", "lobby", "hall"].map((name) => new Room(name));
    const readers = Array.from({ length: 3 }, (_, index) => {
      const sink = index === 0 ? new OrderedSink(random) : new SlowSink(random);
      return { sink, ...setUp(sink, log) };
    });
    type Slow = typeof readers[number];

    const come = ({ sink, reader }: Slow, room: Room) => {
      reader.enter(room);
      sink.visits.set(room, { next: room.lastSeq + 1 });
    };
    const go = ({ sink, leave }: Slow, room: Room) => {
      leave(room);
      sink.visits.delete(room);
    };
    const problems: string[] = [];
    log.beforeReading = (name, after, limit) => {
      const { lastSeq } = rooms.find((room) => room.name === name)!;
      if (after + limit > lastSeq) problems.push(`#${name}: read ${limit} after ${after}`);
    };
    const talk = async () => {
      const drafts = Array.from({ length: 1 + random.int(12) }, () => {
        const body = random.int(3) === 0 ? LARGE.slice(random.int(LARGE.length)) : "short";
        return draftOf(random.pick(rooms).name, body);
      });
      // In pieces, as the sequencer publishes large batches.
      const events = await log.append(drafts);
      for (let start = 0; start < events.length; start += 8) {
        const stride = events.slice(start, start + 8);
        for (const room of rooms) {
          const run = stride.filter((event) => event.room === room.name);
          if (run.length > 0) room.fanOut(run);
        }
        await nextTurn();
      }
    };
    for (const slow of readers) rooms.slice(0, 2).forEach((room) => come(slow, room));
    let caughtUp = 0;
    for (let step = 0; step < 1500; step++) {
      const behind = readers.filter(({ reader }) => reader.isBehind);
      await talk();
      caughtUp += behind.filter(({ reader }) => !reader.isBehind).length;
      const slow = random.pick(readers);
      const room = random.pick(rooms);
      if (random.int(5) === 0) {
        if (slow.sink.visits.has(room)) go(slow, room);
        else come(slow, room);
      }
      // Nothing is read for a while, then everything.
      for (const { sink } of readers) if (step % 80 > 50) sink.drain(random.int(60));
    }
    for (let turn = 0; readers.some(({ reader }) => reader.isBehind); turn++) {
      assert(turn < 20_000, "a reader never catches up");
      for (const { sink } of readers) sink.drain(1 + random.int(60));
      await nextTurn();
    }
    for (const { sink } of readers) {
      problems.push(...sink.problems);
      for (const [room, { next }] of sink.visits) {
        if (next !== room.lastSeq + 1) problems.push(`#${room.name} ends before ${next}`);
      }
      assert(sink.taken > 500 && sink.refusals > 50, `${sink.taken} taken, ${sink.refusals} not`);
    }
    assertEquals(problems, []);
    assert(caughtUp > 5, `only ${caughtUp} times caught up`);
    assert(log.reads.length > 50, `only ${log.reads.length} reads of the log`);
    for (const room of rooms) {
      for (const slow of readers) if (slow.sink.visits.has(room)) go(slow, room);
      await say(log, room, ["the last"]);
      assertEquals(room.replay.after(room.lastSeq - 1), undefined, `the tail of #${room.name}`);
    }
  });
}

Deno.test("RoomFeed.enter() after an old number feeds everything since, and then becomes live", async () => {
  class PatientSink extends TrialSink {
    caught = 0;
    caughtUp(): void {
      this.caught++;
    }
  }
  const sink = new PatientSink();
  const { log, reader, open, say } = setUp(sink);
  const other = open("other");
  await say(other, "here");
  const room = new Room("lobby");
  for (let number = 1; number <= 300; number++) await say(room, `${number}`);
  sink.limit(1, 2);
  reader.enter(room, 100);
  assertEquals([reader.isBehind, sink.caught], [true, 0]);
  await say(room, "301");
  await say(other, "there");
  await untilLive(reader);
  sink.limit(2, 2);
  await say(room, "302");
  const lobby = sink.taken.filter((event) => event.room === "lobby");
  assertEquals(numbersOf(lobby), Array.from({ length: 202 }, (_, index) => 101 + index));
  assertEquals(
    sink.taken.filter((event) => event.room === "other").map(({ body }) => body),
    ["here", "there"],
  );
  assertEquals(sink.caught, 1);
  assert(log.reads.length > 0);
  reader.enter(other, other.lastSeq);
  assertEquals(reader.isBehind, false);
});

Deno.test("RoomFeed skips to the kept events, and delivers the gap for the rest", async () => {
  const sink = new TrialSink();
  const { reader, open, say, log } = setUp(sink);
  const room = open("lobby");
  sink.limit(1, 1);
  const gate = Promise.withResolvers<void>();
  sink.gate = gate.promise;
  // So large that the replay buffer has dropped the first of them.
  for (let number = 1; number <= 20; number++) await say(room, `${number} ${LARGE}`);
  assertEquals([reader.isBehind, numbersOf(sink.taken)], [true, [1]]);
  const [{ id, bytes }] = await log.extents(0, 1);
  const goal = { now: 0, before: -Infinity, bytes: bytes / 2 };
  while (await log.sweep(id, goal));
  const [{ untold }] = await log.extents(0, 1);
  room.fanOut(await log.append([retentionGap("lobby", untold!, {})]));
  gate.resolve();
  await untilLive(reader);
  const kept = Array.from({ length: 21 - untold!.last }, (_, index) => untold!.last + 1 + index);
  assertEquals(kept.length > 5, true);
  assertEquals(numbersOf(sink.taken), [1, ...kept]);
  assertEquals(sink.taken.at(-1)!.kind, "gap");
});

Deno.test("RoomFeed delivers the gap if nothing else is left", async () => {
  const sink = new TrialSink();
  const { reader, open, say, log } = setUp(sink);
  const room = open("lobby");
  sink.limit(1, 1);
  const gate = Promise.withResolvers<void>();
  sink.gate = gate.promise;
  for (let number = 1; number <= 20; number++) await say(room, `${number} ${LARGE}`);
  const goal = { now: 0, before: -Infinity, bytes: 0 };
  while (await log.sweep(1, goal));
  gate.resolve();
  // Before there is a gap: only the replay buffer still has events.
  await nextTurn();
  const [{ untold }] = await log.extents(0, 1);
  room.fanOut(await log.append([retentionGap("lobby", untold!, {})]));
  await untilLive(reader);
  const numbers = numbersOf(sink.taken);
  assertEquals([numbers[0], numbers.at(-1)], [1, 21]);
  assertEquals(numbers, numbers.toSorted((a, b) => a - b));
  assertEquals(sink.taken.at(-1)!.fields!.last, 20);
  await say(room, "live");
  await untilLive(reader);
  assertEquals(bodiesOf(sink).at(-1), "live");
});

/** Redacts an event as mia. */
async function redact(log: TrialLog, room: Room, of: number): Promise<void> {
  room.fanOut(await log.append([redactionDraft({ room: room.name, from: "mia", of, why: "" })]));
}

Deno.test("RoomFeed never hands over a text that was redacted while the reader was behind", async () => {
  const sink = new TrialSink();
  const { log, reader, open, say } = setUp(sink);
  const room = open("lobby");
  sink.limit(0, 100);
  const gate = Promise.withResolvers<void>();
  sink.gate = gate.promise;
  // The first is only in the log, the others in the replay buffer.
  for (let count = 0; count < 10; count++) await say(room, LARGE);
  await say(room, "small", "other");
  await redact(log, room, 1);
  await redact(log, room, 11);
  gate.resolve();
  await untilLive(reader);
  assertEquals(numbersOf(sink.taken), Array.from({ length: 14 }, (_, index) => index + 1));
  assertEquals(bodiesOf(sink).filter((body) => body !== "xxxxxxxxxx"), ["", "", "other", "", ""]);
  assertEquals(sink.taken[0].fields?.redacted, "mia");
  assertEquals(sink.taken[10].fields?.redacted, "mia");
});

Deno.test("RoomFeed redacts a page that was read before the redaction was published", async () => {
  const sink = new TrialSink();
  const { log, reader, open, say } = setUp(sink);
  const room = open("lobby");
  sink.limit(0, 100);
  const gate = Promise.withResolvers<void>();
  sink.gate = gate.promise;
  for (let count = 0; count < 10; count++) await say(room, LARGE);
  const [read, published] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const store = log.read.bind(log);
  log.read = async (...place) => {
    const page = await store(...place);
    read.resolve();
    await published.promise;
    return page;
  };
  gate.resolve();
  await read.promise;
  await redact(log, room, 2);
  published.resolve();
  await untilLive(reader);
  assertEquals(sink.taken[1].fields?.redacted, "mia");
  assertEquals(sink.taken.filter(({ body }) => body === "").map(({ seq }) => seq), [2, 11]);
});

Deno.test("RoomFeed hands over no redacted text, whatever happens at whatever time", async () => {
  const random = new SeededRandom(SEED);
  for (let round = 0; round < rounds(30, 1000); round++) {
    const log = new TrialLog();
    log.hesitation = random;
    const sink = new TrialSink();
    const { reader, open } = setUp(sink, log);
    const rooms = [open("lobby"), open("tea")];
    const published = new Map(rooms.map((room) => [room.name, new Set<number>()]));
    const taken: string[] = [];
    sink.limit(0, 2);
    const take = sink.take.bind(sink);
    sink.take = (room, run) => {
      if (!take(room, run)) return false;
      for (const { seq, fields, kind } of run) {
        const isLate = published.get(room.name)!.has(seq) && kind === "message";
        if (isLate && !fields?.redacted) taken.push(`${room.name}#${seq}`);
      }
      return true;
    };
    for (let act = 0; act < 40; act++) {
      const room = random.pick(rooms);
      if (random.int(4) > 0) {
        const size = random.int(5) === 0 ? 400_000 : 3000;
        await say(log, room, Array.from({ length: 1 + random.int(3) }, () => "x".repeat(size)));
      } else if (room.lastSeq > 0) {
        const of = 1 + random.int(room.lastSeq);
        const draft = redactionDraft({ room: room.name, from: "mia", of, why: "" });
        const events = await log.append([draft]);
        published.get(room.name)!.add(of);
        room.fanOut(events);
      }
      for (let turns = random.int(4); turns > 0; turns--) await nextTurn();
    }
    await untilLive(reader);
    assertEquals(taken, [], `seed ${SEED}, round ${round}`);
    for (const room of rooms) {
      const seqs = numbersOf(sink.taken.filter((event) => event.room === room.name));
      assertEquals(seqs, Array.from({ length: room.lastSeq }, (_, index) => index + 1));
    }
  }
});

Deno.test("RoomFeed tells how much was not kept, if the text is no longer in memory", async () => {
  const sink = new TrialSink();
  const gate = Promise.withResolvers<void>();
  const { reader, open, say, log } = setUp(sink);
  const room = open("lobby");
  await say(room, "kept");
  sink.limit(0, Infinity);
  sink.gate = gate.promise;
  for (let number = 0; number < 10; number++) {
    const draft = draftOf("lobby", `${number} ${LARGE}`);
    const [event] = await log.append([loggedForm({ ...NO_NUMBERS, ...draft, isUnlogged: true })]);
    room.fanOut([{ ...event, ...draft, isUnlogged: true }]);
  }
  gate.resolve();
  await untilLive(reader);
  assertEquals(sink.taken.map(({ seq, kind, body, fields }) => ({ seq, kind, body, fields })), [
    { seq: 1, kind: "message", body: "kept", fields: undefined },
    {
      seq: 11,
      kind: "gap",
      body: "",
      fields: { reason: "no-log", count: 10, first: 2, last: 11 },
    },
  ]);
});

const NO_NUMBERS = { id: 0, seq: 0, at: 0 };

Deno.test("RoomFeed counts what its sink took, and how often it fell behind", async () => {
  const feeds = new FeedTally();
  const sink = new TrialSink();
  const { open, say } = setUp(sink, Object.assign(new TrialLog(), { feeds }));
  const room = open("ops");
  await say(room, "one", "two");
  assertEquals({ ...feeds }, { delivered: 2, behind: 0, catchUps: 0 });

  const gate = Promise.withResolvers<void>();
  sink.gate = gate.promise;
  sink.limit(0, 10);
  await say(room, "three");
  assertEquals({ ...feeds }, { delivered: 2, behind: 1, catchUps: 1 });
  gate.resolve();
  await nextTurn();
  assertEquals({ ...feeds }, { delivered: 3, behind: 0, catchUps: 1 });
});

Deno.test("RoomFeed does not count as behind once its sink has ended", async () => {
  const feeds = new FeedTally();
  const sink = new TrialSink();
  const { open, say } = setUp(sink, Object.assign(new TrialLog(), { feeds }));
  sink.limit(0);
  sink.isAlive = false;
  await say(open("ops"), "lost");
  await nextTurn();
  assertEquals({ ...feeds }, { delivered: 0, behind: 0, catchUps: 1 });
});
