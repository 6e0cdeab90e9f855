/**
 * `deno task bench:services` compares `echo` with a 20-line echo on node:net, in turns, and measures
 * how many operations per second `bank` stores and answers. Figures are medians of three rounds.
 *
 * On Linux, `taskset` pins the server to one core and the load to another.
 *
 * @module
 */

import { ServerProcess } from "../support/server_process.ts";
import type { LineLoad, LineLoadResult } from "./line_load.ts";
import { linesOf } from "../support/program_output.ts";
import { cpuSeconds, ONE_CORE, pinned } from "./machine.ts";

const ROUNDS = 3;
const SECONDS = 3;

interface Server {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

interface Contestant {
  readonly name: string;
  start(): Promise<Server>;
}

interface Scenario {
  readonly title: string;
  readonly load: Omit<LineLoad, "port" | "seconds">;
  readonly contestants: readonly Contestant[];
}

const LINE = "a line of some forty characters, or more";
const DENO = [Deno.execPath(), "run", "--allow-net"];
const LINES = [
  partyline("partyline", "echo=tcp://127.0.0.1:0"),
  nodeEcho("node:net in node", ["node"]),
  nodeEcho("node:net in deno", DENO),
];
const BYTES = [
  partyline("partyline, framing=raw", "echo=tcp://127.0.0.1:0?framing=raw"),
  nodeEcho("node:net in node, bytes", ["node"], "raw"),
  nodeEcho("node:net in deno, bytes", DENO, "raw"),
];
const BANKS = ["normal", "full"].map((durability) =>
  partyline(`--durability ${durability}`, "bank=tcp://127.0.0.1:0", "--durability", durability)
);

const SCENARIOS: readonly Scenario[] = [
  echo("echo, 100 connections, 1 line in flight", 1, LINES),
  echo("echo, 100 connections, 50 lines in flight", 50, LINES),
  echo("echo of bytes, 100 connections, 1 line in flight", 1, BYTES),
  echo("echo of bytes, 100 connections, 50 lines in flight", 50, BYTES),
  bank("bank, 1 connection, 1 operation in flight", 1, 1),
  bank("bank, 100 connections, 1 operation in flight", 100, 1),
  bank("bank, 100 connections, 10 operations in flight", 100, 10),
];

function echo(title: string, window: number, contestants: readonly Contestant[]): Scenario {
  const load = { connections: 100, window, line: LINE, warmAnswers: 100_000 };
  return { title, load, contestants };
}

function bank(title: string, connections: number, window: number): Scenario {
  const load = { connections, window, line: "name%:dp", warmAnswers: 3000 };
  return { title, load, contestants: BANKS };
}

const here = (file: string) => new URL(file, import.meta.url).pathname;
const wanted = Deno.args[0] ?? "";

for (const { title, load, contestants } of SCENARIOS) {
  if (!title.startsWith(wanted)) continue;
  console.log(title);
  const results = contestants.map((): Measured[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, contestant] of contestants.entries()) {
      results[index].push(await measure(contestant, { ...load, seconds: SECONDS }));
    }
  }
  for (const [index, { name }] of contestants.entries()) {
    const rate = median(results[index].map(({ perSecond }) => perSecond));
    const share = median(results[index].map(({ perCpuSecond }) => perCpuSecond));
    console.log(`   ${name.padEnd(24)} ${inThousands(rate)} k/s ${inThousands(share)} k/CPU s`);
  }
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1];
}

function inThousands(figure: number): string {
  return (figure / 1000).toFixed(1).padStart(8);
}

/** Lines answered per second, and per second of the server's CPU time. */
interface Measured {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

async function measure(contestant: Contestant, load: Omit<LineLoad, "port">): Promise<Measured> {
  const server = await contestant.start();
  try {
    const argument = JSON.stringify({ ...load, port: server.port });
    const args = ["run", "--allow-net", here("line_load.ts"), argument];
    const driver = pinned(1, Deno.execPath(), args).spawn();
    const lines = linesOf(driver.stdout);
    await lines.next();
    const before = cpuSeconds(server.pid);
    const { value } = await lines.next();
    const busy = cpuSeconds(server.pid) - before;
    await driver.status;
    if (!value) throw new Error("The load failed");
    const { answers, seconds }: LineLoadResult = JSON.parse(value);
    return { perSecond: answers / seconds, perCpuSecond: answers / busy };
  } finally {
    await server.stop();
  }
}

function partyline(name: string, listen: string, ...args: string[]): Contestant {
  return {
    name,
    async start() {
      const server = await ServerProcess.start({
        args: ["--listen", listen, "--max-per-address", "0", ...args],
        prelude: ONE_CORE,
      });
      const { port, process: { pid } } = server;
      return { port, pid, stop: () => server[Symbol.asyncDispose]() };
    },
  };
}

function nodeEcho(name: string, [program, ...flags]: string[], ...args: string[]): Contestant {
  return {
    name,
    async start() {
      const process = pinned(0, program, [...flags, here("node_echo.mjs"), ...args]).spawn();
      const reader = process.stdout.getReader();
      const { value } = await reader.read();
      return {
        port: Number(/\d+/.exec(new TextDecoder().decode(value))![0]),
        pid: process.pid,
        async stop() {
          process.kill("SIGKILL");
          await process.status;
          await reader.cancel();
        },
      };
    },
  };
}
