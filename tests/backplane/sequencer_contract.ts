/**
 * The contract test of sequencers, for any log.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Clock } from "../../lib/clock.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import type { Sequencer, SequencerListener } from "../../lib/domain/sequencer.ts";
import { FakeClock, nextTurn } from "../support/fake_clock.ts";
import { RecordedLog } from "../support/recorded_log.ts";
import { draftOf, numbersOf } from "../support/room_events.ts";
import type { AppendableLog } from "../support/trial_log.ts";

/** Records the outcome of drafts. */
export class FakeListener implements SequencerListener {
  readonly calls: (readonly RoomEvent[])[] = [];
  readonly refusals: (readonly Draft[])[] = [];
  readonly reasons: string[] = [];
  /** Called with each run of events after it is recorded. */
  onCommitted: (events: readonly RoomEvent[]) => void = () => {};
  /** Called with each refusal after it is recorded. */
  onRefused: (drafts: readonly Draft[]) => void = () => {};

  get events(): RoomEvent[] {
    return this.calls.flat();
  }

  get bodies(): string[] {
    return this.events.map(({ body }) => body);
  }

  get refusedBodies(): string[] {
    return this.refusals.flat().map(({ body }) => body);
  }

  committed(events: readonly RoomEvent[]): void {
    this.calls.push(events);
    this.onCommitted(events);
  }

  refused(drafts: readonly Draft[], reason: Error): void {
    this.refusals.push(drafts);
    this.reasons.push(reason.message);
    this.onRefused(drafts);
  }
}

/** A log for a sequencer to write to. */
export interface TrialSequencerLog extends AsyncDisposable {
  readonly log: AppendableLog & { isFull: boolean };
}

/** Makes a sequencer that writes to a log. It may have to be closed. */
export type Create = (
  log: AppendableLog,
  clock: Clock,
) => Promise<Sequencer & Partial<AsyncDisposable>> | Sequencer;

async function openScene(create: Create, open: () => TrialSequencerLog) {
  const clock = new FakeClock();
  const trial = open();
  const { log } = trial;
  const sequencer = await create(log, clock);
  const listener = new FakeListener();
  sequencer.listen(listener);
  const submit = (...bodies: string[]) => {
    for (const body of bodies) sequencer.submit(draftOf("lobby", body));
  };
  const dispose = async () => {
    await (sequencer as Partial<AsyncDisposable>)[Symbol.asyncDispose]?.();
    await trial[Symbol.asyncDispose]();
  };
  return { clock, log, sequencer, listener, submit, [Symbol.asyncDispose]: dispose };
}

