/** Real nodes on a real NATS server, and what may happen to either. */

import { DatabaseSync } from "node:sqlite";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { ClusterProcesses } from "../support/cluster_process.ts";
import { LineClient } from "../support/line_client.ts";
import { NatsServers } from "../support/nats_servers.ts";
import { until } from "../support/patience.ts";
import { runToEnd } from "../support/server_process.ts";

const STREAM = "PARTYLINE_test";

async function setUp() {
  const servers = await NatsServers.start();
  const cluster = new ClusterProcesses(servers);
  const [a, b] = await Promise.all([cluster.start("a"), cluster.start("b")]);
  const dispose = async () => {
    await cluster[Symbol.asyncDispose]();
    await servers[Symbol.asyncDispose]();
  };
  return { servers, cluster, a, b, [Symbol.asyncDispose]: dispose };
}

Deno.test("Two nodes have one chat, one order and the same export", async () => {
  await using scene = await setUp();
  const { cluster, a, b } = scene;
  const ann = await LineClient.enter(a.port, "ann");
  const bob = await LineClient.enter(b.port, "bob");
  await ann.expect("* bob joined");
  for (let count = 0; count < 20; count++) {
    await ann.send(`from ann ${count}`);
    await bob.send(`from bob ${count}`);
  }
  await ann.expect("<bob> from bob 19");
  await bob.expect("<ann> from ann 19");
  const exported = await cluster.same(["a", "b"]);
  assertEquals(exported.match(/"kind":"message"/g)?.length, 40);
  await until("each knows where the other is", async () => {
    const { stdout } = await cluster.command("cluster", "status", "--data", cluster.data("b"));
    return /^a +alive +\d+ +0$/m.test(stdout) && /^b +here +\d+ +0$/m.test(stdout);
  });
  ann.close();
  bob.close();
});

Deno.test("When a node is killed, its people part once, and it catches up when it is back", async () => {
  await using scene = await setUp();
  const { cluster, a, b } = scene;
  const ann = await LineClient.enter(a.port, "ann");
  const bob = await LineClient.enter(b.port, "bob");
  await ann.expect("* bob joined");
  await b.kill();
  await ann.expect("* bob left");
  await ann.send("still here");
  const again = await cluster.start("b");
  const carl = await LineClient.enter(again.port, "carl");
  await ann.expect("* carl joined");
  const exported = await cluster.same(["a", "b"]);
  assertEquals(exported.match(/"kind":"part","from":"bob"/g)?.length, 1);
  for (const client of [ann, bob, carl]) client.close();
});

Deno.test("When the NATS server is killed, people are told once, and nothing is lost", async () => {
  await using scene = await setUp();
  const { servers, cluster, a, b } = scene;
  const ann = await LineClient.enter(a.port, "ann");
  const bob = await LineClient.enter(b.port, "bob");
  await ann.expect("* bob joined");
  await bob.send("before");
  await ann.expect("<bob> before");
  await servers.all[0].kill();
  await ann.send("while it was away");
  await ann.expect("! The cluster cannot be reached");
  await bob.expect("! The cluster cannot be reached");
  await ann.send("/history 5");
  await ann.expect("<bob> before");
  await servers.all[0].start();
  await bob.expect("<ann> while it was away");
  await ann.expect("* The cluster can be reached again");
  assertEquals(ann.transcript.split("cannot be reached").length, 2, ann.transcript);
  const exported = await cluster.same(["a", "b"]);
  assertEquals(exported.match(/while it was away/g)?.length, 1);
  ann.close();
  bob.close();
});

Deno.test("A node that was stopped for a while finds out, and its people are not ghosts", async () => {
  await using scene = await setUp();
  const { cluster, a, b } = scene;
  const ann = await LineClient.enter(a.port, "ann");
  const bob = await LineClient.enter(b.port, "bob");
  await ann.expect("* bob joined");
  b.process.kill("SIGSTOP");
  await ann.expect("* bob left");
  await ann.send("where are you?");
  b.process.kill("SIGCONT");
  await ann.expect("* bob joined");
  await bob.send("here");
  await ann.expect("<bob> here");
  await cluster.same(["a", "b"]);
  ann.close();
  bob.close();
});

Deno.test("A node without data fills itself from the stream", async () => {
  await using scene = await setUp();
  const { cluster, a, b } = scene;
  const ann = await LineClient.enter(a.port, "ann");
  for (let count = 0; count < 10; count++) await ann.send(`line ${count}`);
  await ann.send("/history 1");
  await ann.expect("line 9");
  ann.close();
  await b.kill();
  await Deno.remove(cluster.data("b"), { recursive: true });
  await cluster.start("b");
  const exported = await cluster.same(["a", "b"]);
  assert(exported.includes("line 9"));
});

