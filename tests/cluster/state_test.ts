/** State of real nodes on a real NATS server: accounts, money, jobs and alerts. */

import { assertEquals } from "@std/assert";
import { ClusterProcesses } from "../support/cluster_process.ts";
import { LineClient } from "../support/line_client.ts";
import { NatsServers } from "../support/nats_servers.ts";
import type { ServerProcess } from "../support/server_process.ts";

const DOORS = ["bank", "jobs", "chat"].flatMap((service) => [
  "--listen",
  `${service}=tcp://127.0.0.1:0`,
]);
const ALERT = `
[alerts.failure]
query = "kaboom"
room = "lobby"
every = "1s"
`;
const PASSWORD = "tea at five";

async function setUp() {
  const servers = await NatsServers.start();
  const cluster = new ClusterProcesses(servers, { args: DOORS, settings: ALERT });
  const nodes = await Promise.all([cluster.start("a"), cluster.start("b")]);
  const dispose = async () => {
    await cluster[Symbol.asyncDispose]();
    await servers[Symbol.asyncDispose]();
  };
  return { cluster, nodes, [Symbol.asyncDispose]: dispose };
}

function connect(nodes: readonly ServerProcess[], door: number): Promise<LineClient[]> {
  return Promise.all(nodes.map(({ ports }) => LineClient.connect(ports[door])));
}

Deno.test("Two nodes have one bank, one line of jobs, and one account of a name", async () => {
  await using scene = await setUp();
  const { nodes } = scene;
  const tellers = await connect(nodes, 0);
  const deposits = Array.from({ length: 50 }, () => "jack:dp");
  await Promise.all(tellers.map((teller) => teller.send(...deposits)));
  await Promise.all(tellers.map(async (teller) => {
    for (let count = 0; count < 50; count++) await teller.expect(/jack's money: \d+\r\n/);
  }));
  for (const teller of tellers) {
    await teller.send("jack:");
    await teller.expect("jack's money: 100\r\n");
  }

  const workers = await connect(nodes, 1);
  const started = performance.now();
  await Promise.all(workers.map((worker) => worker.send("sleep 300", "sleep 300", "count")));
  const answers = await Promise.all(workers.map((worker) => worker.expect(/done #\d+: [12]\r\n/)));
  // Done at the same time, they would take half of that.
  assertEquals(performance.now() - started > 1100, true);
  const numbers = answers.flatMap((text) => [...text.matchAll(/done #(\d+)/g)].map(([, n]) => n));
  assertEquals(numbers.toSorted(), ["1", "2", "3", "4", "5", "6"]);

  const [ann, rival] = await Promise.all(
    nodes.map((node, index) => LineClient.enter(node.ports[2], `guest${index}`)),
  );
  await ann.send("/nick ann");
  await ann.expect("* You are ann.");
  await ann.send("/register");
  await ann.expect("* Choose a password for ann.\r\n");
  await ann.send(PASSWORD);
  await ann.expect(/\* .*\r\n/);
  await ann.send(PASSWORD);
  await ann.expect(/\* .*now.*\r\n/);
  await rival.send("/nick ann");
  await rival.expect("* ann is a registered name.");
  await rival.send(PASSWORD);
  await rival.expect("* You are ann");
  for (const client of [...tellers, ...workers, ann, rival]) client.close();
});

Deno.test("Alerts are told once, by the first node or by the one that is left", async () => {
  await using scene = await setUp();
  const [a, b] = scene.nodes;
  const ann = await LineClient.enter(b.ports[2], "ann");
  await ann.send("/join work", "kaboom one");
  const told = await ann.expect(/failure.*kaboom one.*\r\n/);
  assertEquals(told.match(/failure/g)?.length, 1);
  await a.stop();
  await ann.send("kaboom two");
  await ann.expect(/failure.*kaboom two.*\r\n/);
  await ann.send("/join lobby", "/history 100");
  ann.close();
  const exported = await scene.cluster.export("b");
  const notices = exported.split("\n").filter((line) => line.includes('"via":"alert"'));
  assertEquals(notices.length, 2, notices.join("\n"));
});
