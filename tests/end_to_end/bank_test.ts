/**
 * Balances of the bank service always match its answers, even if the server is killed.
 *
 * `PARTYLINE_KILL_ROUNDS` sets how often it is killed, `PARTYLINE_SEED` the random numbers.
 */

import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const KILLS = Math.min(10, rounds(2, 10, "PARTYLINE_KILL_ROUNDS"));
const CLIENTS = 50;
const OPERATIONS = rounds(100, 400);
const NAMES = ["jack", "ann", "bob", "eve", "zoé"];

type Word = "dp" | "wd";

/** The operations on an account since its balance was last checked. */
class Account {
  /** The balance before them. */
  start = 0;
  /** How often a deposit or withdrawal was answered with each balance. */
  answers: Record<Word, Map<number, number>> = { dp: new Map(), wd: new Map() };
  /** How many were not answered. */
  unanswered: Record<Word, number> = { dp: 0, wd: 0 };

  answered(word: Word, balance: number): void {
    const counts = this.answers[word];
    counts.set(balance, (counts.get(balance) ?? 0) + 1);
  }

  /**
   * Throws unless `balance` follows from the answers, then starts over from it.
   *
   * Going from `start` to `balance` in steps of one, the step up to a level is taken as often as
   * the step down from it, plus or minus one if the level lies between the two. Each missing or
   * surplus step must be explained by one operation that was not answered.
   */
  check(balance: number): void {
    const [up, down] = [this.answers.dp, this.answers.wd];
    const highest = Math.max(
      balance,
      this.start,
      ...up.keys(),
      ...[...down.keys()].map((b) => b + 1),
    );
    const needed: Record<Word, number> = { dp: 0, wd: 0 };
    for (let level = 1; level <= highest; level++) {
      const net = Number(balance >= level) - Number(this.start >= level);
      let missing = net - (up.get(level) ?? 0) + (down.get(level - 1) ?? 0);
      // A withdrawal answered with 0 may have found 0: then it was not a step.
      if (level === 1) missing = Math.max(Math.min(missing, 0), missing - (down.get(0) ?? 0));
      needed[missing > 0 ? "dp" : "wd"] += Math.abs(missing);
    }
    const story = JSON.stringify({ ...this, up: [...up], down: [...down], balance, needed });
    assertLessOrEqual(needed.dp, this.unanswered.dp, story);
    assertLessOrEqual(needed.wd, this.unanswered.wd, story);
    this.start = balance;
    this.answers = { dp: new Map(), wd: new Map() };
    this.unanswered = { dp: 0, wd: 0 };
  }
}

function startServer(data: string): Promise<ServerProcess> {
  return ServerProcess.start({ data, args: ["--listen", "bank=tcp://127.0.0.1:0"] });
}

