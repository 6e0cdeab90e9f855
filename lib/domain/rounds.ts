/**
 * Background work that is done in rounds until it is stopped. A round that fails is done again, and
 * the failure is reported once.
 *
 * @module
 */

import { type Clock, Pauses } from "../clock.ts";

export interface RoundsOptions {
  readonly clock: Clock;
  /** Milliseconds between rounds. */
  readonly intervalMs: number;
  /** Milliseconds after a round that failed. @default {intervalMs} */
  readonly retryMs?: number;
  /** Whether stopping takes one more round, unless the one before failed. @default {false} */
  readonly hasLastRound?: boolean;
  /** Does a round; resolves to whether it was the last one. */
  readonly round: () => Promise<boolean>;
  /** Called for the first failure in a row: on a full disk, every round fails until it has space. */
  readonly onFailure: (message: string) => void;
}

export class Rounds implements AsyncDisposable {
  readonly #options: RoundsOptions;
  readonly #pauses: Pauses;
  readonly #running: Promise<void>;
  #isStopping = false;

  /** Starts in the next microtask, so that the first round finds its owner constructed. */
  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#pauses = new Pauses(options.clock);
    this.#running = Promise.resolve().then(() => this.#run());
  }

  /** Whether the current round should end after its current step. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Leaves `ms` milliseconds for other work, within a round; less if the work is stopped. */
  pause(ms: number): Promise<void> {
    return this.#pauses.take(ms);
  }

  /** Stops after the current step; resolves once that is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    this.#pauses.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { round, onFailure, intervalMs, retryMs = intervalMs, hasLastRound } = this.#options;
    let isFailing = false;
    do {
      try {
        if (await round()) return;
        isFailing = false;
      } catch (error) {
        if (!isFailing) onFailure((error as Error).message);
        isFailing = true;
      }
      await this.#pauses.take(isFailing ? retryMs : intervalMs);
    } while (!this.#isStopping || (hasLastRound && !isFailing));
  }
}
