/**
 * `deno task bench:cluster` compares a node of a cluster with a server of its own, in the same run and
 * under the same load. Nodes, NATS servers and load share one machine, so the ratios count. Figures
 * are medians of three rounds. It needs `nats-server`.
 *
 * @module
 */

import { LineClient } from "../support/line_client.ts";
import { NatsServers } from "../support/nats_servers.ts";
import { until } from "../support/patience.ts";
import { linesOf } from "../support/program_output.ts";
import { ServerProcess } from "../support/server_process.ts";
import type { Load, LoadResult } from "./load.ts";
import type { LoggerLoad, LoggerLoadResult } from "./logger_load.ts";
import { machineText } from "./machine.ts";

const ROUNDS = Number(Deno.env.get("PARTYLINE_ROUNDS") ?? 3);
const SECONDS = 4;
const LINES = 200_000;
const ARGS = [
  ...["--listen", "chat=tcp://127.0.0.1:0", "--listen", "logger=tcp://127.0.0.1:0"],
  ...["--flood-rate", "0", "--max-per-address", "0"],
];
const A: Omit<Load, "port"> = { clients: 100, senders: 10, rooms: 1, window: 64, seconds: SECONDS };
const C: Omit<Load, "port"> = { clients: 500, senders: 10, rooms: 1, rate: 100, seconds: SECONDS };
const INGEST = { senders: 4, lines: LINES / 4, form: "plain", hasReceipts: true } as const;

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

interface Figures {
  readonly deliveriesPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly linesPerSecond: number;
  /** Events per second of an emptied node that fills itself. */
  readonly catchUp: number;
}

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
  const servers = replicas > 0 ? stack.use(await NatsServers.start(replicas)) : undefined;
  const start = async (node: string) => {
    if (!servers) return stack.use(await ServerProcess.start({ args: ARGS }));
    return stack.use(
      await ServerProcess.start({ args: [...await configOf(servers, node), ...ARGS] }),
    );
  };
  const { ports: [chat, logger] } = await start("a");
  const flood = await drive<LoadResult>("load.ts", { ...A, port: chat });
  const calm = await drive<LoadResult>("load.ts", { ...C, port: chat });
  if (flood.wrong + calm.wrong > 0) throw new Error("Messages lost or out of order");
  const ingest = await drive<LoggerLoadResult>("logger_load.ts", { ...INGEST, port: logger });
  const startedAt = performance.now();
  if (servers) await start("b");
  return {
    deliveriesPerSecond: flood.deliveriesPerSecond,
    p50: calm.p50,
    p99: calm.p99,
    linesPerSecond: ingest.stored / ingest.seconds,
    catchUp: ingest.stored / ((performance.now() - startedAt) / 1000),
  };
}

async function configOf({ urls }: NatsServers, node: string): Promise<string[]> {
  const file = await Deno.makeTempFile({ suffix: ".toml" });
  const lines = ["[cluster]", `servers = ${JSON.stringify(urls)}`, `node = "${node}"`];
  await Deno.writeTextFile(file, lines.join("\n"));
  return ["--config", file];
}

/** How long people cannot talk after a server of three was killed, milliseconds. */
async function measureFailover(): Promise<number[]> {
  await using servers = await NatsServers.start(3);
  await using a = await ServerProcess.start({ args: [...await configOf(servers, "a"), ...ARGS] });
  await using b = await ServerProcess.start({ args: [...await configOf(servers, "b"), ...ARGS] });
  const ann = await LineClient.enter(a.ports[0], "ann");
  const bob = await LineClient.enter(b.ports[0], "bob");
  await ann.expect("* bob joined");
  const took: number[] = [];
  for (const server of servers.all) {
    const startedAt = performance.now();
    await server.kill();
    await ann.send(`without ${server.name}`);
    await bob.expect(`<ann> without ${server.name}`, 60_000);
    took.push(performance.now() - startedAt);
    await server.start();
    // Until it has what it missed, no other one may be killed.
    await until("it is quiet", () => performance.now() - startedAt > 10_000 + took.at(-1)!);
  }
  await ann.close();
  await bob.close();
  return took;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

console.log(await machineText());
console.log(`Medians of ${ROUNDS} rounds. Each message is in the log before anyone sees it.\n`);
console.log("order        A deliveries/s   C p50, p99      ingest lines/s   catch-up events/s");
const rounds = new Map<Setting, Figures[]>(SETTINGS.map((setting) => [setting, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [setting, figures] of rounds) figures.push(await measure(setting));
}
for (const [{ title, replicas }, figures] of rounds) {
  const of = (name: keyof Figures) => median(figures.map((each) => each[name]));
  const columns = [
    title.padEnd(11),
    `${(of("deliveriesPerSecond") / 1e6).toFixed(2)} M`.padEnd(15),
    `${of("p50").toFixed(1)} ms, ${of("p99").toFixed(1)} ms`.padEnd(14),
    of("linesPerSecond").toFixed(0).padEnd(15),
    replicas === 0 ? "-" : of("catchUp").toFixed(0),
  ];
  console.log(columns.join("  "));
}
const took = await measureFailover();
console.log(`\nUntil people can talk again after a server of three was killed, each in turn:`);
console.log(took.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(", "));