function balanceIn(answer: string, name: string): number {
  const [, owner, balance] = /^(.*)(?:'s money: (\d+)| has no money!!)\r\n$/.exec(answer)!;
  assertEquals(owner, name);
  return Number(balance ?? 0);
}

async function readBalance(client: LineClient, name: string): Promise<number> {
  await client.send(`${name}:how much?`);
  return balanceIn(await client.expect("\r\n"), name);
}

/** The work that clients still have to do, and what they have done. */
class Run {
  readonly accounts = new Map(NAMES.map((name) => [name, new Account()]));
  readonly left = Array.from({ length: CLIENTS }, () => OPERATIONS);
  done = 0;
  /** Called after each answer. */
  onAnswer = () => {};

  /** Runs one client until all work is done or its connection breaks. */
  async work(port: number, index: number, random: SeededRandom): Promise<void> {
    const client = await LineClient.connect(port);
    try {
      while (this.left[index] > 0) await this.#operate(client, index, random);
    } finally {
      await client.close();
    }
  }

  async #operate(client: LineClient, index: number, random: SeededRandom): Promise<void> {
    const name = random.pick(NAMES);
    // Mostly deposits: a withdrawal from 0 cannot show whether an earlier one was lost.
    const word = random.int(100) < 55 ? "dp" : "wd";
    const account = this.accounts.get(name)!;
    this.left[index]--;
    let answer: string;
    try {
      await client.send(`${name}:${word}`);
      answer = await client.expect("\r\n");
    } catch {
      account.unanswered[word]++;
      throw new Deno.errors.ConnectionReset("The server is gone");
    }
    account.answered(word, balanceIn(answer, name));
    this.done++;
    this.onAnswer();
  }

  /** Runs all clients; resolves to how many of them lost the server. */
  async workAll(port: number, random: SeededRandom): Promise<number> {
    const works = this.left.map((_, index) => {
      return this.work(port, index, new SeededRandom(random.int(2 ** 32)));
    });
    const outcomes = await Promise.allSettled(works);
    const failures = outcomes.flatMap((one) => one.status === "rejected" ? [one.reason] : []);
    const strange = failures.find((error) => !(error instanceof Deno.errors.ConnectionReset));
    if (strange) throw strange;
    return failures.length;
  }

  /** Throws unless the balances match the answers. */
  async check(port: number): Promise<void> {
    const client = await LineClient.connect(port);
    for (const [name, account] of this.accounts) account.check(await readBalance(client, name));
    await client.close();
  }
}

Deno.test("bank keeps the balances of 5 accounts exact for 50 clients, across a restart", async () => {
  using data = new TemporaryDirectory();
  const run = new Run();
  {
    await using server = await startServer(data.path);
    assertEquals(await run.workAll(server.port, new SeededRandom(SEED)), 0);
    assertEquals(run.done, CLIENTS * OPERATIONS);
    await run.check(server.port);
  }
  await using server = await startServer(data.path);
  await run.check(server.port);
});

Deno.test("bank neither loses an answered operation nor applies one twice after kill -9", async () => {
  using data = new TemporaryDirectory();
  const random = new SeededRandom(SEED);
  const run = new Run();
  let server = await startServer(data.path);
  try {
    for (let kill = 1; kill <= KILLS; kill++) {
      // At any moment, as long as there is work left for the next rounds.
      const share = CLIENTS * OPERATIONS / (KILLS + 1);
      const enough = run.done + Math.ceil(share / 2) + random.int(Math.ceil(share / 2));
      let killing: Promise<void> | undefined;
      run.onAnswer = () => {
        if (run.done >= enough) killing ??= server.kill();
      };
      assertGreater(await run.workAll(server.port, random), 0, "The kill came too late");
      await killing;
      server = await startServer(data.path);
      await run.check(server.port);
    }
    run.onAnswer = () => {};
    assertEquals(await run.workAll(server.port, random), 0);
    await run.check(server.port);
  } finally {
    await server.stop();
  }
});

Deno.test("Account.check() of this test finds an operation that was lost or applied twice", () => {
  const isFine = (balance: number, unanswered: Partial<Record<Word, number>> = {}) => {
    const account = new Account();
    account.start = 1;
    // 1 -> 2 -> 3 -> 2 -> 1 -> 0 -> 1
    for (const after of [2, 3, 1]) account.answered("dp", after);
    for (const after of [2, 1, 0]) account.answered("wd", after);
    account.unanswered = { dp: 0, wd: 0, ...unanswered };
    try {
      account.check(balance);
      return true;
    } catch {
      return false;
    }
  };
  const balances = [0, 1, 2, 3];
  assertEquals(balances.map((balance) => isFine(balance)), [false, true, false, false]);
  const deposit = { dp: 1 };
  assertEquals(balances.map((balance) => isFine(balance, deposit)), [false, true, true, false]);
  const withdrawal = { wd: 1 };
  assertEquals(balances.map((balance) => isFine(balance, withdrawal)), [true, true, false, false]);
});
