/**
 * `deno task bench:fairness` measures the latency of conversations between two people each, while other
 * clients send one kind of request as fast as they can. For each kind it prints the pairs' round
 * trips, the longest turn of the server's event loop, the server's memory and the number of answers
 * the attackers got; at the end, how long the server takes to stop.
 *
 *     deno task bench:fairness [KIND ...]
 *
 * `PARTYLINE_BENCH_SECONDS` sets the duration of each kind, by default 5. The pair and the attackers
 * run in processes of their own; nothing is pinned to a core.
 *
 * @module
 */

import { fillData, type PastDraft } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { type Attack, ATTACKS, TOKEN } from "./fairness_attack.ts";
import { linesOf, machineText, portIn, residentBytes } from "./machine.ts";

const SECONDS = Number(Deno.env.get("PARTYLINE_BENCH_SECONDS") ?? 5);
/** Pairs that talk, and the pause between two of a pair's round trips: flood control is on. */
const PAIRS = 10;
const PAUSE_MS = 250;
const here = (file: string) => new URL(file, import.meta.url).pathname;

/** A room of 150,000 messages, and one whose last 13,000 events are joins and parts. */
function* pastEvents(): Generator<PastDraft> {
  const start = Date.now() - 86_400_000;
  for (let number = 0; number < 150_000; number++) {
    const body = `line ${number} of a long room, with a body of about sixty letters in all`;
    yield {
      room: "big",
      kind: "message",
      from: `user${number % 7}`,
      body,
      at: start + number * 500,
    };
  }
  for (let number = 0; number < 13_030; number++) {
    const kind = number < 30 ? "message" : number % 2 === 0 ? "join" : "part";
    const from = `visitor${number >> 1}`;
    yield { room: "doors", kind, from, body: "", at: start + 75_000_000 + number * 100 };
  }
}

class MeasuredServer {
  readonly process: Deno.ChildProcess;
  readonly chatPort: number;
  readonly webPort: number;
  readonly logPort: number;
  readonly #turns: AsyncIterator<string>;

  private constructor(
    process: Deno.ChildProcess,
    ports: readonly number[],
    turns: AsyncIterator<string>,
  ) {
    this.process = process;
    [this.chatPort, this.logPort, this.webPort] = ports;
    this.#turns = turns;
  }

  static async start(data: string): Promise<MeasuredServer> {
    const doors = ["chat=telnet://127.0.0.1:0", "logger=tcp://127.0.0.1:0?room=logs"];
    const args = [...doors.flatMap((door) => ["--listen", door]), "--web", "http://127.0.0.1:0"];
    const limits = ["--max-per-address", "0", "--post-token", TOKEN];
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", here("measured_main.ts"), "serve", "--data", data, ...args, ...limits],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const lines = linesOf(process.stdout);
    const ports: number[] = [];
    for (;;) {
      const { value: line, done } = await lines.next();
      if (done) throw new Error("The server did not start");
      if (line === "ready") break;
      ports.push(portIn(line.replace(/\/$/, "")));
    }
    return new MeasuredServer(process, ports, linesOf(process.stderr));
  }

  /** The longest turn of the event loop since the last call, in milliseconds. */
  async longestTurnMs(): Promise<number> {
    this.process.kill("SIGUSR2");
    for (;;) {
      const { value: line, done } = await this.#turns.next();
      if (done) throw new Error("The server ended");
      const match = /^turn ([\d.]+)$/.exec(line);
      if (match) return Number(match[1]);
    }
  }

  /** Resolves to the time that stopping took, in milliseconds. */
  async stop(): Promise<number> {
    const start = performance.now();
    this.process.kill("SIGTERM");
    while (!(await this.#turns.next()).done);
    await this.process.status;
    return performance.now() - start;
  }
}

class Talkers {
  readonly #ann: LineClient;
  readonly #bob: LineClient;

  constructor(ann: LineClient, bob: LineClient) {
    this.#ann = ann;
    this.#bob = bob;
  }

  static async enter(port: number, pair: number): Promise<Talkers> {
    const names = [`ann${pair}`, `bob${pair}`];
    const [ann, bob] = await Promise.all(names.map((name) => LineClient.enter(port, name)));
    for (const client of [ann, bob]) {
      await client.send("/leave", `/join pair${pair}`);
      await client.expect(/\* You are in #pair.*\r\n/);
    }
    return new Talkers(ann, bob);
  }

  /** Resolves to the round trips of `ms` milliseconds of talk, in milliseconds. */
  async talk(ms: number): Promise<number[]> {
    const trips: number[] = [];
    await pause(Math.random() * PAUSE_MS);
    for (const end = performance.now() + ms; performance.now() < end;) {
      const start = performance.now();
      await this.#ann.send("question");
      await this.#bob.expect("> question\r\n", 60_000);
      await this.#bob.send("answer");
      await this.#ann.expect("> answer\r\n", 60_000);
      trips.push(performance.now() - start);
      this.#ann.transcript = this.#bob.transcript = "";
      await pause(PAUSE_MS);
    }
    return trips;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The sorted round trips of all pairs. */
async function talk(pairs: readonly Talkers[], ms: number): Promise<number[]> {
  const trips = await Promise.all(pairs.map((pair) => pair.talk(ms)));
  return trips.flat().toSorted((a, b) => a - b);
}

async function measure(
  server: MeasuredServer,
  pairs: readonly Talkers[],
  kind: Attack["kind"],
): Promise<void> {
  const { chatPort, webPort, logPort } = server;
  const attack: Attack = { kind, chatPort, webPort, logPort };
  const attackers = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-net", here("fairness_attack.ts"), JSON.stringify(attack)],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = linesOf(attackers.stdout);
  await output.next();
  await server.longestTurnMs();
  const trips = await talk(pairs, SECONDS * 1000);
  const turn = await server.longestTurnMs();
  await attackers.stdin.getWriter().close();
  const { value: result = "no result" } = await output.next();
  await attackers.status;
  const at = (part: number) => trips[Math.min(trips.length - 1, Math.floor(trips.length * part))];
  const cells = [
    kind.padEnd(34),
    ...[at(0.5), at(0.99), trips[trips.length - 1], turn].map((ms) => ms.toFixed(1).padStart(9)),
    (residentBytes(server.process.pid) / 2 ** 20).toFixed(0).padStart(7),
    `  ${result}`,
  ];
  console.log(cells.join(""));
  // Lets the server finish the work of this kind before the next one starts.
  await talk(pairs, 1000);
}

if (import.meta.main) {
  const kinds = (Deno.args.length > 0 ? Deno.args : Object.keys(ATTACKS)) as Attack["kind"][];
  const data = await Deno.makeTempDir({ prefix: "partyline-bench-" });
  try {
    await fillData(data, pastEvents());
    console.log(await machineText());
    console.log(`Milliseconds; ${SECONDS} s each\n`);
    console.log(`${"".padEnd(34)}      p50      p99    worst     turn  RSS MB`);
    const server = await MeasuredServer.start(data);
    const pairs: Talkers[] = [];
    for (let pair = 0; pair < PAIRS; pair++) pairs.push(await Talkers.enter(server.chatPort, pair));
    for (const kind of kinds) await measure(server, pairs, kind);
    const { highest } = { highest: residentBytes(server.process.pid, "most") / 2 ** 20 };
    console.log(`\nhighest RSS ${highest.toFixed(0)} MB`);
    console.log(`stopped in ${(await server.stop()).toFixed(0)} ms`);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
  Deno.exit();
}
