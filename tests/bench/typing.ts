/**
 * `deno task bench:typing` measures the echo of keys typed at a telnet terminal while 500 members
 * receive 100 messages per second, with the same server's echo service as a baseline. It also
 * measures whether the typist delays those messages, and the memory of a terminal session.
 *
 * The server and the load (`load.ts`) run in processes of their own. On Linux, `taskset` pins the
 * server to one core and everything else to another, where the typist has priority over the load.
 *
 * @module
 */

import * as code from "../../lib/codec/telnet_code.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import type { Load, LoadResult } from "./load.ts";
import { ONE_CORE, pinThis } from "./machine.ts";

const ROUNDS = Number(Deno.env.get("PARTYLINE_BENCH_ROUNDS") ?? 3);
const SECONDS = Number(Deno.env.get("PARTYLINE_BENCH_SECONDS") ?? 15);
const MEMBERS = 500;
const RATE = 100;
/** Keys to type before measuring, so that the code is compiled. */
const WARM_KEYS = 20;
/** A fast typist's pause between keys. */
const KEY_MS = 40;
const SESSIONS = 1000;
const LOGINS_AT_ONCE = 50;

const { DO, ECHO, IAC, NAWS, SB, SE, SUPPRESS_GO_AHEAD, TERMINAL_TYPE, WILL } = code;

/** The negotiation of an xterm of 80 columns that lets the server echo. */
const AGREEMENT = Uint8Array.of(
  ...[IAC, WILL, NAWS, IAC, SB, NAWS, 0, 80, 0, 24, IAC, SE],
  ...[IAC, WILL, TERMINAL_TYPE, IAC, SB, TERMINAL_TYPE, code.TERMINAL_TYPE_IS],
  ...new TextEncoder().encode("XTERM"),
  ...[IAC, SE, IAC, DO, SUPPRESS_GO_AHEAD, IAC, DO, ECHO],
);

/** A person at a terminal, who waits to see each typed character. */
class Typist {
  readonly connection: Deno.TcpConn;
  readonly latencies: number[] = [];
  readonly #decoder = new TextDecoder();
  #awaited: { readonly text: string; readonly seen: () => void } | undefined;
  readonly #reading: Promise<void>;

  private constructor(connection: Deno.TcpConn) {
    this.connection = connection;
    connection.setNoDelay();
    this.#reading = this.#read();
  }

  static async enter(port: number, name: string): Promise<Typist> {
    const typist = new Typist(await Deno.connect({ hostname: "127.0.0.1", port }));
    const isAsked = typist.look("name>");
    await typist.#send(AGREEMENT);
    await isAsked;
    const isIn = typist.look("#lobby>");
    await typist.#send(new TextEncoder().encode(`${name}\r`));
    await isIn;
    return typist;
  }

  /** Types distinct characters, and records when each is shown, until `isOver`. */
  async type(isOver: () => boolean): Promise<void> {
    const encoder = new TextEncoder();
    for (let count = 0; !isOver(); count++) {
      const text = String.fromCharCode(0x4e00 + count % 10_000);
      const seen = this.look(text);
      const start = performance.now();
      await this.#send(encoder.encode(text));
      await seen;
      if (count >= WARM_KEYS) this.latencies.push(performance.now() - start);
      if (count % 60 === 59) await this.#send(Uint8Array.of(0x15)); // Ctrl-U
      // Random, so that keys do not fall into step with the load.
      await pause(KEY_MS * (0.5 + Math.random()));
    }
  }

