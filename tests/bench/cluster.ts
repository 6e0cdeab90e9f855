/**
 * `deno task bench:cluster` compares a node of a cluster with a server of its own, in the same run and
 * under the same load. Nodes, NATS servers and load share one machine, so the ratios count. Figures
 * are medians of three rounds. It needs `nats-server`.
 *
 * @module
 */

import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { LineClient } from "../support/line_client.ts";
import { NatsServers } from "../support/nats_servers.ts";
import { linesOf } from "../support/program_output.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import type { Load, LoadResult } from "./load.ts";
import type { LoggerLoad, LoggerLoadResult } from "./logger_load.ts";
import { machineText } from "./machine.ts";

const ROUNDS = Number(Deno.env.get("PARTYLINE_ROUNDS") ?? 3);
const LINES = 50_000;
const ARGS = [
  ...["--listen", "chat=tcp://127.0.0.1:0", "--listen", "logger=tcp://127.0.0.1:0"],
  ...["--flood-rate", "0", "--max-per-address", "0"],
];
const A: Omit<Load, "port"> = { clients: 100, senders: 10, rooms: 1, window: 64, seconds: 2 };
const C: Omit<Load, "port"> = { clients: 500, senders: 10, rooms: 1, rate: 100, seconds: 2 };
/** How many messages each of these clients sends on average. */
const SAID = C.rate! * C.seconds / C.clients;
/** Two people: how much the cluster adds to the time a message takes. */
const PAIR: Omit<Load, "port"> = { clients: 2, senders: 1, rooms: 1, rate: 100, seconds: 3 };
const INGEST = { senders: 4, lines: LINES / 4, form: "plain", hasReceipts: true } as const;
/** A node that has to catch up becomes ready late. */
const PATIENCE_MS = 180_000;
/** Clock ticks per second in /proc. */
const TICKS = 100;

/** What gives the order. */
interface Setting {
  readonly title: string;
  /** 0 for a server of its own. */
  readonly replicas: number;
}

const SETTINGS: readonly Setting[] = [
  { title: "alone", replicas: 0 },
  { title: "1 replica", replicas: 1 },
  { title: "3 replicas", replicas: 3 },
];

/** Results of a setting; 0 where there is no cluster. */
interface Figures {
  readonly deliveriesPerSecond: number;
  /** Messages of the same flood that were stored. */
  readonly messagesPerSecond: number;
  /** With 500 people, milliseconds. */
  readonly crowdP50: number;
  readonly crowdP99: number;
  /** With two people, milliseconds. */
  readonly pairP50: number;
  readonly pairP99: number;
  readonly linesPerSecond: number;
  /** Events per second of an emptied node that fills itself. */
  readonly catchUp: number;
  /** Processor time per event of the node that catches up, microseconds. */
  readonly eventUs: number;
  /** Bytes of a log line in the stream. */
  readonly lineBytes: number;
  /** Bytes in the stream of somebody who takes a name, joins a room, says a little and leaves. */
  readonly visitBytes: number;
}

/** The columns, and the figures that each one shows. */
type Column = readonly [title: string, text: (of: (name: keyof Figures) => number) => string];

const COLUMNS: readonly Column[] = [
  ["A deliveries/s", (of) => `${(of("deliveriesPerSecond") / 1e6).toFixed(2)} M`],
  ["A messages/s", (of) => of("messagesPerSecond").toFixed(0)],
  ["C p50, p99 ms", (of) => `${of("crowdP50").toFixed(1)}, ${of("crowdP99").toFixed(1)}`],
  ["pair p50, p99 ms", (of) => `${of("pairP50").toFixed(2)}, ${of("pairP99").toFixed(2)}`],
  ["ingest lines/s", (of) => of("linesPerSecond").toFixed(0)],
  ["catch-up events/s", (of) => of("catchUp").toFixed(0)],
];

async function drive<Result>(program: string, load: Load | LoggerLoad): Promise<Result> {
  const file = new URL(program, import.meta.url).pathname;
  const driver = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-net", "--allow-read", file, JSON.stringify(load)],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let result: Result | undefined;
  const lines = linesOf(driver.stdout);
  while (!result) {
    const { value = "{}" } = await lines.next();
    if (value.startsWith("{")) result = JSON.parse(value);
  }
  await driver.stdin.close();
  await driver.status;
  return result!;
}

async function measure({ replicas }: Setting): Promise<Figures> {
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(new TemporaryDirectory());
  const servers = replicas > 0 ? stack.use(await NatsServers.start(replicas)) : undefined;
  const start = async (node: string) => {
    const args = [...servers ? configOf(directory, servers, node) : [], ...ARGS];
    return stack.use(await ServerProcess.start({ args, patienceMs: PATIENCE_MS }));
  };
  const { ports: [chat, logger], process } = await start("a");
  const startUs = await processorUs(process.pid);
  const pair = await drive<LoadResult>("load.ts", { ...PAIR, port: chat });
  const flood = await drive<LoadResult>("load.ts", { ...A, port: chat });
  const before = await streamBytes(servers);
  const calm = await drive<LoadResult>("load.ts", { ...C, port: chat });
  const between = await streamBytes(servers);
  if (pair.wrong + flood.wrong + calm.wrong > 0) throw new Error("Messages lost or out of order");
  const ingest = await drive<LoggerLoadResult>("logger_load.ts", { ...INGEST, port: logger });
  const after = await streamBytes(servers);
  const figures = {
    deliveriesPerSecond: flood.deliveriesPerSecond,
    messagesPerSecond: flood.deliveriesPerSecond / A.clients,
    crowdP50: calm.p50,
    crowdP99: calm.p99,
    pairP50: pair.p50,
    pairP99: pair.p99,
    linesPerSecond: ingest.stored / ingest.seconds,
    lineBytes: (after - between) / ingest.stored,
    visitBytes: (between - before) / C.clients,
    catchUp: 0,
    eventUs: 0,
  };
  if (!servers) return figures;
  const startedAt = performance.now();
  const filled = await start("b");
  const seconds = (performance.now() - startedAt) / 1000;
  const eventUs = (await processorUs(filled.process.pid) - startUs) / ingest.stored;
  return { ...figures, catchUp: ingest.stored / seconds, eventUs };
}

