/**
 * One order, whatever happens: three nodes over three NATS servers are killed, stopped and cut off,
 * the disk of one is full now and then, and the clock of one is five minutes ahead, while people
 * talk by lines, on IRC and on the web, and programs log. `PARTYLINE_CLUSTER_SECONDS` is how long,
 * `PARTYLINE_SEED` what. Needs root, for the disk, and Debian's libfaketime.
 */

import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { assert, assertEquals } from "@std/assert";
import { ClusterProcesses } from "../support/cluster_process.ts";
import { LineClient } from "../support/line_client.ts";
import { NatsRelay } from "../support/nats_relay.ts";
import { type NatsServer, NatsServers } from "../support/nats_servers.ts";
import { SeededRandom } from "../support/random.ts";
import { SEED } from "../support/rounds.ts";
import type { ServerProcess } from "../support/server_process.ts";
import { SmallDisk } from "../support/small_disk.ts";
import { WebClient } from "../support/web_client.ts";
import { OneOrderChecker } from "./one_order_checker.ts";

const SECONDS = Number(Deno.env.get("PARTYLINE_CLUSTER_SECONDS") ?? 60);
const NODES = ["a", "b", "c"];
const PEOPLE_OF_A_NODE = 2;
const LISTEN = ["chat=tcp://127.0.0.1:0", "logger=tcp://127.0.0.1:0", "irc=tcp://127.0.0.1:0"];
const DISK_MB = 64;
/** Starts a program with a clock that is ahead; how much time passes stays true. */
const AHEAD = {
  LD_PRELOAD: "/usr/$LIB/faketime/libfaketime.so.1",
  FAKETIME: "+300s",
  FAKETIME_DONT_FAKE_MONOTONIC: "1",
};
const LONG_MS = 60_000;
const random = new SeededRandom(SEED);

/** Whether each deed is told at once. */
const IS_VERBOSE = Deno.env.get("PARTYLINE_CLUSTER_VERBOSE") === "1";

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The people and programs on one run of a node. */
class Crowd {
  readonly #checker: OneOrderChecker;
  readonly #stopping = new AbortController();
  readonly #work: Promise<unknown>[] = [];

  constructor(checker: OneOrderChecker, node: string, process: ServerProcess, run: number) {
    this.#checker = checker;
    for (let number = 0; number < PEOPLE_OF_A_NODE; number++) {
      this.#work.push(this.#talk(process.ports[0], `${node}${number}`, run));
    }
    const [, logger, irc] = process.ports;
    this.#work.push(
      this.#log(logger, `${node} ${run}`),
      this.#stream(process.web),
      this.#chatOnIrc(irc, `${node}irc`, run),
      this.#readOnWeb(process.web, `${node}web`),
    );
  }

  /** Everybody leaves. */
  async end(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#work);
  }

  async #talk(port: number, name: string, run: number): Promise<void> {
    const said = this.#checker.said.get(name) ?? [];
    this.#checker.said.set(name, said);
    const { signal } = this.#stopping;
    let client: LineClient | undefined;
    try {
      client = await LineClient.connect(port);
      await client.send(name);
      await client.expect(/You are in #lobby.*\r\n/, LONG_MS);
      for (let count = 0; !signal.aborted; count++) {
        const body = `${name}:${run}:${count}`;
        said.push(body);
        await client.send(body);
        await pause(50 + 2 * random.int(100));
      }
    } catch {
      // The node was killed.
    }
    const seen = [...client?.transcript.matchAll(/^<(\w+)> (\w+:\d+:\d+)\r\n/gm) ?? []];
    const since = client?.transcript.indexOf("You are in #lobby") ?? 0;
    const bodies = seen.filter(({ index }) => index > since).map(([, , body]) => body);
    this.#checker.sights.push({ who: name, bodies });
    await client?.close();
  }

  async #chatOnIrc(port: number, name: string, run: number): Promise<void> {
    const said = this.#checker.said.get(name) ?? [];
    this.#checker.said.set(name, said);
    const { signal } = this.#stopping;
    let client: LineClient | undefined;
    const bodies: string[] = [];
    try {
      client = await LineClient.connect(port);
      const { send } = client;
      client.onText = (text) => {
        for (const [, token] of text.matchAll(/^PING (.*)\r\n/gm)) {
          send.call(client, `PONG ${token}`).catch(() => {});
        }
      };
      await client.send(`NICK ${name}`, `USER ${name} 0 * :${name}`, "JOIN #lobby");
      await client.expect(/ 366 .*\r\n/, LONG_MS);
      for (let count = 0; !signal.aborted; count++) {
        const body = `${name}:${run}:${count}`;
        said.push(body);
        await client.send(`PRIVMSG #lobby :${body}`);
        await pause(200 + random.int(200));
      }
    } catch {
      // The node was killed.
    }
    const since = client?.transcript.search(/ 366 /) ?? 0;
    for (
      const { 1: body, index } of client?.transcript.matchAll(
        /^:\w+!\S+ PRIVMSG #lobby :?(\w+:\d+:\d+)\r\n/gm,
      ) ?? []
    ) if (index > since) bodies.push(body);
    this.#checker.sights.push({ who: name, bodies });
    await client?.close();
  }

  /** Reads on the page, and says nothing. */
  async #readOnWeb(web: string, name: string): Promise<void> {
    let client: WebClient | undefined;
    try {
      client = await WebClient.open(`${web}/ws`);
      client.send({ type: "hello", name });
      client.send({ type: "join", room: "lobby" });
      const { signal } = this.#stopping;
      await Promise.race([
        client.ended,
        new Promise((resolve) => signal.addEventListener("abort", resolve)),
      ]);
    } catch {
      // The node was killed.
    }
    const events = client?.messages.filter(({ type }) => type === "events")
      .flatMap(({ events }) => events) ?? [];
    const lobby = events.filter(({ room, kind }) => room === "lobby" && kind === "message");
    this.#checker.sights.push({ who: name, bodies: lobby.map(({ body }) => body) });
    client?.close();
  }

  async #log(port: number, label: string): Promise<void> {
    for (let round = 0; !this.#stopping.signal.aborted; round++) {
      const lines = Array.from({ length: 50 }, (_, index) => `${label} ${round} ${index}`);
      try {
        const client = await LineClient.connect(port);
        await client.send(...lines);
        await client.end();
        const told = await client.expectEnd(LONG_MS);
        await client.close();
        const found = /^stored 50 lines as #(\d+)-#(\d+) in log/.exec(told);
        // Nothing is promised of what has no receipt.
        if (!found) continue;
        this.#checker.receipts.push({ lines, first: Number(found[1]), last: Number(found[2]) });
      } catch {
        // The node was killed.
      }
      await pause(random.int(500));
    }
  }

  async #stream(web: string): Promise<void> {
    const streamed: never[] = [];
    this.#checker.streamed.push(streamed);
    try {
      const { signal } = this.#stopping;
      let response = await fetch(`${web}/api/rooms/lobby/stream`);
      // Until somebody has entered the room.
      while (!response.ok && !signal.aborted) {
        await response.body?.cancel();
        await pause(100);
        response = await fetch(`${web}/api/rooms/lobby/stream`);
      }
      const reader = response.body!.getReader();
      // Aborting the fetch would leave the reader waiting.
      signal.addEventListener("abort", () => reader.cancel().catch(() => {}));
      if (signal.aborted) await reader.cancel();
      const decoder = new TextDecoder();
      let text = "";
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        const lines = (text + decoder.decode(read.value, { stream: true })).split("\n");
        text = lines.pop()!;
        for (const line of lines) {
          if (line.startsWith("data: {")) streamed.push(JSON.parse(line.slice(6)) as never);
        }
      }
    } catch {
      // It was aborted, or the node was killed.
    }
  }
}

