/**
 * One order, whatever happens: three nodes over three NATS servers are killed, stopped and cut off,
 * the disk of one is full now and then, and the clock of one is five minutes ahead, while people
 * talk by lines, on IRC and on the web, and programs log. `PARTYLINE_CLUSTER_SECONDS` is how long,
 * `PARTYLINE_SEED` what. Needs root, for the disk, and Debian's libfaketime.
 */

import { jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { assert, assertEquals } from "@std/assert";
import { ClusterProcesses } from "../support/cluster_process.ts";
import { NatsRelay } from "../support/nats_relay.ts";
import { type NatsServer, NatsServers } from "../support/nats_servers.ts";
import { LONG_MS, within } from "../support/patience.ts";
import { SeededRandom } from "../support/random.ts";
import { SEED } from "../support/rounds.ts";
import type { ServerProcess } from "../support/server_process.ts";
import { SmallDisk } from "../support/small_disk.ts";
import { NemesisCrowd, pause } from "./nemesis_crowd.ts";
import { OneOrderChecker } from "./one_order_checker.ts";

const SECONDS = Number(Deno.env.get("PARTYLINE_CLUSTER_SECONDS") ?? 60);
const NODES = ["a", "b", "c"];
const LISTEN = ["chat=tcp://127.0.0.1:0", "logger=tcp://127.0.0.1:0", "irc=tcp://127.0.0.1:0"];
/** Enough for the log of a run of half an hour. */
const DISK_MB = Math.max(64, SECONDS / 4);
/** Starts a program with a clock that is ahead; how much time passes stays true. */
const AHEAD = {
  LD_PRELOAD: "/usr/$LIB/faketime/libfaketime.so.1",
  FAKETIME: "+300s",
  FAKETIME_DONT_FAKE_MONOTONIC: "1",
};
/** Decides what goes wrong. People use another one, so that the same seed breaks the same things. */
const random = new SeededRandom(SEED);

/** Whether each deed is told at once. */
const IS_VERBOSE = Deno.env.get("PARTYLINE_CLUSTER_VERBOSE") === "1";

class Trial implements AsyncDisposable {
  readonly checker = new OneOrderChecker();
  readonly deeds: string[] = [];
  readonly #servers: NatsServers;
  readonly #disk: SmallDisk;
  readonly #relays: Readonly<Record<string, NatsRelay>>;
  readonly #cluster: ClusterProcesses;
  readonly #nodes = new Map<string, { process: ServerProcess; crowd: NemesisCrowd }>();
  #runs = 0;
  /** The output of nodes that ended by themselves. */
  readonly #ends: string[] = [];

  constructor(servers: NatsServers, disk: SmallDisk) {
    this.#servers = servers;
    this.#disk = disk;
    const ports = servers.all.map(({ port }) => port);
    this.#relays = Object.fromEntries(NODES.map((node) => [node, new NatsRelay(ports)]));
    const listen = LISTEN.flatMap((endpoint) => ["--listen", endpoint]);
    const args = [...listen, "--web", "http://127.0.0.1:0", "--flood-rate", "0"];
    this.#cluster = new ClusterProcesses(servers, {
      replicas: 3,
      args,
      patienceMs: LONG_MS,
      nodes: {
        a: { urls: this.#relays.a.urls },
        b: { urls: this.#relays.b.urls, data: `${disk.path}/b` },
        c: { urls: this.#relays.c.urls, env: AHEAD },
      },
    });
  }

  async start(node: string): Promise<void> {
    const process = await this.#cluster.start(node);
    process.process.status.then(({ code, signal }) => {
      if (signal !== "SIGKILL") this.#ends.push(`${node} ended with ${code}: ${process.stderr}`);
    });
    const { checker } = this;
    const run = ++this.#runs;
    const crowd = new NemesisCrowd({ checker, random: new SeededRandom(run), node, run, process });
    this.#nodes.set(node, { process, crowd });
  }

  /** How far the clock of a node is ahead, at least, by the time of its first diagnostic. */
  aheadMs(node: string): number {
    const { stderr } = this.#nodes.get(node)!.process;
    return Date.parse(stderr.slice(0, stderr.indexOf(" "))) - Date.now();
  }

  /** One thing goes wrong, and is mended again. */
  async disturb(): Promise<void> {
    this.#checkEnds();
    const node = random.pick(NODES);
    const server = random.pick(this.#servers.all);
    const deeds: Record<string, () => Promise<void>> = {
      [`kill node ${node}`]: async () => {
        const { process, crowd } = this.#nodes.get(node)!;
        await process.kill();
        await crowd.end();
        await pause(random.int(2000));
        await this.start(node);
      },
      [`stop node ${node}`]: async () => {
        const { process } = this.#nodes.get(node)!;
        process.process.kill("SIGSTOP");
        await pause(1000 + random.int(2000));
        process.process.kill("SIGCONT");
      },
      [`cut node ${node} off`]: async () => {
        this.#relays[node].cut();
        await pause(random.int(4000));
        this.#relays[node].mend();
      },
      [`hold up answers to node ${node}`]: async () => {
        this.#relays[node].hold(1000);
        await pause(random.int(1500));
      },
      // The line is stored, and sent again because no answer came.
      [`lose answers to node ${node}`]: async () => {
        this.#relays[node].hold(LONG_MS);
        await pause(200 + random.int(500));
        this.#relays[node].cut();
        this.#relays[node].hold(0);
        this.#relays[node].mend();
        await pause(random.int(1000));
      },
      [`fill the disk of node b`]: async () => {
        await this.#disk.fill();
        await pause(1000 + random.int(3000));
        await this.#disk.makeSpace();
      },
      [`kill a server`]: () => this.#kill(server),
      [`kill the leader`]: async () => this.#kill(await this.#leader() ?? server),
      [`stop a server`]: async () => {
        server.signal("SIGSTOP");
        await pause(1000 + random.int(4000));
        server.signal("SIGCONT");
      },
    };
    const deed = random.pick(Object.keys(deeds));
    this.deeds.push(deed);
    const start = performance.now();
    if (IS_VERBOSE) console.log(deed);
    await within(`the end of: ${deed}`, deeds[deed](), 4 * LONG_MS);
    if (IS_VERBOSE) console.log(`  took ${Math.round(performance.now() - start)} ms`);
    await pause(random.int(3000));
  }

  /** Ends all talk; returns the export once it is the same on all nodes. */
  async rest(): Promise<string> {
    await this.#endCrowds();
    const exported = await this.#cluster.same(NODES, 4 * LONG_MS);
    this.#checkEnds();
    return exported;
  }

  async #endCrowds(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map(({ crowd }) => crowd.end()));
  }

  #checkEnds(): void {
    assertEquals(this.#ends, [], "no node ends by itself");
  }

  async #kill(server: NatsServer): Promise<void> {
    await server.kill();
    await pause(random.int(3000));
    await server.start();
  }

  async #leader(): Promise<NatsServer | undefined> {
    let connection: NatsConnection | undefined;
    try {
      connection = await connect({ servers: this.#servers.urls, timeout: 1000, reconnect: false });
      const { cluster } = await (await jetstreamManager(connection)).streams.info("PARTYLINE_test");
      return this.#servers.all.find(({ name }) => name === cluster?.leader);
    } catch {
      return undefined;
    } finally {
      await connection?.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cluster[Symbol.asyncDispose]();
    await this.#endCrowds();
    for (const relay of Object.values(this.#relays)) relay[Symbol.dispose]();
  }
}

Deno.test(`Three nodes have one order for ${SECONDS} s with seed ${SEED}, whatever happens`, async () => {
  await using servers = await NatsServers.start(3);
  await using disk = await SmallDisk.mount(DISK_MB);
  assert(disk, "This test mounts a disk, for which it needs root");
  await using trial = new Trial(servers, disk);
  await Promise.all(NODES.map((node) => trial.start(node)));
  assert(trial.aheadMs("c") > 200_000, "the clock of node c is ahead");
  const end = performance.now() + SECONDS * 1000;
  while (performance.now() < end) await trial.disturb();
  const exported = await trial.rest();
  const { checker, deeds } = trial;
  console.log(deeds.join(", "));
  console.log(
    `${exported.split("\n").length} events, ${checker.sights.length} people, ` +
      `${checker.sights.flatMap(({ bodies }) => bodies).length} lines seen, ` +
      `${checker.streamed.flat().length} events streamed, ${checker.receipts.length} receipts`,
  );
  checker.check(exported);
  assert(checker.receipts.length > 0 && checker.streamed.some(({ length }) => length > 0));
  for (const kind of [/\d$/, /irc$/, /web$/]) {
    assert(
      checker.sights.some(({ who, bodies }) => kind.test(who) && bodies.length > 10),
      `${kind}`,
    );
  }
});
