/**
 * What every sequencer has to do, whatever log it writes to.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { MessageLog } from "../../lib/domain/message_log.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import type { Sequencer, SequencerListener } from "../../lib/domain/sequencer.ts";
import { nextTurn } from "../support/fake_clock.ts";
import { draftOf } from "../support/room_events.ts";
import { TrialLog } from "../support/trial_log.ts";

/** Writes down what became of drafts. */
export class FakeListener implements SequencerListener {
  readonly calls: (readonly RoomEvent[])[] = [];
  readonly refusals: (readonly Draft[])[] = [];
  readonly reasons: string[] = [];
  /** Called with each run of events, once it is written down. */
  onCommitted: (events: readonly RoomEvent[]) => void = () => {};

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
  }
}

/** Registers the tests of a sequencer. */
export function testSequencer(name: string, create: (log: MessageLog) => Sequencer): void {
  function setUp() {
    const log = new TrialLog();
    const sequencer = create(log);
    const listener = new FakeListener();
    sequencer.listen(listener);
    const submit = (...bodies: string[]) => {
      for (const body of bodies) sequencer.submit(draftOf("lobby", body));
    };
    return { log, sequencer, listener, submit };
  }

  Deno.test(`${name}.submit() delivers nothing before it returns`, async () => {
    const { sequencer, listener, submit, log } = setUp();
    submit("one");
    assertEquals([listener.calls, log.batches], [[], []]);
    await sequencer.settled();
    assertEquals(listener.bodies, ["one"]);
  });

  Deno.test(`${name} delivers in the order of submission, numbered without holes`, async () => {
    const { sequencer, listener } = setUp();
    const bodies = Array.from({ length: 500 }, (_, number) => `${number}`);
    bodies.forEach((body, index) => sequencer.submit(draftOf(["tea", "milk"][index % 2], body)));
    await sequencer.settled();
    assertEquals(listener.bodies, bodies);
    assertEquals(listener.events.map(({ id }) => id), bodies.map((_, index) => index + 1));
    const milk = listener.events.filter(({ room }) => room === "milk");
    assertEquals(milk.map(({ seq }) => seq), milk.map((_, index) => index + 1));
  });

  Deno.test(`${name} delivers what the log gave, all of the draft in it`, async () => {
    const { sequencer, listener, log } = setUp();
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
    assertEquals(await log.read("lobby", 0, 10), [event]);
  });

  Deno.test(`${name} has events in the log before it delivers them`, async () => {
    const { sequencer, listener, submit, log } = setUp();
    const kept: Promise<RoomEvent[]>[] = [];
    listener.onCommitted = (events) => kept.push(log.read("lobby", events[0].seq - 1, 1));
    submit("one", "two");
    await sequencer.settled();
    submit("three");
    await sequencer.settled();
    const found = (await Promise.all(kept)).flat();
    assertEquals(found, listener.calls.map(([first]) => first));
  });

  Deno.test(`${name} refuses what a full log cannot take, and nothing else`, async () => {
    const { sequencer, listener, submit, log } = setUp();
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
    assertEquals(listener.events.map(({ seq }) => seq), [1, 2]);
  });

  Deno.test(`${name}.settled() resolves at once where nothing was submitted`, async () => {
    const { sequencer, submit } = setUp();
    await sequencer.settled();
    submit("one");
    await sequencer.settled();
    await sequencer.settled();
  });

  Deno.test(`${name}.settled() waits for what a listener submits no more than for its own`, async () => {
    const { sequencer, listener, submit } = setUp();
    // People who never stop talking must not hold up one who waits.
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

  Deno.test(`${name}.settled() called amid a batch waits for what is submitted by then`, async () => {
    const { sequencer, listener, submit } = setUp();
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

  Deno.test(`${name}.isBusy says when too much is waiting, and no longer`, async () => {
    const { sequencer, listener, submit } = setUp();
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

  Deno.test(`${name}.hasEnough says so long before it is too much`, async () => {
    const { sequencer, submit } = setUp();
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

  Deno.test(`${name}.isBusy counts drafts without text, too`, async () => {
    const { sequencer, submit } = setUp();
    for (let number = 0; !sequencer.isBusy; number++) {
      assert(number < 100_000, "never busy");
      submit("");
    }
    await sequencer.settled();
  });

  Deno.test(`${name} tells a large batch in several calls, in order, and others get their turn`, async () => {
    const { sequencer, listener, submit } = setUp();
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

  Deno.test(`${name} delivers what comes amid a large batch after it`, async () => {
    const { sequencer, listener, submit } = setUp();
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
}