class Trial implements AsyncDisposable {
  readonly checker = new OneOrderChecker();
  readonly deeds: string[] = [];
  readonly #servers: NatsServers;
  readonly #disk: SmallDisk;
  readonly #relays: Readonly<Record<string, NatsRelay>>;
  readonly #cluster: ClusterProcesses;
  readonly #nodes = new Map<string, { process: ServerProcess; crowd: Crowd }>();
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
    this.#nodes.set(node, { process, crowd: new Crowd(this.checker, node, process, ++this.#runs) });
  }

  /** How far the clock of a node is ahead, at least, by the time of its first diagnostic. */
  aheadMs(node: string): number {
    const { stderr } = this.#nodes.get(node)!.process;
    return Date.parse(stderr.slice(0, stderr.indexOf(" "))) - Date.now();
  }

  /** One thing goes wrong, and is mended again. */
  async disturb(): Promise<void> {
    assertEquals(this.#ends, [], "no node ends by itself");
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
    await deeds[deed]();
    if (IS_VERBOSE) console.log(`  took ${Math.round(performance.now() - start)} ms`);
    await pause(random.int(3000));
  }

  /** Lets everything come to rest; returns what the nodes have stored. */
  async rest(): Promise<string[]> {
    for (const { crowd } of this.#nodes.values()) await crowd.end();
    await this.#cluster.same(NODES, LONG_MS);
    return await Promise.all(NODES.map((node) => this.#cluster.export(node)));
  }

  async #kill(server: NatsServer): Promise<void> {
    await server.kill();
    await pause(random.int(3000));
    await server.start();
  }

  async #leader(): Promise<NatsServer | undefined> {
    try {
      const connection = await connect({ servers: this.#servers.urls, timeout: 1000 });
      const { cluster } = await (await jetstreamManager(connection)).streams.info("PARTYLINE_test");
      await connection.close();
      return this.#servers.all.find(({ name }) => name === cluster?.leader);
    } catch {
      return undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cluster[Symbol.asyncDispose]();
    for (const { crowd } of this.#nodes.values()) await crowd.end();
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
  const exports = await trial.rest();
  const { checker, deeds } = trial;
  console.log(deeds.join(", "));
  console.log(
    `${exports[0].split("\n").length} events, ${checker.sights.length} people, ` +
      `${checker.sights.flatMap(({ bodies }) => bodies).length} lines seen, ` +
      `${checker.streamed.flat().length} events streamed, ${checker.receipts.length} receipts`,
  );
  checker.check(exports);
  assert(checker.receipts.length > 0 && checker.streamed.some(({ length }) => length > 0));
  for (const kind of [/\d$/, /irc$/, /web$/]) {
    assert(
      checker.sights.some(({ who, bodies }) => kind.test(who) && bodies.length > 10),
      `${kind}`,
    );
  }
});
