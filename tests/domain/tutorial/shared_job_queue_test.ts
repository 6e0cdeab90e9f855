import { assertEquals, assertRejects } from "@std/assert";
import { SharedJobQueue } from "../../../lib/domain/tutorial/shared_job_queue.ts";
import { Jobs } from "../../../lib/service/jobs.ts";
import { LineScene } from "../../service/line_scene.ts";
import { nextTurn } from "../../support/fake_clock.ts";
import { MemoryCluster } from "../../support/memory_cluster.ts";
import { SeededRandom } from "../../support/random.ts";

const NEVER = new AbortController().signal;

/** Starts nodes, each with a queue. */
async function start(cluster: MemoryCluster, names: readonly string[]) {
  const queues: SharedJobQueue[] = [];
  for (const node of names) {
    const { state } = await cluster.start(node);
    queues.push(await SharedJobQueue.open({ state, node }));
  }
  return queues;
}

Deno.test("SharedJobQueue does one job at a time over all nodes, in one line", async () => {
  const random = new SeededRandom(5);
  await using cluster = new MemoryCluster(random);
  const queues = await start(cluster, ["a", "b", "c"]);
  let running = 0;
  let most = 0;
  const begun: number[] = [];
  const tickets = Array.from({ length: 60 }, async (_, index) => {
    for (let turns = random.int(100); turns > 0; turns--) await nextTurn();
    const ticket = await random.pick(queues).add(async () => {
      most = Math.max(most, ++running);
      begun.push(index);
      for (let turns = random.int(5); turns > 0; turns--) await nextTurn();
      running--;
      return index;
    }, NEVER);
    assertEquals(await ticket.done, index);
    return ticket.number;
  });
  const numbers = await Promise.all(tickets);
  assertEquals(numbers.toSorted((a, b) => a - b), Array.from({ length: 60 }, (_, i) => i + 1));
  assertEquals([most, begun.length], [1, 60]);
  await cluster.settle();
  for (const { disk } of cluster.nodes) assertEquals((await disk.state.all("cluster.job")).size, 0);
});

Deno.test("SharedJobQueue says how many jobs of all nodes are ahead, and lets them be cancelled", async () => {
  await using cluster = new MemoryCluster();
  const [a, b] = await start(cluster, ["a", "b"]);
  const first = Promise.withResolvers<string>();
  const leaving = new AbortController();
  const one = await a.add(() => first.promise, NEVER);
  await cluster.settle();
  const two = await b.add(() => "two", leaving.signal);
  await cluster.settle();
  const three = await a.add(() => "three", NEVER);
  assertEquals([one, two, three].map(({ number, ahead }) => [number, ahead]), [[1, 0], [2, 1], [
    3,
    2,
  ]]);
  leaving.abort(new Error("left"));
  await assertRejects(() => two.done, Error, "left");
  first.resolve("one");
  assertEquals([await one.done, await three.done], ["one", "three"]);
});

Deno.test("SharedJobQueue goes on when the node whose job is first in line is gone", async () => {
  await using cluster = new MemoryCluster();
  const [a, b, c] = await start(cluster, ["a", "b", "c"]);
  const lost = await a.add(() => Promise.withResolvers<string>().promise, NEVER);
  await cluster.settle();
  const next = await b.add(() => "next", NEVER);
  const last = await c.add(() => "last", NEVER);
  await cluster.settle();
  const [dead, alive] = cluster.nodes;
  await dead[Symbol.asyncDispose]();
  const { incarnation } = alive.replica.runs.get("a")!;
  alive.sequencer.submitGone({ node: "a", incarnation });
  assertEquals([await next.done, await last.done], ["next", "last"]);
  assertEquals(lost.number, 1);
});

Deno.test("SharedJobQueue puts jobs at the end of the line again if others declared the node gone", async () => {
  await using cluster = new MemoryCluster();
  const [a, b] = await start(cluster, ["a", "b"]);
  const first = Promise.withResolvers<string>();
  const one = await a.add(() => first.promise, NEVER);
  const two = await a.add(() => "two", NEVER);
  await cluster.settle();
  const three = await b.add(() => "three", NEVER);
  const { incarnation } = cluster.nodes[1].replica.runs.get("a")!;
  cluster.nodes[1].sequencer.submitGone({ node: "a", incarnation });
  assertEquals(await three.done, "three");
  first.resolve("one");
  assertEquals([await one.done, await two.done], ["one", "two"]);
});

Deno.test("Jobs of several nodes are counted together, and answered in the order of their lines", async () => {
  await using cluster = new MemoryCluster();
  const { clock } = cluster;
  const queues = await start(cluster, ["a", "b"]);
  const [one, two] = cluster.nodes.map(({ state }, index) => {
    const stopping = new AbortController().signal;
    return new LineScene(new Jobs({ state, clock, stopping, line: queues[index] }));
  });
  await using _one = one;
  await using _two = two;
  const [ann, bob] = [one.connect(), two.connect()];
  ann.send("count", "nonsense", "count");
  const seen = (await ann.finish()).filter((line) => !line.startsWith("done"));
  const starts = ["queued #1", "! unknown job", "queued #2"];
  assertEquals(seen.map((line, index) => line.slice(0, starts[index]?.length)), starts);
  bob.send("count");
  assertEquals(await bob.finish(), ["queued #3, 0 ahead", "done #3: 3"]);
});
