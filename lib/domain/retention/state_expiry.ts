/**
 * Removes state that belongs to nobody and has not been used for a long time, in small steps.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { log } from "../../log.ts";
import { Rounds } from "../rounds.ts";
import type { StateStore } from "../state_store.ts";

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

export class StateExpiry implements AsyncDisposable {
  readonly #options: StateExpiryOptions;
  readonly #clock: Clock;
  readonly #rounds: Rounds;

  /** Starts at once. */
  constructor(options: StateExpiryOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#rounds = new Rounds({
      clock: this.#clock,
      intervalMs: INTERVAL_MS,
      round: () => this.#removeUnused(),
      onFailure: (message) =>
        log("state").warning("Cannot remove unused state, will try again: {message}", { message }),
    });
  }

  /** Stops after the current step; resolves once that is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]();
  }

  async #removeUnused(): Promise<boolean> {
    const { state, service, unusedMs } = this.#options;
    const before = this.#clock.now() - unusedMs;
    let removed = 0;
    for (let count = VALUES_AT_ONCE; count === VALUES_AT_ONCE && !this.#rounds.isStopping;) {
      count = await state.removeUnused(service, before, VALUES_AT_ONCE);
      removed += count;
      if (count === VALUES_AT_ONCE) await this.#rounds.pause(PAUSE_MS);
    }
    if (removed > 0) {
      const days = Math.round(unusedMs / 86_400_000);
      log("state").info("Removed {removed} values of {service} unused for {days} days", {
        removed,
        service,
        days,
      });
    }
    return false;
  }
}
