/** One order on all nodes, whatever a stream loses, doubles, delays or cuts, and whoever restarts. */

import { assert, assertEquals } from "@std/assert";
import type { RoomEvent } from "../../lib/domain/room_event.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { MemoryDisk, MemoryNode } from "../support/memory_node.ts";
import { MemoryStream, type StreamFaults } from "../support/memory_stream.ts";
import { SeededRandom } from "../support/random.ts";
import { draftOf } from "../support/room_events.ts";
import { SEED } from "../support/rounds.ts";

const NAMES = ["a", "b", "c"];
const ROOMS = ["tea", "milk", "hall"];
const NONE = { lost: 0, unanswered: 0, doubled: 0, delayed: 0, cut: 0 };
const FAULTS: Record<string, Partial<StreamFaults>> = {
  "loses messages": { lost: 0.2 },
  "loses answers": { unanswered: 0.3 },
  "doubles messages": { doubled: 0.5 },
  "delays messages": { delayed: 0.3 },
  "interrupts readers": { cut: 0.3 },
  "does all of that": { lost: 0.1, unanswered: 0.1, doubled: 0.2, delayed: 0.2, cut: 0.1 },
};

/** Three nodes that talk, die, and come back. */
class TalkingCluster implements AsyncDisposable {
  readonly clock = new FakeClock({ settle: () => settle(6) });
  readonly random: SeededRandom;
  readonly stream: MemoryStream;
  readonly nodes = new Map<string, MemoryNode>();
  readonly disks = new Map(NAMES.map((name) => [name, new MemoryDisk(this.clock)]));
  /** Everything that was said, and whether its sender knows that it is stored. */
  readonly said = new Map<string, { isStored: boolean }>();
  /** What each node showed, over all its runs. */
  readonly shown = new Map<string, RoomEvent[]>(NAMES.map((name) => [name, []]));
  /** The numbers that nodes were given when they counted, and those who wait for theirs. */
  readonly counted: number[] = [];
  readonly counting = new Map<string, Promise<unknown>[]>(NAMES.map((name) => [name, []]));
  asked = 0;
  #count = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.stream = new MemoryStream({ clock: this.clock, random: this.random });
  }

  /** Starts a node, while time passes. */
  async start(name: string): Promise<void> {
    const { stream, clock } = this;
    const node = await MemoryNode.open({ stream, clock, node: name, disk: this.disks.get(name) });
    this.nodes.set(name, node);
    await this.passing(node.sequencer.catchUp());
    await this.passing(node.sequencer.start());
  }

  /** A node dies: what it has in memory is gone. */
  async kill(name: string): Promise<void> {
    const node = this.nodes.get(name)!;
    assertEquals(node.failure, undefined);
    this.counting.set(name, []);
    await node[Symbol.asyncDispose]();
    this.shown.get(name)!.push(...node.events);
  }

  say(name: string): void {
    const { sequencer } = this.nodes.get(name)!;
    const said: { isStored: boolean }[] = [];
    for (let count = 1 + this.random.int(5); count > 0; count--) {
      // The number at the end orders what one node says in one room.
      const body = `${name} ${++this.#count}`;
      sequencer.submit(draftOf(this.random.pick(ROOMS), body, { from: name, origin: 1 }));
      said.push({ isStored: false });
      this.said.set(body, said.at(-1)!);
    }
    sequencer.settled().then(() => said.forEach((each) => each.isStored = true));
  }

  /** Has a node add 1 to a number that all nodes have. */
  count(name: string): void {
    this.asked++;
    const { state } = this.nodes.get(name)!;
    const counted = state.update("count", "n", (value) => {
      const next = Number(value ?? 0) + 1;
      return { value: String(next), result: next };
    });
    this.counting.get(name)!.push(counted.then((number) => this.counted.push(number)));
  }

  async passing(work: Promise<unknown>): Promise<void> {
    let isDone = false;
    work.then(() => isDone = true, () => isDone = true);
    for (let step = 0; !isDone; step++) {
      assert(step < 5000, "it never ended");
      await this.clock.advance(100);
    }
    await work;
  }

  /** Without faults, until all nodes have everything. */
  async heal(): Promise<void> {
    this.stream.faults = NONE;
    this.stream.isDown = false;
    this.stream.flush();
    const nodes = [...this.nodes.values()];
    await this.passing(Promise.all(nodes.map(({ sequencer }) => sequencer.settled())));
    await this.passing(Promise.all([...this.counting.values()].flat()));
    const isSame = () => nodes.every(({ replica }) => replica.position.seq === this.stream.lastSeq);
    for (let step = 0; !isSame(); step++) {
      assert(step < 1000, "they never had the same");
      await this.clock.advance(100);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes.values()) await node[Symbol.asyncDispose]();
  }
}

