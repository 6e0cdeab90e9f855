/**
 * `deno task bench:web` compares the latency of messages to WebSocket members with that to TCP
 * members, in the same run: 500 members in one room, 10 of whom send 100 messages per second in all.
 * Latencies cover all deliveries. Figures are medians of the rounds.
 *
 * On Linux, `taskset` pins the server to one core and the load to another.
 *
 * @module
 */

import { encodeFrame, OPCODES } from "../../lib/codec/websocket_frame.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** The JSON argument of a load process. */
interface Load {
  readonly kind: "tcp" | "web" | "both";
  readonly tcpPort: number;
  readonly webPort: number;
  /** Members of each kind. */
  readonly members: number;
  readonly senders: number;
  /** Messages per second over all senders. */
  readonly rate: number;
  readonly seconds: number;
}

interface Latencies {
  readonly p50: number;
  readonly p99: number;
  /** Deliveries that were lost, repeated or out of order. */
  readonly wrong: number;
}

type LoadResult = Partial<Record<"tcp" | "web", Latencies>>;

const ROUNDS = Number(Deno.env.get("PARTYLINE_BENCH_ROUNDS") ?? 5);
const LOAD = { members: 500, senders: 10, rate: 100, seconds: 5 };
/** Time before measuring, so that the code is compiled. */
const WARM_UP_SECONDS = 1;
const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");
const here = (file: string) => new URL(file, import.meta.url).pathname;

async function compare(): Promise<void> {
  const rows: Record<string, number[]> = {};
  const note = (name: string, value: number) => (rows[name] ??= []).push(value);
  for (let round = 0; round < ROUNDS; round++) {
    // Alternates the order, so that neither kind has the quieter machine.
    const kinds = round % 2 === 0 ? ["tcp", "web"] as const : ["web", "tcp"] as const;
    for (const kind of [...kinds, "both"] as const) {
      const result = await measure(kind);
      for (const [name, { p50, p99, wrong }] of Object.entries(result)) {
        if (wrong > 0) {
          throw new Error(`${wrong} deliveries lost, repeated or out of order over ${name}`);
        }
        const title = kind === "both" ? `500 ${name} of 1,000 in one room` : `500 ${name}`;
        note(`${title}  p50`, p50);
        note(`${title}  p99`, p99);
      }
    }
    const last = (name: string) => rows[name].at(-1)!;
    note("p99 of web / p99 of tcp", last("500 web  p99") / last("500 tcp  p99"));
    note(
      "the same in one room",
      last("500 web of 1,000 in one room  p99") / last("500 tcp of 1,000 in one room  p99"),
    );
  }
  console.log(`${"".padEnd(36)}    median       min       max   (ms, or a ratio)`);
  for (const [name, values] of Object.entries(rows)) {
    const sorted = values.toSorted((a, b) => a - b);
    const figures = [sorted[sorted.length >> 1], sorted[0], sorted[sorted.length - 1]];
    const text = figures.map((figure) => figure.toFixed(2).padStart(10)).join("");
    console.log(`${name.padEnd(36)}${text}`);
  }
}

async function measure(kind: Load["kind"]): Promise<LoadResult> {
  using data = new TemporaryDirectory();
  const server = pinned(0, [
    ...["--allow-net", "--allow-read", "--allow-write", "--allow-env", here("../../main.ts")],
    ...["serve", "--data", data.path, "--listen", "chat=tcp://127.0.0.1:0"],
    ...["--web", "http://127.0.0.1:0", "--flood-rate", "0", "--max-per-address", "0"],
  ]).spawn();
  try {
    const [tcpPort, webPort] = await portsOf(server.stdout);
    const options: Load = { kind, tcpPort, webPort, ...LOAD };
    const driver = pinned(1, [
      "--allow-net",
      "--allow-env",
      here("web_socket.ts"),
      JSON.stringify(options),
    ]);
    const { stdout } = await driver.output();
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    server.kill("SIGKILL");
    await server.status;
  }
}

function pinned(core: number, args: readonly string[]): Deno.Command {
  const options = { stdin: "null", stdout: "piped", stderr: "null" } as const;
  const run = [Deno.execPath(), "run", ...args];
  const [program, ...rest] = Deno.build.os === "linux" ? ["taskset", "-c", `${core}`, ...run] : run;
  return new Deno.Command(program, { args: rest, ...options });
}

async function portsOf(stdout: ReadableStream<Uint8Array>): Promise<number[]> {
  let text = "";
  for await (const chunk of stdout) {
    text += decoder.decode(chunk);
    if (/^ready$/m.test(text)) break;
  }
  return [...text.matchAll(/^listening \S+ \S+:(\d+)/gm)].map(([, port]) => Number(port));
}

/** A member of either kind, which measures the messages it receives. */
class Member {
  readonly kind: "tcp" | "web";
  /** Latencies since the last `reset()`, in milliseconds. */
  readonly latencies: number[] = [];
  wrong = 0;
  seen = 0;
  readonly #connection: Deno.TcpConn;
  readonly #expected = new Map<string, number>();
  #rest = "";
  #sign: RegExp | undefined;
  #onSign = () => {};

