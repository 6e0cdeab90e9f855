/** Two clients that keep talking, to check that the server stays responsive. */

import { LineClient } from "./line_client.ts";
import type { ServerProcess } from "./server_process.ts";

export class Pair implements AsyncDisposable {
  /** Number of questions answered. */
  rounds = 0;
  /** The slowest answer, in milliseconds. */
  longestMs = 0;
  readonly #ann: LineClient;
  readonly #bob: LineClient;
  #isStopping = false;
  #error: unknown;
  readonly #talking: Promise<void>;
  #waiters: (() => void)[] = [];

  private constructor(ann: LineClient, bob: LineClient) {
    this.#ann = ann;
    this.#bob = bob;
    this.#talking = this.#talk();
  }

  /** Enters both, one on each kind of port, in a room of their own. */
  static async enter(server: ServerProcess): Promise<Pair> {
    const clients: LineClient[] = [];
    for (const [index, name] of ["ann.pair", "bob.pair"].entries()) {
      const client = await LineClient.enter(server.ports[index], name);
      await client.send("/leave", "/join pair");
      await client.expect(/\* You are in #pair.*\r\n/);
      clients.push(client);
    }
    return new Pair(clients[0], clients[1]);
  }

  /** Resolves once the next question is answered; rejects if the conversation has failed. */
  async round(): Promise<void> {
    if (!this.#error) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    if (this.#error) throw this.#error;
  }

  /** Ends the conversation. @throws {Error} if it failed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    await this.#talking;
    await Promise.all([this.#ann.close(), this.#bob.close()]);
    if (this.#error) throw this.#error;
  }

  async #talk(): Promise<void> {
    try {
      while (!this.#isStopping) {
        const start = performance.now();
        await this.#ann.send(`question ${this.rounds}`);
        await this.#bob.expect(`<ann.pair> question ${this.rounds}\r\n`);
        await this.#bob.send(`answer ${this.rounds}`);
        await this.#ann.expect(`<bob.pair> answer ${this.rounds}\r\n`);
        this.#ann.transcript = this.#bob.transcript = "";
        this.longestMs = Math.max(this.longestMs, performance.now() - start);
        this.rounds++;
        this.#wake();
      }
    } catch (error) {
      this.#error = error;
    }
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}