async function readAll({ log }: MemoryDisk): Promise<RoomEvent[]> {
  const events = await Promise.all(ROOMS.map((room) => log.read(room, 0, 100_000)));
  return events.flat().sort((a, b) => a.id - b.id);
}

/** Checks what all nodes have and have shown against what was said. */
async function check(cluster: TalkingCluster): Promise<void> {
  const [first, ...others] = await Promise.all([...cluster.disks.values()].map(readAll));
  for (const other of others) assertEquals(other, first);
  const [state, ...states] = await Promise.all(
    [...cluster.disks.values()].map(({ state }) => state.all("cluster")),
  );
  for (const other of states) assertEquals(new Map([...other].sort()), new Map([...state].sort()));
  const bodies = first.map(({ body }) => body);
  assertEquals(bodies.length, new Set(bodies).size, "nothing is doubled");
  const stored = [...cluster.said].filter(([, { isStored }]) => isStored).map(([body]) => body);
  const kept = new Set(bodies);
  assertEquals(stored.filter((body) => !kept.has(body)), [], "nothing is lost");
  for (const [index, { id, at }] of first.entries()) {
    assertEquals(id, index + 1);
    assert(index === 0 || at >= first[index - 1].at, "time goes on");
  }
  for (const room of ROOMS) {
    const inRoom = first.filter((event) => event.room === room);
    assertEquals(inRoom.map(({ seq }) => seq), inRoom.map((_, index) => index + 1));
    for (const name of NAMES) {
      const numbers = inRoom.filter(({ from }) => from === name)
        .map(({ body }) => Number(body.split(" ")[1]));
      assertEquals(numbers, numbers.toSorted((a, b) => a - b), `the order of ${name} in ${room}`);
    }
  }
  for (const shown of cluster.shown.values()) {
    const ids = shown.map(({ id }) => id);
    assertEquals(ids, [...new Set(ids)].sort((a, b) => a - b), "shown once, in order");
    for (const { id, body } of shown) assertEquals(body, first[id - 1].body);
  }
  const [number, ...numbers] = [...cluster.disks.values()].map(({ state }) =>
    state.read("count", "n")
  );
  for (const other of numbers) assertEquals(other, number);
  const { counted, asked } = cluster;
  assertEquals(new Set(counted).size, counted.length, "no two were given the same number");
  const total = Number(number?.value);
  assert(total >= counted.length && total <= asked, `${counted.length} to ${asked}, but ${total}`);
  assert(counted.length > asked / 2, `${counted.length} of ${asked} counted`);
  assert(stored.length > cluster.said.size / 2, `${stored.length} of ${cluster.said.size} stored`);
}

for (const [what, faults] of Object.entries(FAULTS)) {
  Deno.test(`Replicas have one order over a stream that ${what}`, async () => {
    await using cluster = new TalkingCluster(SEED);
    const { random, stream, clock } = cluster;
    for (const name of NAMES) await cluster.start(name);
    stream.faults = { ...NONE, ...faults };
    for (let round = 0; round < 150; round++) {
      const name = random.pick(NAMES);
      cluster.say(name);
      if (random.int(2) === 0) cluster.count(random.pick(NAMES));
      const what = random.int(20);
      if (what === 0) {
        stream.isDown = false;
        await cluster.kill(name);
        await cluster.start(name);
      } else if (what === 1) stream.isDown = !stream.isDown;
      else if (what < 8) await clock.advance(random.int(700));
      else await settle(random.int(4));
      if (stream.isDown && random.int(3) === 0) stream.isDown = false;
    }
    await cluster.heal();
    for (const name of NAMES) await cluster.kill(name);
    await check(cluster);
  });
}
