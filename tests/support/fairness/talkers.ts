/** People who talk, and newcomers who enter: what they have to wait for the server. */

import { LineClient } from "../line_client.ts";

/** Pairs of people. */
const PAIRS = 10;
/** The pause between two round trips of a pair, and between two newcomers: flood control is on. */
const PAUSE_MS = 250;

/** Sorted times in milliseconds. */
export interface Waits {
  /** From a question to its answer. */
  readonly trips: readonly number[];
  /** From connecting to being in the lobby. */
  readonly entries: readonly number[];
}

export class Talkers implements AsyncDisposable {
  readonly #port: number;
  readonly #pairs: readonly (readonly [LineClient, LineClient])[];

  private constructor(port: number, pairs: readonly (readonly [LineClient, LineClient])[]) {
    this.#port = port;
    this.#pairs = pairs;
  }

  /** Enters with all pairs, each into a room of its own. */
  static async enter(port: number): Promise<Talkers> {
    const pairs: [LineClient, LineClient][] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const names = [`ann${pair}`, `bob${pair}`];
      const [ann, bob] = await Promise.all(names.map((name) => LineClient.enter(port, name)));
      for (const client of [ann, bob]) {
        await client.send("/leave", `/join pair${pair}`);
        await client.expect(/\* You are in #pair.*\r\n/);
      }
      pairs.push([ann, bob]);
    }
    return new Talkers(port, pairs);
  }

  /** Talks for `ms` milliseconds. Rejects if anything takes a minute. */
  async talk(ms: number): Promise<Waits> {
    const end = performance.now() + ms;
    const trips: number[] = [];
    const entries: number[] = [];
    const talking = this.#pairs.map(async ([ann, bob]) => {
      await pause(Math.random() * PAUSE_MS);
      while (performance.now() < end) {
        trips.push(await timeOf(() => roundTrip(ann, bob)));
        await pause(PAUSE_MS);
      }
    });
    const entering = async () => {
      for (let number = 0; performance.now() < end; number++) {
        let newcomer: LineClient | undefined;
        entries.push(await timeOf(async () => newcomer = await this.#newcomer(number)));
        await newcomer!.close();
        await pause(PAUSE_MS);
      }
    };
    await Promise.all([...talking, entering()]);
    const inOrder = (a: number, b: number) => a - b;
    return { trips: trips.toSorted(inOrder), entries: entries.toSorted(inOrder) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#pairs.flat()) await client.close();
  }

  #newcomer(number: number): Promise<LineClient> {
    return LineClient.enter(this.#port, `new${number}`, { atOnce: true });
  }
}

async function roundTrip(ann: LineClient, bob: LineClient): Promise<void> {
  await ann.send("question");
  await bob.expect("> question\r\n");
  await bob.send("answer");
  await ann.expect("> answer\r\n");
  ann.transcript = bob.transcript = "";
}

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
