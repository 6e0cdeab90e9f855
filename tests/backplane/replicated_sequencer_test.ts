import { assert, assertEquals } from "@std/assert";
import type { StreamEntry } from "../../lib/backplane/entry_stream.ts";
import { Replica } from "../../lib/backplane/replica.ts";
import { ReplicatedSequencer } from "../../lib/backplane/replicated_sequencer.ts";
import { PastError } from "../../lib/backplane/same_past.ts";
import type { Clock } from "../../lib/clock.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { FakeClock, nextTurn } from "../support/fake_clock.ts";
import { MemoryDisk, MemoryNode } from "../support/memory_node.ts";
import { MemoryPost } from "../support/memory_courier.ts";
import { MemoryStream } from "../support/memory_stream.ts";
import { draftOf } from "../support/room_events.ts";
import { SqliteFile } from "../support/sqlite_file.ts";
import { type AppendableLog, TrialLog } from "../support/trial_log.ts";
import { testSequencer } from "./sequencer_contract.ts";

async function create(log: AppendableLog, clock: Clock): Promise<ReplicatedSequencer> {
  const replica = await Replica.open({ log, state: new MemoryStateStore() });
  const stream = new MemoryStream({ clock }).connect();
  const sequencer = new ReplicatedSequencer({ stream, replica, log, node: "a", clock });
  await sequencer.start();
  return sequencer;
}

testSequencer("ReplicatedSequencer on a log in memory", create, () => {
  const log = new TrialLog();
  return { log, [Symbol.asyncDispose]: () => log.close() };
});

