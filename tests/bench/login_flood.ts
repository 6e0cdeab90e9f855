/**
 * Measures what fifty wrong log-ins a second cost others: people who talk, and the owner of the
 * attacked account. The server, the attackers and the people run in a process each.
 *
 * @module
 */

import { LineClient } from "../support/line_client.ts";
import { linesOf } from "../support/program_output.ts";
import { ServerProcess } from "../support/server_process.ts";
import type { AttackResult, LoginAttack } from "./login_attack.ts";

const PROGRAM = new URL("./login_attack.ts", import.meta.url).pathname;
const OWNER = "owner";
const PASSWORD = "tea at five";
/** Pairs that talk: 20 messages a second together, each person less than flood control allows. */
const PAIRS = 5;
const PAUSE_MS = 250;
/** Milliseconds between two log-ins of the owner. */
const OWNER_PAUSE_MS = 1000;

/** All times are sorted milliseconds. */
export interface FloodFigures {
  /** From sending a message until it reaches the other person. */
  readonly quiet: readonly number[];
  readonly attacked: readonly number[];
  /** Log-ins of the owner, from the address where they registered. */
  readonly ownerQuiet: readonly number[];
  readonly ownerAttacked: readonly number[];
  /** Log-ins of the owner that were refused. */
  readonly refusedOwner: number;
  /** Share of the time that the server's main thread spent on a core. */
  readonly busyQuiet: number;
  readonly busyAttacked: number;
  readonly attack: AttackResult;
}

/**
 * Alternates quiet and attacked windows, so that other work of the machine affects both.
 *
 * @param seconds How long to attack in all.
 * @param windowSeconds The length of one window.
 */
export async function measureFlood(
  isFromOne: boolean,
  seconds: number,
  windowSeconds = 5,
): Promise<FloodFigures> {
  const args = ["chat=tcp://127.0.0.1:0", "irc=tcp://127.0.0.1:0"];
  await using server = await ServerProcess.start({
    args: [...args.flatMap((door) => ["--listen", door]), "--web", "http://127.0.0.1:0"],
  });
  const [chatPort, ircPort] = server.ports;
  const webPort = Number(new URL(server.web).port);
  await register(chatPort);
  const pairs = await Promise.all(
    Array.from({ length: PAIRS }, (_, pair) => enter(chatPort, pair)),
  );
  const attackers = new Attackers({ account: OWNER, chatPort, ircPort, webPort, isFromOne });
  await attackers.ready();

  const quiet = new Windows(server.process.pid);
  const attacked = new Windows(server.process.pid);
  const attack = { wrong: 0, refused: 0, lost: 0 };
  // The first window warms everything up and does not count.
  await talk(pairs, windowSeconds, []);
  for (let window = 0; window < seconds / windowSeconds; window++) {
    await quiet.measure(pairs, chatPort, windowSeconds);
    await attackers.start();
    await attacked.measure(pairs, chatPort, windowSeconds);
    const result = await attackers.stop();
    for (const outcome of ["wrong", "refused", "lost"] as const) attack[outcome] += result[outcome];
  }
  await attackers.end();
  for (const client of pairs.flat()) await client.close();
  return {
    quiet: sorted(quiet.trips),
    attacked: sorted(attacked.trips),
    ownerQuiet: sorted(quiet.logIns),
    ownerAttacked: sorted(attacked.logIns),
    refusedOwner: attacked.refused,
    busyQuiet: quiet.busyShare,
    busyAttacked: attacked.busyShare,
    attack,
  };
}

/** The measurements in windows of one kind. */
class Windows {
  readonly trips: number[] = [];
  readonly logIns: number[] = [];
  refused = 0;
  readonly #pid: number;
  #busyMs = 0;
  #ms = 0;

  constructor(pid: number) {
    this.#pid = pid;
  }

  get busyShare(): number {
    return this.#busyMs / this.#ms;
  }

  async measure(
    pairs: readonly (readonly [LineClient, LineClient])[],
    port: number,
    seconds: number,
  ): Promise<void> {
    const startedAt = performance.now();
    const busyBefore = busyMs(this.#pid);
    let isOver = false;
    const loggingIn = this.#logInAsOwner(port, () => isOver);
    await talk(pairs, seconds, this.trips);
    this.#busyMs += busyMs(this.#pid) - busyBefore;
    this.#ms += performance.now() - startedAt;
    isOver = true;
    await loggingIn;
  }

  async #logInAsOwner(port: number, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const startedAt = performance.now();
      const owner = await LineClient.connect(port);
      await owner.send(`/login ${OWNER} ${PASSWORD}`);
      const answer = await owner.expect(/You are logged in as|^! .*\r\n/m, 60_000);
      if (/^! /m.test(answer)) this.refused++;
      else this.logIns.push(performance.now() - startedAt);
      await owner.close();
      if (!isOver()) await until(performance.now() + OWNER_PAUSE_MS);
    }
  }
}

function sorted(times: readonly number[]): number[] {
  return times.toSorted((a, b) => a - b);
}

/** How long the main thread of a process has been on a core; 0 without `/proc`. */
function busyMs(pid: number): number {
  try {
    return Number(Deno.readTextFileSync(`/proc/${pid}/task/${pid}/schedstat`).split(" ")[0]) / 1e6;
  } catch {
    return 0;
  }
}

async function register(port: number): Promise<void> {
  const owner = await LineClient.enter(port, OWNER);
  await owner.send("/register", PASSWORD, PASSWORD);
  await owner.expect("You are logged in", 60_000);
  await owner.close();
}

async function enter(port: number, pair: number): Promise<readonly [LineClient, LineClient]> {
  const names = [`ann${pair}`, `bob${pair}`];
  const [ann, bob] = await Promise.all(names.map((name) => LineClient.enter(port, name)));
  for (const client of [ann, bob]) {
    await client.send("/leave", `/join pair${pair}`);
    await client.expect(/\* You are in #pair.*\r\n/);
  }
  return [ann, bob];
}

/** Everybody talks in turn, with four messages a second in each pair. */
async function talk(
  pairs: readonly (readonly [LineClient, LineClient])[],
  seconds: number,
  times: number[],
): Promise<void> {
  const start = performance.now();
  await Promise.all(pairs.map(async ([ann, bob], pair) => {
    const count = seconds * 1000 / PAUSE_MS;
    for (let number = 0; number < count; number++) {
      const [from, to] = number % 2 === 0 ? [ann, bob] : [bob, ann];
      await until(start + (number + pair / PAIRS) * PAUSE_MS);
      const sentAt = performance.now();
      await from.send(`message ${number}`);
      await to.expect(`> message ${number}\r\n`, 60_000);
      times.push(performance.now() - sentAt);
      ann.transcript = bob.transcript = "";
    }
  }));
  await until(start + seconds * 1000);
}

function until(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));
}

/** The attackers' process. */
class Attackers {
  readonly #process: Deno.ChildProcess;
  readonly #output: AsyncIterator<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  constructor(attack: LoginAttack) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "-A", PROGRAM, JSON.stringify(attack)],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#output = linesOf(this.#process.stdout);
    this.#input = this.#process.stdin.getWriter();
  }

  async ready(): Promise<void> {
    await this.#output.next();
  }

  async start(): Promise<void> {
    await this.#input.write(new TextEncoder().encode("on\n"));
  }

  async stop(): Promise<AttackResult> {
    await this.#input.write(new TextEncoder().encode("off\n"));
    return JSON.parse((await this.#output.next()).value!);
  }

  async end(): Promise<void> {
    await this.#input.close();
    await this.#process.status;
  }
}