  /** Resolves once the text is shown. */
  look(text: string): Promise<void> {
    return new Promise((resolve) => this.#awaited = { text, seen: resolve });
  }

  async close(): Promise<void> {
    this.connection.close();
    await this.#reading;
  }

  async #send(bytes: Uint8Array): Promise<void> {
    await this.connection.write(bytes);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    for (;;) {
      const length = await this.connection.read(buffer).catch(() => null);
      if (length === null) return;
      const text = this.#decoder.decode(buffer.subarray(0, length), { stream: true });
      if (this.#awaited && text.includes(this.#awaited.text)) this.#awaited.seen();
    }
  }
}

/** Sends lines to the echo service at the typist's pace until `isOver`; returns the round trips. */
async function echoLines(port: number, isOver: () => boolean): Promise<number[]> {
  const client = await LineClient.connect(port);
  client.connection.setNoDelay();
  const latencies: number[] = [];
  for (let count = 0; !isOver(); count++) {
    const start = performance.now();
    await client.send(`line ${count}`);
    await client.expect(`line ${count}\r\n`);
    if (count >= WARM_KEYS) latencies.push(performance.now() - start);
    await pause(KEY_MS * (0.5 + Math.random()));
  }
  await client.close();
  return latencies;
}

/** Runs the load, and calls `meanwhile` when it begins. */
async function load(
  port: number,
  meanwhile: (isOver: () => boolean) => Promise<void>,
): Promise<LoadResult> {
  const settings: Load = {
    port,
    clients: MEMBERS,
    senders: 10,
    rooms: 1,
    rate: RATE,
    seconds: SECONDS,
  };
  const program = new URL("load.ts", import.meta.url).pathname;
  const args = ["-n", "10", Deno.execPath(), "run", "--allow-net", program];
  const process = new Deno.Command("nice", {
    args: [...args, JSON.stringify(settings)],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).values();
  await lines.next();
  let result: LoadResult | undefined;
  const loading = lines.next().then(({ value }) => result = JSON.parse(value!));
  await meanwhile(() => result !== undefined);
  await loading;
  await process.stdin.close();
  process.kill("SIGKILL");
  await process.status;
  return result!;
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)];
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Memory of one session made by `enter`. */
async function bytesPerSession(
  enter: (server: ServerProcess, number: number) => Promise<{ close(): Promise<void> }>,
): Promise<number> {
  await using server = await ServerProcess.start({
    args: ["--max-per-address", "0", "--flood-rate", "0"],
  });
  const sessions: { close(): Promise<void> }[] = [];
  const fill = async (count: number) => {
    for (let left = count; left > 0; left -= LOGINS_AT_ONCE) {
      const some = Array.from(
        { length: LOGINS_AT_ONCE },
        (_, index) => enter(server, sessions.length + index),
      );
      sessions.push(...await Promise.all(some));
    }
    await pause(2000);
    return (await server.memory()).now;
  };
  const before = await fill(SESSIONS / 2);
  const after = await fill(SESSIONS);
  for (const session of sessions) await session.close();
  return (after - before) / SESSIONS;
}

if (import.meta.main) {
  // Child processes inherit the core, except for the server, which pins itself to another.
  await pinThis(1);
  const alone: LoadResult[] = [];
  const together: LoadResult[] = [];
  const latencies: number[] = [];
  const control: number[] = [];
  {
    const services = ["chat=telnet", "chat=tcp", "echo=tcp"];
    await using server = await ServerProcess.start({
      prelude: ONE_CORE,
      args: [
        ...["--max-per-address", "0", "--flood-rate", "0"],
        ...services.flatMap((service) => ["--listen", `${service}://127.0.0.1:0`]),
      ],
    });
    const [telnetPort, tcpPort, echoPort] = server.ports;
    const measureAlone = async () => alone.push(await load(tcpPort, () => Promise.resolve()));
    const measureTogether = async () => {
      const typist = await Typist.enter(telnetPort, `typist${together.length}`);
      const type = async (isOver: () => boolean) => {
        const [lines] = await Promise.all([echoLines(echoPort, isOver), typist.type(isOver)]);
        control.push(...lines);
      };
      together.push(await load(tcpPort, type));
      latencies.push(...typist.latencies);
      await typist.close();
    };
    for (let round = 0; round < ROUNDS; round++) {
      // Alternates the order, so that neither kind has the quieter machine.
      if (round % 2 === 0) await measureAlone();
      await measureTogether();
      if (round % 2 === 1) await measureAlone();
    }
  }
  const wrong = [...alone, ...together].reduce((sum, result) => sum + result.wrong, 0);
  if (wrong > 0) throw new Error(`Messages lost or out of order: ${wrong}`);
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  console.log(`${MEMBERS} members, ${RATE} messages/s, ${latencies.length} keys typed`);
  const spread = (values: readonly number[]) =>
    `p50 ${ms(quantile(values, 0.5))}, p99 ${ms(quantile(values, 0.99))}, ` +
    `longest ${ms(Math.max(...values))}`;
  console.log(`typing echo        ${spread(latencies)}`);
  console.log(`echo service       ${spread(control)}`);
  const row = (results: readonly LoadResult[]) =>
    `p50 ${ms(median(results.map(({ p50 }) => p50)))}, ` +
    `p99 ${ms(median(results.map(({ p99 }) => p99)))}`;
  console.log(`load alone         ${row(alone)}`);
  console.log(`load and typist    ${row(together)}`);
  const ratio = (pick: (result: LoadResult) => number) =>
    (median(together.map(pick)) / median(alone.map(pick))).toFixed(2);
  console.log(`ratio              p50 ${ratio(({ p50 }) => p50)}, p99 ${ratio(({ p99 }) => p99)}`);

  const terminal = await bytesPerSession(({ ports }, number) =>
    Typist.enter(ports[0], `telnet${number}`)
  );
  const lines = await bytesPerSession(({ port }, number) =>
    LineClient.enter(port, `lines${number}`, { atOnce: true })
  );
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
  console.log(`memory             ${kib(terminal)} for a terminal, ${kib(lines)} for plain lines`);
}
