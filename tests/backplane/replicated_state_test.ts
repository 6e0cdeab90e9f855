import { assertEquals, assertGreater, assertNotEquals, assertRejects } from "@std/assert";
import { loadAndFollow, type StateChange } from "../../lib/domain/state_store.ts";
import { Bank } from "../../lib/service/bank.ts";
import { LineScene } from "../service/line_scene.ts";
import { testStateStore } from "../store/state_store_contract.ts";
import { nextTurn } from "../support/fake_clock.ts";
import { MemoryCluster } from "../support/memory_cluster.ts";
import { MemoryNode } from "../support/memory_node.ts";
import { MemoryStream } from "../support/memory_stream.ts";
import { SeededRandom } from "../support/random.ts";

const DAY = 24 * 60 * 60 * 1000;
/** The services that the tests use. */
const SERVICES = ["bank", "s", "t", "access"];

testStateStore("ReplicatedStateStore", async (clock) => {
  const stream = new MemoryStream({ clock });
  const node = await MemoryNode.start({ stream, clock, node: "a" });
  return { store: node.state, [Symbol.asyncDispose]: () => node[Symbol.asyncDispose]() };
});

function increment(value: string | undefined): StateChange<number> {
  const sum = Number(value ?? 0) + 1;
  return { value: String(sum), result: sum };
}

/** Two nodes that have nothing yet. */
async function pair() {
  const cluster = new MemoryCluster();
  const [a, b] = [await cluster.start("a"), await cluster.start("b")];
  return { cluster, a, b, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() };
}

/** What a node has stored of some services, with the order and the times of use. */
async function tableOf({ disk: { state } }: MemoryNode, services = SERVICES): Promise<string> {
  const lines: string[] = [];
  for (const service of services) {
    for (const key of (await state.all(service)).keys()) {
      lines.push(JSON.stringify([service, key, state.read(service, key)]));
    }
  }
  return lines.join("\n");
}

Deno.test("ReplicatedStateStore.update() loses no change of two nodes at once", async () => {
  await using scene = await pair();
  const { cluster, a, b } = scene;
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, index) => [a, b][index % 2].state.update("s", "n", increment)),
  );
  assertEquals(results.toSorted((x, y) => x - y), Array.from({ length: 200 }, (_, i) => i + 1));
  await cluster.settle();
  for (const { disk } of [a, b]) assertEquals(disk.state.read("s", "n")?.value, "200");
});

