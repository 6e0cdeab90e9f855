import { assertEquals } from "@std/assert";
import { Gathering } from "../../../lib/server/fairness/gathering.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";

/** A sequencer's turns, each poll of the sockets taking `pollMs`. */
class Turns {
  readonly clock = new FakeClock();
  readonly arrivals: number[] = [];
  pollMs = 0.5;
  polls = 0;
  plainTurns = 0;
  arrived = 0;
  #written: Promise<void> | undefined;
  readonly gathering = new Gathering({
    clock: this.clock,
    turn: {
      later: () => Promise.resolve(void this.plainTurns++),
      next: async () => {
        this.polls++;
        this.arrived += this.arrivals.shift() ?? 0;
        await this.clock.advance(this.pollMs);
      },
    },
    waiting: () => 0,
  });

  constructor() {
    this.gathering.written = () => this.#written;
  }

  /** Takes a batch that is written after some milliseconds. */
  async batch(ms: number, drafts = 20): Promise<void> {
    this.arrived += drafts;
    await this.gathering.ready(() => this.arrived);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#written = promise;
    this.gathering.delivered();
    await this.clock.advance(ms);
    this.#written = undefined;
    resolve();
    await promise;
  }
}

Deno.test("Gathering takes a batch in the next turn while batches cost little", async () => {
  const turns = new Turns();
  for (let count = 0; count < 3; count++) await turns.batch(1);
  assertEquals([turns.plainTurns, turns.polls], [3, 0]);
});

Deno.test("Gathering waits for lines that are arriving, after a batch that took long", async () => {
  const turns = new Turns();
  await turns.batch(40);
  turns.arrivals.push(16, 16, 16, 16, 16);
  await turns.gathering.ready(() => turns.arrived);
  // Five polls that brought something, and one that did not.
  assertEquals([turns.arrived, turns.polls], [100, 6]);
});

Deno.test("Gathering waits for nothing after a few lines, however many people got them", async () => {
  const turns = new Turns();
  await turns.batch(40, 3);
  await turns.gathering.ready(() => turns.arrived);
  assertEquals([turns.plainTurns, turns.polls], [2, 0]);
});

Deno.test("Gathering waits an eighth of the last batch's time and at most 4 ms, whatever arrives", async () => {
  for (const [batchMs, polls] of [[16, 4], [1000, 8]]) {
    const turns = new Turns();
    await turns.batch(batchMs);
    turns.arrivals.push(...Array(100).fill(1));
    await turns.gathering.ready(() => turns.arrived);
    assertEquals(turns.polls, polls, `${batchMs} ms`);
  }
});

Deno.test("Gathering takes no batch before the last one is being written", async () => {
  const { promise: written, resolve } = Promise.withResolvers<void>();
  const turn = { later: () => Promise.resolve(), next: () => Promise.resolve() };
  const clock = new FakeClock();
  const gathering = new Gathering({ clock, turn, waiting: () => 0 });
  gathering.written = () => written;
  gathering.delivered();
  let isReady = false;
  const ready = gathering.ready(() => 1).then(() => isReady = true);
  await settle();
  assertEquals(isReady, false);
  resolve();
  assertEquals(await ready, true);
});

Deno.test("Gathering takes a batch 16 ms after the last one was delivered, although a crowd is still being written to", async () => {
  const turn = { later: () => Promise.resolve(), next: () => Promise.resolve() };
  const clock = new FakeClock();
  const gathering = new Gathering({ clock, turn, waiting: () => 0 });
  gathering.written = () => new Promise(() => {});
  gathering.delivered();
  await clock.advance(6);
  let isReady = false;
  gathering.ready(() => 1).then(() => isReady = true);
  await clock.advance(9);
  assertEquals(isReady, false);
  await clock.advance(1);
  assertEquals(isReady, true);
  // One that comes later still need not wait at all.
  await gathering.ready(() => 2);
});