/** Registers the contract tests for a sequencer on one kind of log. */
export function testSequencer(name: string, create: Create, open: () => TrialSequencerLog): void {
  const setUp = () => openScene(create, open);

  Deno.test(`${name}.submit() delivers nothing before it returns`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, submit, log } = scene;
    submit("one");
    assertEquals([listener.calls, await log.lastId()], [[], 0]);
    await sequencer.settled();
    assertEquals(listener.bodies, ["one"]);
  });

  Deno.test(`${name} keeps the order of each room, and numbers without gaps`, async () => {
    await using scene = await setUp();
    const { sequencer, listener } = scene;
    const bodies = Array.from({ length: 500 }, (_, number) => `${number}`);
    bodies.forEach((body, index) => sequencer.submit(draftOf(["tea", "milk"][index % 2], body)));
    await sequencer.settled();
    assertEquals(listener.events.map(({ id }) => id), bodies.map((_, index) => index + 1));
    for (const [parity, name] of ["tea", "milk"].entries()) {
      const own = listener.events.filter(({ room }) => room === name);
      assertEquals(own.map(({ body }) => body), bodies.filter((_, index) => index % 2 === parity));
      assertEquals(numbersOf(own), own.map((_, index) => index + 1));
    }
    sequencer.submit(draftOf("milk", "more"));
    await sequencer.settled();
    const { id, seq } = listener.events[500];
    assertEquals([id, seq], [501, 251]);
  });

  Deno.test(`${name} stamps a whole batch with the current time`, async () => {
    await using scene = await setUp();
    const { clock, sequencer, listener, submit } = scene;
    const start = clock.now();
    submit("one", "two");
    await sequencer.settled();
    await clock.advance(1234);
    submit("three");
    await sequencer.settled();
    assertEquals(listener.events.map(({ at }) => at - start), [0, 0, 1234]);
  });

  Deno.test(`${name} spells a room as the event says that gives it other capitals`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, log } = scene;
    sequencer.submit(draftOf("tea"));
    sequencer.submit({ ...draftOf("tea"), kind: "notice", fields: { respelled: "TEA" } });
    sequencer.submit(draftOf("tea"));
    await sequencer.settled();
    sequencer.submit(draftOf("Tea"));
    await sequencer.settled();
    assertEquals(numbersOf(listener.events), [1, 2, 3, 4]);
    assertEquals(listener.events.map(({ room }) => room), ["tea", "tea", "TEA", "TEA"]);
    assertEquals((await log.rooms(10)).map(({ name }) => name), ["TEA"]);
  });

  Deno.test(`${name} compares rooms without case and spells them as first written`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, log } = scene;
    const spellings = ["Tea-Straße", "TEA-STRASSE", "tea-straße", "ｔｅａ-strasse"];
    for (const room of spellings) sequencer.submit(draftOf(room));
    await sequencer.settled();
    for (const room of spellings) sequencer.submit(draftOf(room));
    await sequencer.settled();
    assertEquals(numbersOf(listener.events), [1, 2, 3, 4, 5, 6, 7, 8]);
    assertEquals(new Set(listener.events.map(({ room }) => room)), new Set(["Tea-Straße"]));
    assertEquals((await log.rooms(10)).length, 1);
  });

  Deno.test(`${name} delivers what is not to be logged, and keeps the log from its text`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, log } = scene;
    sequencer.submit(draftOf("ops", "kept"));
    sequencer.submit(draftOf("ops", "secret", { isUnlogged: true, via: "tcp", origin: 5 }));
    await sequencer.settled();
    assertEquals(listener.bodies, ["kept", "secret"]);
    assertEquals(listener.events[1].isUnlogged, true);
    const stored = await log.read("ops", 0, 10);
    assertEquals(stored.map(({ seq, from, body }) => [seq, from, body]), [
      [1, "ann", "kept"],
      [2, "(not kept)", ""],
    ]);
    assertEquals([stored[1].via, stored[1].origin], [undefined, undefined]);
  });

  Deno.test(`${name} continues the numbers of its log`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, log } = scene;
    await log.append([draftOf("Tea", "one"), draftOf("milk", "m"), draftOf("tea", "two")]);
    for (const room of ["hall", "TEA", "milk"]) sequencer.submit(draftOf(room, "later"));
    await sequencer.settled();
    assertEquals(listener.events.map(({ id, room, seq }) => [id, room, seq]), [
      [4, "hall", 1],
      [5, "Tea", 3],
      [6, "milk", 2],
    ]);
  });

  Deno.test(`${name} numbers without gaps if a batch has more rooms than the cache`, async () => {
    await using scene = await setUp();
    const { sequencer, listener } = scene;
    for (let room = 0; room < 10_000; room++) sequencer.submit(draftOf(`r${room}`, "x"));
    await sequencer.settled();
    const rooms = ["r0", "one more", "r0", "R0", "one more"];
    for (const room of rooms) sequencer.submit(draftOf(room));
    await sequencer.settled();
    const events = listener.events.slice(10_000);
    assertEquals(events.map(({ room, seq }) => [room, seq]), [
      ["r0", 2],
      ["r0", 3],
      ["r0", 4],
      ["one more", 1],
      ["one more", 2],
    ]);
  });

  Deno.test(`${name} delivers every property of a draft, as the log stores it`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, log } = scene;
    const draft: Draft = {
      room: "lobby",
      kind: "log",
      from: "make",
      body: "done",
      fields: { level: 3 },
      via: "tcp",
      origin: 7,
    };
    sequencer.submit(draft);
    await sequencer.settled();
    const [event] = listener.events;
    assertEquals({ ...event }, { ...draft, id: 1, seq: 1, at: event.at });
    const [stored] = await log.read("lobby", 0, 10);
    assertEquals({ ...stored }, { ...event });
  });

  Deno.test(`${name} stores events before it delivers them`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, submit, log } = scene;
    const kept: Promise<RoomEvent[]>[] = [];
    listener.onCommitted = (events) => kept.push(log.read("lobby", events[0].seq - 1, 1));
    submit("one", "two");
    await sequencer.settled();
    submit("three");
    await sequencer.settled();
    const found = (await Promise.all(kept)).flat();
    assertEquals(found, listener.calls.map(([first]) => first));
  });

  Deno.test(`${name}.settled() resolves at once if nothing was submitted`, async () => {
    await using scene = await setUp();
    const { sequencer, submit } = scene;
    await sequencer.settled();
    submit("one");
    await sequencer.settled();
    await sequencer.settled();
  });

  Deno.test(`${name}.settled() does not wait for drafts that a listener submits`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, submit } = scene;
    // People who never stop talking must not hold up the caller.
    listener.onCommitted = ({ length }) => {
      if (listener.events.length < 200) submit(`and ${length} more`);
    };
    submit("one");
    await sequencer.settled();
    const settledAfter = listener.events.length;
    assert(settledAfter < 10, `only after ${settledAfter} events`);
    for (let turn = 0; turn < 1000 && listener.events.length < 200; turn++) await nextTurn();
    assertEquals(listener.events.length, 200);
  });

  Deno.test(`${name}.settled() called during delivery waits for the drafts submitted by then`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, submit } = scene;
    const settled: Promise<string[]>[] = [];
    listener.onCommitted = () => {
      if (settled.length > 0) return;
      submit("two");
      settled.push(sequencer.settled().then(() => listener.bodies));
    };
    submit("one");
    await sequencer.settled();
    assertEquals(await settled[0], ["one", "two"]);
  });

  Deno.test(`${name}.isBusy is true while too much is waiting`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, submit } = scene;
    assertEquals(sequencer.isBusy, false);
    const large = "x".repeat(100_000);
    for (let number = 0; !sequencer.isBusy; number++) {
      assert(number < 1000, "never busy");
      submit(large);
    }
    assert(sequencer.hasEnough);
    await sequencer.settled();
    assertEquals(sequencer.isBusy, false);
    assert(listener.events.every(({ body }) => body === large));
  });

  Deno.test(`${name}.hasEnough is true long before isBusy`, async () => {
    await using scene = await setUp();
    const { sequencer, submit } = scene;
    assertEquals(sequencer.hasEnough, false);
    const line = "x".repeat(100);
    for (let number = 0; !sequencer.hasEnough; number++) {
      assert(number < 10_000, "never enough");
      submit(line);
    }
    assertEquals(sequencer.isBusy, false);
    await sequencer.settled();
    assertEquals(sequencer.hasEnough, false);
  });

  Deno.test(`${name}.isBusy counts empty drafts, too`, async () => {
    await using scene = await setUp();
    const { sequencer, submit } = scene;
    for (let number = 0; !sequencer.isBusy; number++) {
      assert(number < 100_000, "never busy");
      submit("");
    }
    await sequencer.settled();
  });

  Deno.test(`${name} delivers a large batch in order over several turns`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, submit } = scene;
    const large = "x".repeat(20_000);
    const bodies = Array.from({ length: 30 }, (_, number) => `${number} ${large}`);
    let turns = 0;
    const turnsAtCalls: number[] = [];
    listener.onCommitted = () => {
      turnsAtCalls.push(turns);
      nextTurn().then(() => turns++);
    };
    submit(...bodies);
    await sequencer.settled();
    assertEquals(listener.bodies, bodies);
    assertEquals(turnsAtCalls, turnsAtCalls.map((_, call) => call));
    assert(listener.calls.length >= 5, `${listener.calls.length} calls`);
    assert(listener.calls.every((events) => events.length > 0));
  });

  Deno.test(`${name} delivers drafts submitted during a large batch after it`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, submit } = scene;
    const large = "x".repeat(50_000);
    listener.onCommitted = () => {
      if (listener.calls.length === 1) submit("late");
    };
    submit(large, large, large, large, "last");
    await sequencer.settled();
    assertEquals(listener.bodies.at(-1), "last");
    await sequencer.settled();
    assertEquals(listener.bodies.slice(-2), ["last", "late"]);
    assertEquals(listener.events.map(({ seq }) => seq), [1, 2, 3, 4, 5, 6]);
  });

  Deno.test(`${name} logs an exception of its listener and continues`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, submit } = scene;
    using recorded = new RecordedLog("error");
    const { lines } = recorded;
    listener.onCommitted = () => {
      throw new RangeError("broken listener");
    };
    const large = "x".repeat(50_000);
    submit(large, large, large);
    await sequencer.settled();
    submit("four");
    await sequencer.settled();
    assertEquals(numbersOf(listener.events), [1, 2, 3, 4]);
    const faults = lines.filter((line) => line.includes("broken listener"));
    assertEquals(faults.length, listener.calls.length, lines.join("\n"));
  });
}

