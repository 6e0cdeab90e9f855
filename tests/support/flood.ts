/**
 * A flood of numbered lines in one room, for the test and the benchmark of slow readers: some clients
 * send as fast as they can, others count the lines that arrive.
 *
 * @module
 */

import { LineClient } from "./line_client.ts";
import { PATIENCE_MS } from "./patience.ts";

/** The room of the flood. */
export const FLOODED_ROOM = "flood";

export interface FloodOptions {
  readonly senders: number;
  /** Lines from each sender. */
  readonly linesEach: number;
  /** Length of a line's text. */
  readonly width: number;
}

/** Lines in one write of a sender. */
const LINES_AT_ONCE = 50;

/** Enters only the flooded room, so that lines in the lobby do not count. */
export async function enterFlood(port: number, name: string): Promise<LineClient> {
  const client = await LineClient.enter(port, name, { atOnce: true });
  await client.send("/leave", `/join ${FLOODED_ROOM}`);
  await client.expect(`* You are in #${FLOODED_ROOM}`);
  await client.expect("\r\n");
  return client;
}

/** Counts the lines of a flood without keeping them. */
export class Counter {
  /** The lines received, in order: the sender's number times a million plus the line's. */
  readonly heard: number[] = [];
  /** Lines that do not belong to the flood. */
  readonly strays: string[] = [];
  readonly #client: LineClient;
  readonly #expected: number;
  readonly #done = Promise.withResolvers<void>();
  readonly #line: RegExp;
  #timer: ReturnType<typeof setTimeout>;
  #rest = "";

  /** @param client A client in the flooded room that is not one of the senders. */
  constructor(client: LineClient, { senders, linesEach, width }: FloodOptions) {
    this.#client = client;
    this.#expected = senders * linesEach;
    this.#line = new RegExp(`^<flood(\\d+)> (?=.{${width}}$)(\\d+)x+$`);
    this.#timer = this.#startTimer();
    this.#take(client.received);
    client.onText = (text) => {
      client.received = client.transcript = "";
      this.#take(text);
    };
  }

  /** Resolves once all lines have arrived. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\r\n");
    this.#rest = lines.pop()!;
    for (const line of lines) {
      const match = this.#line.exec(line);
      if (match) this.heard.push(Number(match[1]) * 1e6 + Number(match[2]));
      else if (!/^\* flood\d+ (joined|left)$/.test(line)) this.strays.push(line);
    }
    clearTimeout(this.#timer);
    if (this.heard.length >= this.#expected) this.#done.resolve();
    else this.#timer = this.#startTimer();
  }

  #startTimer(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      const { length } = this.heard;
      this.#done.reject(
        new Error(`Only ${length} of ${this.#expected} lines arrived; strays: ${this.strays}`),
      );
    }, PATIENCE_MS);
  }

  /** Stops counting. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#client.close();
  }
}

/** Floods the room; resolves once everything is written and the senders have left. */
export async function flood(port: number, options: FloodOptions): Promise<void> {
  const { senders } = options;
  const clients = await Promise.all(
    Array.from({ length: senders }, (_, index) => enterFlood(port, `flood${index}`)),
  );
  await Promise.all(clients.map((client) => talk(client, options)));
  await Promise.all(clients.map(async (client) => {
    await client.send("/quit");
    await client.expectEnd();
    await client.close();
  }));
}

async function talk(client: LineClient, { linesEach, width }: FloodOptions): Promise<void> {
  client.onText = () => client.received = client.transcript = "";
  for (let number = 0; number < linesEach;) {
    const lines: string[] = [];
    for (const end = Math.min(number + LINES_AT_ONCE, linesEach); number < end; number++) {
      lines.push(`${number}`.padEnd(width, "x"));
    }
    await client.send(...lines);
  }
}
