/**
 * Removes state that belongs to nobody and has not been used for a long time, in small steps.
 *
 * @module
 */

import { type Clock, Pauses, systemClock } from "../clock.ts";
import { log } from "../log.ts";
import type { StateStore } from "./state_store.ts";

/** Milliseconds between rounds. */
const INTERVAL_MS = 60 * 60 * 1000;
/** Milliseconds for other work after each step. */
const PAUSE_MS = 10;
/** Values removed in one step, which takes about a millisecond. */
const VALUES_AT_ONCE = 100;

export interface StateExpiryOptions {
  readonly state: StateStore;
  /** The service whose values expire. */
  readonly service: string;
  /** How long a value is kept without being used, milliseconds. */
  readonly unusedMs: number;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

export class StateExpiry {
  readonly #options: StateExpiryOptions;
  readonly #clock: Clock;
  readonly #pauses: Pauses;
  readonly #running: Promise<void>;
  #isStopping = false;
  #isFailing = false;

  /** Starts at once. */
  constructor(options: StateExpiryOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#pauses = new Pauses(this.#clock);
    this.#running = this.#run();
  }

  /** Stops after the current step; resolves once that is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    this.#pauses.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#removeUnused();
        this.#isFailing = false;
      } catch (error) {
        this.#noteFailure(error as Error);
      }
      await this.#pauses.take(INTERVAL_MS);
    }
  }

  async #removeUnused(): Promise<void> {
    const { state, service, unusedMs } = this.#options;
    const before = this.#clock.now() - unusedMs;
    let removed = 0;
    for (let count = VALUES_AT_ONCE; count === VALUES_AT_ONCE && !this.#isStopping;) {
      count = await state.removeUnused(service, before, VALUES_AT_ONCE);
      removed += count;
      if (count === VALUES_AT_ONCE) await this.#pauses.take(PAUSE_MS);
    }
    if (removed > 0) {
      const days = Math.round(unusedMs / 86_400_000);
      log("state").info("Removed {removed} values of {service} unused for {days} days", {
        removed,
        service,
        days,
      });
    }
  }

  /** Logged once: on a full disk every round fails until there is space again. */
  #noteFailure({ message }: Error): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    log("state").warning("Cannot remove unused state, will try again: {message}", { message });
  }
}