  constructor(kind: "tcp" | "web", connection: Deno.TcpConn) {
    this.kind = kind;
    this.#connection = connection;
    connection.setNoDelay();
    this.#read();
  }

  async enter(name: string): Promise<void> {
    if (this.kind === "tcp") {
      await this.#sendAndWait(encoder.encode(`${name}\r\n`), /You are in #lobby/);
      return;
    }
    const upgrade = "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n" +
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    await this.#sendAndWait(encoder.encode(upgrade), / 101 /);
    await this.#sendAndWait(frame({ type: "hello", name }), /"type":"live"/);
  }

  async say(text: string): Promise<void> {
    await this.#send(
      this.kind === "tcp"
        ? encoder.encode(`${text}\r\n`)
        : frame({ type: "say", room: "lobby", body: text }),
    );
  }

  /** Discards the measurements so far. */
  reset(): void {
    this.latencies.length = 0;
    this.wrong = this.seen = 0;
  }

  async #sendAndWait(bytes: Uint8Array, sign: RegExp): Promise<void> {
    this.#sign = sign;
    const seen = new Promise<void>((resolve) => this.#onSign = resolve);
    await this.#send(bytes);
    await seen;
    this.#sign = undefined;
  }

  async #send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    for (;;) {
      const length = await this.#connection.read(buffer).catch(() => null);
      if (length === null) return;
      const now = performance.now();
      const text = this.#rest + decoder.decode(buffer.subarray(0, length));
      if (this.#sign?.test(text)) this.#onSign();
      let end = 0;
      for (const match of text.matchAll(/@(\d+):(\d+):([\d.]+)@/g)) {
        this.#note(match[1], Number(match[2]), now - Number(match[3]));
        end = match.index + match[0].length;
      }
      // A mark, or the awaited sign, may be split between two reads.
      this.#rest = text.slice(Math.max(end, text.length - 100));
    }
  }

  #note(sender: string, sequence: number, latency: number): void {
    this.seen++;
    const expected = this.#expected.get(sender);
    if (expected !== undefined && expected !== sequence) this.wrong++;
    this.#expected.set(sender, sequence + 1);
    this.latencies.push(latency);
  }
}

/** Encodes a message as a client's frame, masked with zeros. */
function frame(message: unknown): Uint8Array {
  const plain = encodeFrame(OPCODES.text, encoder.encode(JSON.stringify(message)));
  const headLength = plain[1] < 126 ? 2 : 4;
  const masked = new Uint8Array(plain.length + 4);
  masked.set(plain.subarray(0, headLength));
  masked[1] |= 0x80;
  masked.set(plain.subarray(headLength), headLength + 4);
  return masked;
}

async function load({ kind, tcpPort, webPort, ...rest }: Load): Promise<void> {
  const groups = (kind === "both" ? ["tcp", "web"] as const : [kind]).map(async (kind) => {
    const members: Member[] = [];
    const port = kind === "tcp" ? tcpPort : webPort;
    for (let number = 0; number < rest.members; number++) {
      const member = new Member(kind, await Deno.connect({ port, hostname: "127.0.0.1" }));
      await member.enter(`${kind}${number}`);
      members.push(member);
    }
    return members;
  });
  const members = await Promise.all(groups);
  const all = members.flat();
  // Waits until everyone has seen the joins.
  await pause(1500);
  // Senders of each kind, so that the inbound path is measured too.
  const senders = members.flatMap((group) => group.slice(0, rest.senders / members.length));
  const sequences = new Map<Member, number>();
  await speak(senders, sequences, rest.rate, WARM_UP_SECONDS);
  for (const member of all) member.reset();
  const sent = await speak(senders, sequences, rest.rate, rest.seconds);
  const result: LoadResult = {};
  for (const group of members) {
    const latencies = group.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
    const at = (part: number) => latencies[Math.floor(latencies.length * part)];
    // TCP members do not receive their own messages.
    const due = group.reduce((sum, member) => {
      return sum + sent -
        (group[0].kind === "tcp" && senders.includes(member) ? sent / senders.length : 0);
    }, 0);
    const wrong = group.reduce((sum, { wrong }) => sum + wrong, 0) +
      Math.abs(due - latencies.length);
    result[group[0].kind] = { p50: at(0.5), p99: at(0.99), wrong };
  }
  console.log(JSON.stringify(result));
  Deno.exit();
}

/** Sends from each sender in turn; resolves to the number of messages 1 s after the last one. */
async function speak(
  senders: readonly Member[],
  sequences: Map<Member, number>,
  rate: number,
  seconds: number,
): Promise<number> {
  const count = rate * seconds;
  const start = performance.now();
  for (let number = 0; number < count; number++) {
    const sender = senders[number % senders.length];
    const sequence = sequences.get(sender) ?? 0;
    sequences.set(sender, sequence + 1);
    const mark = `@${senders.indexOf(sender)}:${sequence}:${performance.now().toFixed(3)}@`;
    await sender.say(mark.padEnd(64, "x"));
    const due = start + (number + 1) * 1000 / rate;
    if (due > performance.now()) await pause(due - performance.now());
  }
  await pause(1000);
  return count;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) {
  if (Deno.args.length > 0) await load(JSON.parse(Deno.args[0]));
  else await compare();
}