/** The processor time that a process has used, in microseconds; 0 without /proc. */
async function processorUs(pid: number): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
  // The third field follows the name, which may contain spaces; the times are fields 14 and 15.
  const [user = 0, system = 0] = text.slice(text.lastIndexOf(")") + 2).split(" ").slice(11, 13);
  return (Number(user) + Number(system)) * 1e6 / TICKS;
}

/** The bytes that the stream holds; 0 without a cluster. */
async function streamBytes(servers: NatsServers | undefined): Promise<number> {
  if (!servers) return 0;
  const connection = await connect({ servers: servers.urls });
  const manager = await jetstreamManager(connection);
  const { state: { bytes } } = await manager.streams.info("PARTYLINE_partyline");
  await connection.close();
  return bytes;
}

function configOf(
  directory: TemporaryDirectory,
  { urls }: NatsServers,
  node: string,
): string[] {
  const lines = ["[cluster]", `servers = ${JSON.stringify(urls)}`, `node = "${node}"`];
  return ["--config", directory.writeFile(`${node}.toml`, lines.join("\n"))];
}

/** How long people cannot talk after one of three servers has ended, in milliseconds. */
interface Failover {
  readonly total: number;
  /** The part of it until the others had elected leaders. */
  readonly election: number;
}

/** Ends each of three servers in turn. */
async function measureFailovers(signal: Deno.Signal): Promise<Failover[]> {
  using directory = new TemporaryDirectory();
  await using servers = await NatsServers.start(3);
  await using a = await ServerProcess.start({
    args: [...configOf(directory, servers, "a"), ...ARGS],
  });
  await using b = await ServerProcess.start({
    args: [...configOf(directory, servers, "b"), ...ARGS],
  });
  const ann = await LineClient.enter(a.ports[0], "ann");
  const bob = await LineClient.enter(b.ports[0], "bob");
  await ann.expect("* bob joined");
  const failovers: Failover[] = [];
  for (const server of servers.all) {
    const startedAt = Date.now();
    const killed = server.kill(signal);
    await ann.send(`without ${server.name}`);
    await bob.expect(`<ann> without ${server.name}`, 60_000);
    const total = Date.now() - startedAt;
    const elections = (await Promise.all(servers.all.map((each) => each.elections()))).flat();
    const last = Math.max(...elections.filter((at) => at <= startedAt + total));
    failovers.push({ total, election: Math.max(0, last - startedAt) });
    await killed;
    await server.start();
    // Until it has what it missed, no other one may be killed.
    await server.isCurrent();
  }
  await ann.close();
  await bob.close();
  return failovers;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** A table whose first column is 11 characters wide. */
function printRow(title: string, cells: readonly string[]): void {
  const padded = cells.map((cell, index) => cell.padEnd(COLUMNS[index][0].length));
  console.log([title.padEnd(11), ...padded].join("  ").trimEnd());
}

console.log(await machineText());
console.log(`Medians of ${ROUNDS} rounds. Each message is in the log before anyone sees it.\n`);
const rounds = new Map<Setting, Figures[]>(SETTINGS.map((setting) => [setting, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [setting, figures] of rounds) figures.push(await measure(setting));
}
const medians = SETTINGS.map((setting) => (name: keyof Figures) => {
  return median(rounds.get(setting)!.map((figures) => figures[name]));
});
printRow("order", COLUMNS.map(([title]) => title));
SETTINGS.forEach(({ title }, index) => {
  printRow(title, COLUMNS.map(([, text]) => text(medians[index])));
});
const [alone, ...clusters] = medians;
clusters.forEach((of, index) => {
  const ratio = (name: keyof Figures) => (of(name) / alone(name)).toFixed(2);
  const added = (name: keyof Figures) => (of(name) - alone(name)).toFixed(2);
  console.log(
    `\n${SETTINGS[index + 1].title} beside alone: A ${ratio("deliveriesPerSecond")}, ` +
      `C p50 ${ratio("crowdP50")} and p99 ${ratio("crowdP99")}, ` +
      `ingest ${ratio("linesPerSecond")}\n` +
      `added to a message of a pair at ${PAIR.rate}/s: p50 ${added("pairP50")} ms, ` +
      `p99 ${added("pairP99")} ms\n` +
      `a log line: ${of("eventUs").toFixed(0)} µs of processor time at a node that catches up, ` +
      `${of("lineBytes").toFixed(0)} bytes in the stream\n` +
      `a visitor who says ${SAID} lines: ` +
      `${of("visitBytes").toFixed(0)} bytes in the stream`,
  );
});
for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  const failovers = await measureFailovers(signal);
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const texts = failovers.map(({ total, election }) =>
    `${seconds(total)} s (${seconds(election)})`
  );
  console.log(
    `\nTime until people can talk again after each of three servers got ${signal} in turn, while ` +
      `they stay\nconnected (until servers had elected leaders): ${texts.join(", ")}`,
  );
}