Deno.test("A node fills from a backup when the stream no longer reaches back", async () => {
  await using scene = await setUp();
  const { servers, cluster, a, b } = scene;
  const ann = await LineClient.enter(a.port, "ann");
  for (let count = 0; count < 20; count++) {
    await ann.send(`line ${count}`, "/history 1");
    await ann.expect(`line ${count}`);
  }
  ann.close();
  await b.kill();
  await Deno.remove(cluster.data("b"), { recursive: true });
  const connection = await connect({ servers: servers.urls });
  const manager = await jetstreamManager(connection);
  await manager.streams.update(STREAM, { max_msgs: 5 });
  await connection.close();
  assertMatch(await cluster.refusal("b"), /stream of the cluster begins at \d+.*partyline backup/);
  const file = `${cluster.directory}/backup`;
  await cluster.command("backup", file, "--data", cluster.data("a"));
  await Deno.remove(cluster.data("b"), { recursive: true });
  await cluster.command("restore", file, "--data", cluster.data("b"));
  await cluster.start("b");
  await cluster.same(["a", "b"]);
});

Deno.test("Nodes refuse a stream that was deleted, and go on after a reset and a backup", async () => {
  await using scene = await setUp();
  const { servers, cluster, a, b } = scene;
  const ann = await LineClient.enter(a.port, "ann");
  await ann.send("before");
  ann.close();
  await cluster.same(["a", "b"]);
  const connection = await connect({ servers: servers.urls });
  await (await jetstreamManager(connection)).streams.delete(STREAM);
  await connection.close();
  for (const node of [a, b]) {
    const { code } = await node.process.status;
    assertEquals(code, 1);
    await node.expectStderr(/stream of the cluster is gone/);
  }
  assertMatch(await cluster.refusal("a"), /stream of the cluster is gone/);
  await cluster.command("cluster", "reset", "--data", cluster.data("a"));
  await cluster.start("a");
  assertMatch(await cluster.refusal("b"), /was created at .* and this node has applied one/);
  const file = `${cluster.directory}/backup`;
  await cluster.command("backup", file, "--data", cluster.data("a"));
  await Deno.remove(cluster.data("b"), { recursive: true });
  await cluster.command("restore", file, "--data", cluster.data("b"));
  await cluster.start("b");
  assert((await cluster.same(["a", "b"])).includes("before"));
});

Deno.test("Nodes refuse a stream that was restored to an older state", async () => {
  await using scene = await setUp();
  const { servers, a, b } = scene;
  const [server] = servers.all;
  await server.kill("SIGTERM");
  const copy = `${server.directory}.copy`;
  await copyDirectory(server.directory, copy);
  await server.start();
  const ann = await LineClient.enter(a.port, "ann");
  await ann.send("later");
  await LineClient.enter(b.port, "bob");
  await ann.expect("* bob joined");
  await server.kill();
  await Deno.remove(server.directory, { recursive: true });
  await Deno.rename(copy, server.directory);
  await server.start();
  for (const node of [a, b]) {
    assertEquals((await node.process.status).code, 1);
    await node.expectStderr(/the stream was restored to an older state|has another entry at/);
  }
  ann.close();
});

Deno.test("A node that has applied different entries from another finds out, and stops", async () => {
  await using scene = await setUp();
  const { cluster, a, b } = scene;
  await b.stop();
  const database = new DatabaseSync(`${cluster.data("b")}/partyline.db`);
  const changed = database.prepare(
    `UPDATE state SET value = json_set(value, '$.mark', 'another') ` +
      `WHERE service = 'cluster' AND key = 'position'`,
  ).run();
  database.close();
  assertEquals(changed.changes, 1);
  const again = await cluster.start("b");
  assertEquals((await again.process.status).code, 1);
  await again.expectStderr(
    /applied different entries from a, up to entry \d+ of the stream: .* backup/,
  );
  const ann = await LineClient.enter(a.port, "ann");
  ann.close();
});

Deno.test("The state of a node is not changed behind the back of its cluster", async () => {
  await using scene = await setUp();
  const { cluster, b } = scene;
  await b.stop();
  const { code, stderr } = await runToEnd(
    ["account", "list", "--data", cluster.data("b")],
  );
  assertEquals([code, stderr.includes("belongs to a cluster")], [1, true], stderr);
  const alone = await runToEnd(["serve", "--data", cluster.data("b"), "--no-web"]);
  assertEquals([alone.code, alone.stderr.includes("would diverge from")], [1, true], alone.stderr);
});

Deno.test("A node waits for a cluster that cannot be reached, and stops when it is told to", async () => {
  await using servers = await NatsServers.start();
  await using cluster = new ClusterProcesses(servers);
  await servers.all[0].kill();
  const starting = cluster.start("a");
  await servers.all[0].start();
  const a = await starting;
  assertEquals((await a.stop()).code, 0);
  await until("it is gone", () => true);
});

async function copyDirectory(from: string, to: string): Promise<void> {
  const { code } = await new Deno.Command("cp", { args: ["-a", from, to] }).output();
  assertEquals(code, 0);
}