/** Registers the tests for a sequencer that refuses what its log cannot store. */
export function testRefusal(name: string, create: Create, open: () => TrialSequencerLog): void {
  const setUp = () => openScene(create, open);

  Deno.test(`${name} refuses only drafts that a full log cannot store`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, submit, log } = scene;
    submit("one");
    await sequencer.settled();
    log.isFull = true;
    submit("two", "three");
    await sequencer.settled();
    submit("four");
    await sequencer.settled();
    log.isFull = false;
    submit("five");
    await sequencer.settled();
    assertEquals(listener.bodies, ["one", "five"]);
    assertEquals(listener.refusedBodies, ["two", "three", "four"]);
    assertEquals(new Set(listener.reasons), new Set(["database or disk is full"]));
    assertEquals(listener.events.map(({ id, seq }) => [id, seq]), [[1, 1], [2, 2]]);
  });

  Deno.test(`${name} uses no number and creates no room for refused drafts`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, submit, log } = scene;
    submit("one");
    await sequencer.settled();
    for (let attempt = 0; attempt < 3; attempt++) {
      log.isFull = true;
      for (const room of ["lobby", "new", "lobby"]) sequencer.submit(draftOf(room, "refused"));
      await sequencer.settled();
      log.isFull = false;
    }
    assertEquals(await log.room("new"), undefined);
    for (const room of ["NEW", "lobby", "new"]) sequencer.submit(draftOf(room, "kept"));
    await sequencer.settled();
    assertEquals(listener.events.slice(1).map(({ id, room, seq }) => [id, room, seq]), [
      [2, "NEW", 1],
      [3, "NEW", 2],
      [4, "lobby", 2],
    ]);
    const stored = [...await log.read("lobby", 0, 10), ...await log.read("new", 0, 10)];
    assertEquals(stored.map(({ body }) => body), ["one", "kept", "kept", "kept"]);
  });

  Deno.test(`${name} logs an exception of its listener at a refusal and continues`, async () => {
    await using scene = await setUp();
    const { sequencer, listener, submit, log } = scene;
    using recorded = new RecordedLog("error");
    const { lines } = recorded;
    listener.onRefused = () => {
      throw new RangeError("broken listener");
    };
    log.isFull = true;
    submit("refused");
    await sequencer.settled();
    log.isFull = false;
    submit("one");
    await sequencer.settled();
    assertEquals([listener.refusedBodies, listener.bodies], [["refused"], ["one"]]);
    assertEquals(lines.filter((line) => line.includes("broken listener")).length, 1);
  });
}
