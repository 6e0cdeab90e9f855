/**
 * `deno task bench:ssh` measures the SSH door: log-ins a second and what they cost, the memory of a
 * silent session, and how long a typist waits for the echo of a key while others log in or only begin
 * to. On Linux, `taskset` pins the server to one core and everything else to another.
 *
 * On a busy machine, compare the echo beside log-ins with the echo alone in the same run, or set
 * `PARTYLINE_BENCH_REALTIME=1` as root: the processes then go before all others, for a minute.
 *
 * @module
 */

import { SshClient, type SshPeer } from "../support/ssh_peer.ts";
import { cpuSeconds, ONE_CORE, pinThis, succeeds } from "./machine.ts";
import { ServerProcess } from "../support/server_process.ts";

const SECONDS = Number(Deno.env.get("PARTYLINE_BENCH_SECONDS") ?? 10);
const SESSIONS = 300;
const HALF_OPEN = 1000;
const LOGIN_RATE = 200;
const KEY_MS = 25;

// The server has a core, and everything else another, where the typist has priority.
await pinThis(1);
const isRealtime = Deno.env.get("PARTYLINE_BENCH_REALTIME") === "1";
if (isRealtime) await succeeds("chrt", "-a", "-r", "-p", "10", String(Deno.pid));
const SERVER_PRELUDE = [ONE_CORE, isRealtime ? "chrt -r -p 10 $$" : undefined]
  .filter((command) => command !== undefined).join("; ") || undefined;
const WITH_LESS_PRIORITY = isRealtime ? ["chrt", "-r", "5"] : ["nice", "-n", "10"];

async function start(): Promise<ServerProcess> {
  return await ServerProcess.start({
    args: ["--listen", "chat=ssh://127.0.0.1:0", "--max-per-address", "0", "--no-web"],
    prelude: SERVER_PRELUDE,
  });
}

interface Logins {
  readonly perSecond: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
}

async function logIn({ port }: ServerProcess, rate: number, atOnce: number): Promise<Logins> {
  const file = new URL("./ssh_load.ts", import.meta.url).pathname;
  const [program, ...priority] = WITH_LESS_PRIORITY;
  const numbers = [port, rate, SECONDS, atOnce].map(String);
  const args = [...priority, Deno.execPath(), "run", "-A", file, ...numbers];
  const { stdout } = await new Deno.Command(program, { args }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Somebody at a terminal, who waits for the echo of each key. */
class Typist {
  readonly #peer: SshPeer;
  #text = "";
  #seen: (() => void) | undefined;

  constructor(peer: SshPeer) {
    this.#peer = peer;
    void this.#read();
  }

  async #read(): Promise<void> {
    for (let bytes = await this.#peer.take(); bytes; bytes = await this.#peer.take()) {
      this.#text += new TextDecoder().decode(bytes);
      this.#seen?.();
    }
  }

  async see(text: string): Promise<void> {
    while (!this.#text.includes(text)) await new Promise<void>((resolve) => this.#seen = resolve);
  }

  /** Milliseconds from each key to its echo. */
  async type(ms: number): Promise<number[]> {
    const times: number[] = [];
    const end = performance.now() + ms;
    for (let key = 0; performance.now() < end; key++) {
      this.#text = "";
      const letter = String.fromCharCode(97 + key % 26);
      const from = performance.now();
      await this.#peer.send(new TextEncoder().encode(letter));
      await this.see(letter);
      times.push(performance.now() - from);
      if (key % 26 === 25) await this.#peer.send(Uint8Array.of(0x15));
      await new Promise((resolve) => setTimeout(resolve, KEY_MS));
    }
    return times;
  }
}

async function sitDown(port: number, username: string) {
  const client = await SshClient.connect(port, { username });
  const peer = await client.open({ terminal: { term: "xterm", cols: 80, rows: 24 } });
  const typist = new Typist(peer);
  await typist.see("#lobby>");
  return { client, typist };
}

function quantiles(times: number[]): string {
  times.sort((a, b) => a - b);
  return [0.5, 0.99, 1].map((share) => times[Math.floor(share * (times.length - 1))].toFixed(1))
    .join(" / ");
}

{
  await using server = await start();
  await logIn(server, 0, 8);
  const before = cpuSeconds(server.process.pid);
  const { perSecond, p50, p99 } = await logIn(server, 0, 8);
  const used = cpuSeconds(server.process.pid) - before;
  console.log(
    `log-ins: ${perSecond.toFixed(0)} a second, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`,
  );
  console.log(
    `  ${(1000 * used / (perSecond * SECONDS)).toFixed(2)} ms of processor time each, so ${
      (perSecond * SECONDS / used).toFixed(0)
    } a second and core`,
  );
}
{
  await using server = await start();
  const clients: SshClient[] = [];
  const seat = async () => {
    for (let number = 0; number < SESSIONS; number++) {
      const { client } = await sitDown(server.port, `silent${clients.length}`);
      clients.push(client);
    }
    return (await server.memory()).now;
  };
  // The first sessions pay for what all share, such as compiled code and room for garbage.
  const before = await seat();
  const after = await seat();
  console.log(`memory: ${((after - before) / SESSIONS / 1024).toFixed(0)} KiB a silent session`);
  for (const client of clients) await client.close();
}
{
  await using server = await start();
  const { client, typist } = await sitDown(server.port, "ann");
  const report = async (what: string, work?: Promise<Logins>) => {
    const times = await typist.type(SECONDS * 1000);
    const logins = await work;
    const load = logins
      ? `, ${logins.perSecond.toFixed(0)} log-ins a second, ${logins.failed} failed`
      : "";
    console.log(`echo ${what}: p50 / p99 / most ${quantiles(times)} ms${load}`);
  };
  await report("alone");
  await report("beside log-ins", logIn(server, LOGIN_RATE, 50));
  const open: Deno.Conn[] = [];
  for (let number = 0; number < HALF_OPEN; number++) {
    const half = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    await half.write(new TextEncoder().encode("SSH-2.0-half\r\n"));
    open.push(half);
  }
  await report(`beside ${HALF_OPEN} half-open connections`);
  for (const half of open) half.close();
  await client.close();
}
Deno.exit();