Deno.test("ReplicatedStateStore.update() asks again with the value that another node has set", async () => {
  await using scene = await pair();
  const { a, b } = scene;
  const seen: unknown[] = [];
  const claim = ({ state }: MemoryNode, by: string) =>
    state.update("s", "name", (value) => {
      seen.push([by, value]);
      if (value !== undefined) throw new Error(`it is ${value}'s`);
      return { value: by, result: by };
    });
  const outcomes = await Promise.allSettled([claim(a, "a"), claim(b, "b")]);
  assertEquals(outcomes.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  assertEquals(seen.length, 3);
  await assertRejects(() => claim(a, "c"), Error, "it is ");
});

Deno.test("ReplicatedStateStore.update() confirms what a node has not heard of yet", async () => {
  await using scene = await pair();
  const { cluster, a, b } = scene;
  await cluster.settle();
  await a.state.update("s", "n", increment);
  // The other node was not given the time to read that.
  const read = b.state.update("s", "n", (value) => ({ value: value ?? null, result: value }));
  assertEquals(await read, "1");
});

Deno.test("ReplicatedStateStore.follow() tells of changes of other nodes only, in order", async () => {
  await using scene = await pair();
  const { cluster, a, b } = scene;
  const told: unknown[] = [];
  const unfollow = b.state.follow("s", (...change) => told.push(change));
  await a.state.update("s", "n", increment);
  await b.state.update("s", "n", (value) => ({ value: value ?? null, result: value }));
  await b.state.update("s", "n", increment);
  await a.state.update("s", "n", () => ({ value: null, result: undefined }));
  await a.state.update("t", "n", increment);
  await cluster.settle();
  unfollow();
  await a.state.update("s", "n", increment);
  await cluster.settle();
  assertEquals(told, [["n", "1", null], ["n", null, "2"]]);
});

Deno.test("ReplicatedStateStore has own and other changes taken over in the order of the stream", async () => {
  const random = new SeededRandom(3);
  await using cluster = new MemoryCluster(random);
  /** What each node has kept in memory, one after the other. */
  const histories: string[][] = [];
  for (const name of ["a", "b", "c"]) {
    const history: string[] = [];
    await loadAndFollow((await cluster.start(name)).state, "s", (_, value) => history.push(value!));
    histories.push(history);
  }
  const changes: Promise<unknown>[] = [];
  for (let round = 0; round < 1000; round++) {
    const index = random.int(cluster.nodes.length);
    const value = `${round}`;
    changes.push(
      cluster.nodes[index].state.update("s", "x", () => ({ value, result: undefined }))
        // As those do who keep it in memory: once it is stored.
        .then(() => histories[index].push(value)),
    );
    await nextTurn();
  }
  await Promise.all(changes);
  await cluster.settle();
  // Of changes that a node made together, the others have only seen the last.
  const shared = histories[0].filter((value) => histories.every((each) => each.includes(value)));
  assertGreater(shared.length, 100);
  for (const history of histories) {
    assertEquals(history.filter((value) => shared.includes(value)), shared);
  }
});

Deno.test("ReplicatedStateStore.removeUnused() removes by one node what no node has used", async () => {
  await using cluster = new MemoryCluster();
  const a = await cluster.start("a");
  const b = await cluster.start("b", { isDecider: false });
  for (const key of ["read", "unused"]) await a.state.update("s", key, increment);
  await cluster.clock.advance(10 * DAY);
  await cluster.settle();
  await b.state.update("s", "read", (value) => ({ result: value }));
  await cluster.settle();
  const before = cluster.clock.now() - 5 * DAY;
  assertEquals(await b.state.removeUnused("s", before, 100), 0);
  assertEquals(await a.state.removeUnused("s", before, 100), 1);
  await cluster.settle();
  for (const { disk } of [a, b]) assertEquals([...(await disk.state.all("s")).keys()], ["read"]);
  assertEquals(await tableOf(a), await tableOf(b));
});

Deno.test("ReplicatedStateStore.update() refuses what is too large for an entry, and goes on", async () => {
  await using scene = await pair();
  const { cluster, a } = scene;
  const value = "x".repeat(cluster.stream.maxBytes);
  const large = a.state.update("s", "n", () => ({ value, result: undefined }));
  const other = a.state.update("s", "other", increment);
  await assertRejects(() => large, Error, "too large");
  assertEquals([await other, await a.state.update("s", "n", increment)], [1, 1]);
});

Deno.test("ReplicatedSequencer.caughtUp() waits for what other nodes had confirmed", async () => {
  await using cluster = new MemoryCluster(new SeededRandom(7));
  const [a, b] = [await cluster.start("a"), await cluster.start("b")];
  for (let round = 1; round <= 20; round++) {
    a.sequencer.submit({ room: "tea", kind: "log", from: "x", body: `${round}`, origin: 1 });
    await a.sequencer.settled();
    await b.sequencer.caughtUp();
    assertEquals(b.events.length, round);
  }
});

Deno.test("A node sends all drafts of an act in one entry", async () => {
  await using scene = await pair();
  const { cluster, a } = scene;
  const before = cluster.stream.lastSeq;
  // Each of these takes six characters in JSON, so that a few of them fill an entry.
  const body = "\x01".repeat(9000);
  const state = [{ service: "access", key: "k", value: "v", was: "another" }];
  for (let act = 1; act <= 6; act++) {
    const common = { from: "x", body, origin: -act };
    for (let count = 0; count < 4; count++) {
      a.sequencer.submit({ ...common, room: "tea", kind: "notice" });
    }
    a.sequencer.submit({ ...common, room: "moderation", kind: "moderation", state });
  }
  await a.sequencer.settled();
  assertGreater(cluster.stream.lastSeq, before + 1);
  assertEquals([a.events, a.refused.length], [[], 30]);
});

Deno.test("Bank on several nodes has the money of all of them", async () => {
  await using scene = await pair();
  const { cluster, a, b } = scene;
  await using one = new LineScene(new Bank(a.state));
  await using other = new LineScene(new Bank(b.state));
  const peers = [one.connect(), one.connect(), other.connect(), other.connect()];
  const eachAsks = (line: string, times: number) =>
    Promise.all(peers.map(async (peer) => {
      for (let round = 0; round < times; round++) await peer.ask(line);
    }));
  await eachAsks("jack:dp", 25);
  for (const peer of peers) assertEquals(await peer.ask("jack:"), "jack's money: 100");
  await eachAsks("jack:wd", 20);
  for (const peer of peers) assertEquals(await peer.ask("jack:"), "jack's money: 20");
  await cluster.settle();
  assertEquals(await tableOf(a), await tableOf(b));
});

Deno.test("Nodes have equal tables wherever in the stream they are, for a fixed seed", async () => {
  const random = new SeededRandom(11);
  await using cluster = new MemoryCluster(random);
  const tables = new Map<number, string>();
  let compared = 0;
  for (const name of ["a", "b", "c"]) {
    const node = await cluster.start(name);
    // While an entry is told of, all that was stored together with it is there.
    node.sequencer.onSettings(async () => {
      const { seq } = JSON.parse(node.disk.state.read("cluster", "position")!.value);
      const table = await tableOf(node);
      compared += Number(tables.has(seq));
      assertEquals(table, tables.get(seq) ?? table);
      tables.set(seq, table);
    });
  }
  const work: Promise<unknown>[] = [];
  for (let round = 0; round < 1000; round++) {
    const { state, sequencer } = random.pick(cluster.nodes);
    const [service, key] = [random.pick(["s", "t"]), `${random.int(4)}`];
    const origin = -1 - round;
    switch (random.int(4)) {
      case 0:
        work.push(state.update(service, key, () => ({ value: null, result: undefined })));
        break;
      case 1: {
        const was = random.next() < 0.5 ? null : "1";
        const rules = { service: "access", key, value: random.pick(["1", "2", null]), was };
        sequencer.submit({
          room: "moderation",
          kind: "moderation",
          from: "x",
          body: `${round}`,
          origin,
          state: [rules],
        });
        sequencer.submit({ room: "tea", kind: "notice", from: "x", body: `${round}`, origin });
        break;
      }
      default:
        work.push(state.update(service, key, increment));
    }
    if (random.next() < 0.5) await nextTurn();
    if (random.next() < 0.02) await cluster.clock.advance(1000);
  }
  await Promise.all(work);
  await cluster.settle();
  const [a, ...others] = cluster.nodes;
  for (const other of others) {
    assertEquals(await tableOf(other), await tableOf(a));
    assertEquals(other.events, a.events);
  }
  assertNotEquals(compared, 0);
  // An act is done and recorded, or neither.
  const recorded = (room: string) =>
    a.events.filter((event) => event.room === room)
      .map(({ body }) => body);
  assertEquals(recorded("tea"), recorded("moderation"));
  assertNotEquals(cluster.nodes.flatMap(({ refused }) => refused), []);
});