testSequencer("ReplicatedSequencer on SQLite", create, () => {
  const file = new SqliteFile();
  return { log: file.open().log, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
});

/** A clock, a stream, and nodes on them. */
class Cluster implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly stream = new MemoryStream({ clock: this.clock });
  readonly #nodes: MemoryNode[] = [];

  async start(node: string, disk?: MemoryDisk): Promise<MemoryNode> {
    const { stream, clock } = this;
    const started = await MemoryNode.start({ stream, clock, node, disk });
    this.#nodes.push(started);
    return started;
  }

  /** Passes time until something holds. */
  async until(holds: () => boolean): Promise<void> {
    for (let step = 0; !holds(); step++) {
      assert(step < 500, "it never held");
      await this.clock.advance(100);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#nodes) await node[Symbol.asyncDispose]();
  }
}

function bodiesOf({ events }: MemoryNode): string[] {
  return events.map(({ body }) => body);
}

Deno.test("ReplicatedSequencer delivers the events of all nodes to each, with the same numbers", async () => {
  await using cluster = new Cluster();
  const a = await cluster.start("a");
  const b = await cluster.start("b");
  a.sequencer.submit(draftOf("tea", "from a"));
  b.sequencer.submit(draftOf("tea", "from b"));
  await Promise.all([a.sequencer.settled(), b.sequencer.settled()]);
  await cluster.until(() => a.events.length === 2 && b.events.length === 2);
  assertEquals(a.events, b.events);
  assertEquals(a.events.map(({ id, seq }) => [id, seq]), [[1, 1], [2, 2]]);
});

Deno.test("ReplicatedSequencer.submitChange() lets one of two changes win, and all nodes agree", async () => {
  await using cluster = new Cluster();
  const nodes = [await cluster.start("a"), await cluster.start("b")];
  const told: unknown[] = [];
  nodes[1].sequencer.onSettings((settings, isOwn) => told.push([settings, isOwn]));
  const claim = (value: string, was: string | null = null) => {
    return { service: "name", key: "jack", value, was };
  };
  const outcomes = await Promise.all(
    nodes.map(({ sequencer }, index) => sequencer.submitChange(claim(`${index}`))),
  );
  assertEquals(outcomes.toSorted(), [false, true]);
  const winner = `${outcomes.indexOf(true)}`;
  assert(await nodes[0].sequencer.submitChange(claim("next", winner)));
  await cluster.until(() => told.length === 2);
  for (const { disk } of nodes) {
    assertEquals(await disk.state.all("name"), new Map([["jack", "next"]]));
  }
  assertEquals(told, [
    [[{ ...claim(winner), was: null }], winner === "1"],
    [[claim("next", winner)], false],
  ]);
});

Deno.test("ReplicatedSequencer tells of changes before the events of the same entry", async () => {
  await using cluster = new Cluster();
  const a = await cluster.start("a");
  const b = await cluster.start("b");
  const told: string[] = [];
  b.sequencer.onSettings(([{ key }]) => told.push(key, ...bodiesOf(b)));
  const isMade = a.sequencer.submitChange({ service: "s", key: "k", value: "v", was: null });
  a.sequencer.submit(draftOf("tea", "said"));
  assert(await isMade);
  await cluster.until(() => b.events.length === 1);
  assertEquals([told, cluster.stream.lastSeq], [["k"], 3]);
});

Deno.test("ReplicatedSequencer goes on behind its stored position after a restart", async () => {
  await using cluster = new Cluster();
  const a = await cluster.start("a");
  const b = await cluster.start("b");
  a.sequencer.submit(draftOf("tea", "one"));
  await a.sequencer.settled();
  await cluster.until(() => b.events.length === 1);
  await b[Symbol.asyncDispose]();
  a.sequencer.submit(draftOf("tea", "two"));
  await a.sequencer.settled();
  const again = await cluster.start("b", b.disk);
  a.sequencer.submit(draftOf("tea", "three"));
  await cluster.until(() => again.events.some(({ body }) => body === "three"));
  assertEquals((await again.disk.log.read("tea", 0, 9)).map(({ body }) => body), [
    "one",
    "two",
    "three",
  ]);
});

Deno.test("ReplicatedSequencer skips what an ended run sends late", async () => {
  await using cluster = new Cluster();
  const a = await cluster.start("a");
  const b = await cluster.start("b");
  const { node, incarnation } = b.sequencer.run!;
  const ended: unknown[] = [];
  a.sequencer.follow({ ended: (run, isOwn) => ended.push([run, isOwn]) });
  a.sequencer.submitGone({ node, incarnation });
  // Not read by b before it is sent.
  b.sequencer.submit(draftOf("tea", "late"));
  await b.sequencer.settled();
  assertEquals(ended, [[{ node, incarnation }, false]]);
  assert(b.sequencer.run!.incarnation !== incarnation);
  assertEquals([bodiesOf(a), bodiesOf(b)], [["late"], ["late"]], "once, by its next run");
});

Deno.test("ReplicatedSequencer says what is cut off once, sends it when it can, and says so", async () => {
  await using cluster = new Cluster();
  const a = await cluster.start("a");
  const b = await cluster.start("b");
  const told: boolean[] = [];
  a.sequencer.follow({ reached: (isReached) => told.push(isReached) });
  cluster.stream.isDown = true;
  a.sequencer.submit(draftOf("tea", "kept"));
  await cluster.clock.advance(1500);
  assertEquals(told, []);
  await cluster.clock.advance(10_000);
  assertEquals([told, bodiesOf(a)], [[false], []]);
  cluster.stream.isDown = false;
  await cluster.until(() => a.events.length === 1 && b.events.length === 1);
  assertEquals(told, [false, true]);
});

Deno.test("ReplicatedSequencer.current() does not wait while it is cut off, unless too much waits", async () => {
  await using cluster = new Cluster();
  const { sequencer } = await cluster.start("a");
  cluster.stream.isDown = true;
  sequencer.submit(draftOf("tea", "kept"));
  let waits = 0;
  const wait = () => {
    waits++;
    sequencer.current().then(() => waits--);
  };
  wait();
  await cluster.clock.advance(1000);
  assertEquals(waits, 1);
  await cluster.clock.advance(2000);
  wait();
  await cluster.clock.advance(0);
  assertEquals(waits, 0);
  while (!sequencer.isBusy) sequencer.submit(draftOf("tea", "x".repeat(100_000)));
  wait();
  await cluster.clock.advance(10_000);
  assertEquals(waits, 1);
  cluster.stream.isDown = false;
  await cluster.until(() => waits === 0);
});

Deno.test("ReplicatedSequencer tries again to store what its full disk could not take", async () => {
  await using cluster = new Cluster();
  const a = await cluster.start("a");
  const b = await cluster.start("b");
  b.disk.log.isFull = true;
  a.sequencer.submit(draftOf("tea", "one"));
  await a.sequencer.settled();
  b.sequencer.submit(draftOf("tea", "two"));
  await cluster.until(() => a.events.length === 2);
  assertEquals(b.events, []);
  b.disk.log.isFull = false;
  await cluster.until(() => b.events.length === 2);
  assertEquals(b.events, a.events);
});

Deno.test("ReplicatedSequencer refuses a draft that no entry can hold, and no other", async () => {
  const stream = new MemoryStream({ maxBytes: 20_000 });
  await using node = await MemoryNode.start({ stream, node: "a" });
  for (const body of ["small", "ä".repeat(9000), "next"]) {
    node.sequencer.submit(draftOf("tea", body));
  }
  await node.sequencer.settled();
  assertEquals([bodiesOf(node), node.refused.length], [["small", "next"], 1]);
  node.sequencer.submit(draftOf("tea", "ä".repeat(9000)));
  await node.sequencer.settled();
  assertEquals(node.refused.length, 2);
});

Deno.test("ReplicatedSequencer sends at most 512 KiB in an entry", async () => {
  await using cluster = new Cluster();
  const a = await cluster.start("a");
  const body = "€".repeat(20_000);
  for (let count = 0; count < 40; count++) a.sequencer.submit(draftOf("tea", body, { origin: 1 }));
  await a.sequencer.settled();
  const sizes = cluster.stream.messages.map(({ bytes }) => bytes.length);
  assert(Math.max(...sizes) <= 512 * 1024, sizes.join());
  assertEquals(a.events.length, 40);
});

/** Passes time until a node refuses. */
async function refusal(cluster: Cluster, node: string, disk?: MemoryDisk): Promise<string> {
  let error: Error | undefined;
  cluster.start(node, disk).catch((reason) => error = reason);
  await cluster.until(() => error !== undefined);
  assert(error instanceof PastError, error?.message);
  return error.message;
}

Deno.test("ReplicatedSequencer refuses another stream of the same name", async () => {
  await using cluster = new Cluster();
  const { disk } = await cluster.start("a");
  await using others = new Cluster();
  await others.clock.advance(1000);
  others.stream.created = "2026-11-21T06:30:01.000Z";
  await others.start("b");
  const message = await refusal(others, "a", disk);
  assert(message.startsWith("The stream of the cluster was created at 2026-11-21T06:30:01"));
});

/** A node that has stopped, and the stream without the last entry that it has applied. */
async function shorten(cluster: Cluster): Promise<{ disk: MemoryDisk; last: StreamEntry }> {
  const { disk, sequencer } = await cluster.start("a");
  sequencer.submit(draftOf("tea", "one"));
  await sequencer.settled();
  await sequencer[Symbol.asyncDispose]();
  return { disk, last: cluster.stream.messages.pop()! };
}

Deno.test("ReplicatedSequencer refuses a stream that ends before its position", async () => {
  await using cluster = new Cluster();
  const { disk } = await shorten(cluster);
  const message = await refusal(cluster, "a", disk);
  assert(message.includes("ends at 1, and this node has applied it up to 2"), message);
});

Deno.test("ReplicatedSequencer goes on if a stream only seems for a while to end early", async () => {
  await using cluster = new Cluster();
  const { disk, last } = await shorten(cluster);
  let started: MemoryNode | undefined;
  cluster.start("a", disk).then((node) => started = node);
  await cluster.clock.advance(15_000);
  assertEquals(started, undefined);
  cluster.stream.messages.push(last);
  await cluster.until(() => started !== undefined);
});

Deno.test("ReplicatedSequencer refuses a stream that lacks an entry", async () => {
  await using cluster = new Cluster();
  const { disk, sequencer } = await cluster.start("a");
  await cluster.start("b");
  await sequencer[Symbol.asyncDispose]();
  await cluster.start("c");
  await cluster.start("d");
  cluster.stream.messages.splice(2, 1);
  const message = await refusal(cluster, "a", disk);
  assert(message.includes("Message 3 of the stream is missing"), message);
});

Deno.test("ReplicatedSequencer refuses a stream with another entry at its position", async () => {
  await using cluster = new Cluster();
  const a = await cluster.start("a");
  await a[Symbol.asyncDispose]();
  cluster.stream.messages = [];
  await cluster.start("b");
  const message = await refusal(cluster, "a", a.disk);
  assert(message.includes("has another entry at 1"), message);
});

Deno.test("ReplicatedSequencer refuses a stream that no longer reaches back to its position", async () => {
  await using cluster = new Cluster();
  const a = await cluster.start("a");
  const { disk } = await cluster.start("b");
  await cluster.until(() => true);
  for (const body of ["one", "two", "three"]) {
    a.sequencer.submit(draftOf("tea", body));
    await a.sequencer.settled();
  }
  cluster.stream.removeThrough(3);
  const empty = await refusal(cluster, "c");
  assert(empty.includes("begins at 4, and this node has applied it up to 0"), empty);
  assert(empty.includes("partyline backup"), empty);
  const copy = await cluster.start("b", disk);
  assertEquals(await copy.disk.log.lastId(), 3, "it was there when the others were applied");
});

Deno.test("ReplicatedSequencer refuses a cluster that began with another history", async () => {
  await using cluster = new Cluster();
  const disk = new MemoryDisk(cluster.clock);
  await disk.log.append([draftOf("tea", "before")]);
  await cluster.start("a", disk);
  const empty = await refusal(cluster, "b");
  assert(empty.startsWith("The cluster began with the 1 event that node a had"), empty);
  const other = new MemoryDisk(cluster.clock);
  await other.log.append([draftOf("milk", "mine")]);
  const message = await refusal(cluster, "b", other);
  assert(message.startsWith("The cluster has a history of its own"), message);
});

Deno.test("ReplicatedSequencer refuses a cluster that began with state that this node lacks", async () => {
  await using cluster = new Cluster();
  const disk = new MemoryDisk(cluster.clock);
  const account = { service: "accounts", key: "ann", value: "{}" };
  disk.state.set(account);
  await cluster.start("a", disk);
  const empty = await refusal(cluster, "b");
  assert(empty.startsWith("The cluster began with the accounts and settings that node a"), empty);
  const same = new MemoryDisk(cluster.clock);
  same.state.set(account);
  assert((await refusal(cluster, "b", same)).startsWith("This node has accounts"));
});

Deno.test("ReplicatedSequencer refuses to join with state that the cluster does not know", async () => {
  await using cluster = new Cluster();
  await cluster.start("a");
  const disk = new MemoryDisk(cluster.clock);
  disk.state.set({ service: "accounts", key: "ann", value: "{}" });
  const message = await refusal(cluster, "b", disk);
  assert(message.startsWith("This node has accounts or settings of its own"), message);
});

Deno.test("ReplicatedSequencer stops at an entry that it does not understand", async () => {
  await using cluster = new Cluster();
  const a = await cluster.start("a");
  const bytes = new TextEncoder().encode('{"format":2}');
  await cluster.stream.connect().publish(bytes, "later");
  await cluster.until(() => a.failure !== undefined);
  assert(a.failure!.message.includes("update this node"));
  a.sequencer.submit(draftOf("tea", "never"));
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  assertEquals([a.events, cluster.stream.lastSeq], [[], 2]);
});

Deno.test("ReplicatedSequencer stops when another one starts under its name", async () => {
  await using cluster = new Cluster();
  const a = await cluster.start("a");
  await cluster.start("a", new MemoryDisk(cluster.clock));
  await cluster.until(() => a.failure !== undefined);
  assertEquals(a.failure!.name, "SameNodeError");
});

Deno.test("ReplicatedSequencer keeps texts that are not to be logged out of the stream", async () => {
  const stream = new MemoryStream();
  const post = new MemoryPost();
  const start = (node: string) => MemoryNode.start({ stream, node, courier: post.connect(node) });
  await using a = await start("a");
  await using b = await start("b");
  const secret = { from: "ann", isUnlogged: true as const, origin: 4 };
  a.sequencer.submit(draftOf("tea", "open"));
  a.sequencer.submit(draftOf("milk", "secret one", secret));
  a.sequencer.submit(draftOf("tea", "secret two", { ...secret, fields: { level: 3 } }));
  a.sequencer.submit(draftOf("tea", "", { ...secret, kind: "join" }));
  await a.sequencer.settled();
  for (let turn = 0; turn < 1000 && b.events.length < 4; turn++) await nextTurn();
  for (const { events } of [a, b]) {
    assertEquals(events.map(({ from, body }) => [from, body]), [
      ["ann", "open"],
      ["ann", "secret two"],
      ["ann", ""],
      ["ann", "secret one"],
    ]);
    assertEquals(events[1].fields, { level: 3 });
  }
  const kept = stream.messages.map(({ bytes }) => new TextDecoder().decode(bytes)).join();
  assertEquals([kept.includes("open"), kept.includes("secret")], [true, false]);
  // Nobody tells a node that comes later.
  await using c = await start("c");
  assertEquals((await c.disk.log.read("tea", 0, 9)).map(({ body }) => body), ["open", "", ""]);
});
