/**
 * `deno task bench:restart` measures how long a server with a million events and a thousand people
 * takes from SIGTERM to the end of the process, and from its next start to `ready`; and for how long
 * nobody can connect, by attempts every 5 ms: with a restart, and with `--takeover`.
 *
 *     deno task bench:restart [ROUNDS]
 *
 * `PARTYLINE_BENCH_EVENTS` and `PARTYLINE_BENCH_PEOPLE` set other numbers. Each person is a plain
 * line connection, and reads everything.
 *
 * @module
 */

import { fillData, type PastDraft } from "../support/filled_data.ts";
import { PortProbe } from "../support/port_probe.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { machineText } from "./machine.ts";

const EVENTS = Number(Deno.env.get("PARTYLINE_BENCH_EVENTS") ?? 1_000_000);
const PEOPLE = Number(Deno.env.get("PARTYLINE_BENCH_PEOPLE") ?? 1000);
const ROUNDS = Number(Deno.args[0] ?? 5);
const MAIN = new URL("../../main.ts", import.meta.url).pathname;
/** Log-ins at a time. */
const AT_ONCE = 50;

function* pastEvents(): Generator<PastDraft> {
  const start = Date.now() - EVENTS * 100;
  for (let number = 0; number < EVENTS; number++) {
    const body = `line ${number} of the past, with a body of about sixty letters in all`;
    const from = `user${number % 97}`;
    yield { room: `room${number % 50}`, kind: "message", from, body, at: start + number * 100 };
  }
}

/** Brings people in; they read until the server ends. */
async function enterAll(port: number): Promise<void> {
  let next = 0;
  const enter = async () => {
    while (next < PEOPLE) {
      const name = `person${next++}`;
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      const entered = Promise.withResolvers<void>();
      void (async () => {
        const decoder = new TextDecoder();
        let text = "";
        const buffer = new Uint8Array(16 * 1024);
        for (;;) {
          const length = await connection.read(buffer).catch(() => null);
          if (length === null) return connection.close();
          if (text.includes("You are in")) continue;
          text += decoder.decode(buffer.subarray(0, length));
          if (text.includes("You are in")) entered.resolve();
        }
      })();
      await connection.write(new TextEncoder().encode(`${name}\n`));
      await entered.promise;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, enter));
}

function start(data: string, port: number, ...more: string[]): Promise<ServerProcess> {
  const listen = ["--listen", `chat=tcp://127.0.0.1:${port}`];
  const limits = ["--max-per-address", "0", "--flood-rate", "0"];
  return ServerProcess.start({ data, args: [...listen, ...limits, ...more] });
}

/** Resolves once everything can be searched. */
async function indexed(data: string): Promise<void> {
  for (;;) {
    const args = ["run", "-A", MAIN, "status", "--json", "--data", data];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
    const { index } = JSON.parse(new TextDecoder().decode(stdout));
    if (index.isComplete && index.lagMs === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function show(title: string, figures: readonly number[]): void {
  const sorted = figures.toSorted((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)!];
  console.log(
    title.padEnd(44) +
      [median, least, most].map((ms) => ms.toFixed(0).padStart(9)).join(""),
  );
}

using data = new TemporaryDirectory();
await fillData(data.path, pastEvents());
console.log(await machineText());
console.log(`${EVENTS} events, ${PEOPLE} people, ${ROUNDS} rounds; milliseconds\n`);
console.log(`${"".padEnd(44)}   median    least     most`);
let server = await start(data.path, 0);
const { port } = server;
// The first start indexes everything.
await indexed(data.path);
await server.stop();
const figures = { stop: [] as number[], start: [] as number[], both: [] as number[] };
const gaps = { restart: [] as number[], takeover: [] as number[] };
server = await start(data.path, port);
for (let round = 0; round < ROUNDS; round++) {
  await enterAll(port);
  const probe = new PortProbe(port);
  const began = performance.now();
  await server.stop();
  const ended = performance.now();
  server = await start(data.path, port);
  const ready = performance.now();
  figures.stop.push(ended - began);
  figures.start.push(ready - ended);
  figures.both.push(ready - began);
  gaps.restart.push(await probe.stop());
}
show("SIGTERM to the end of the process", figures.stop);
show("start to ready", figures.start);
show("SIGTERM to ready", figures.both);
show("nobody could connect, with a restart", gaps.restart);
for (let round = 0; round < ROUNDS; round++) {
  await enterAll(port);
  const probe = new PortProbe(port);
  const next = await start(data.path, port, "--takeover");
  await server.stop();
  server = next;
  gaps.takeover.push(await probe.stop());
}
show("nobody could connect, with --takeover", gaps.takeover);
await server.stop();
