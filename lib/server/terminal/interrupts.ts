/**
 * Ctrl-C: once to clear the line, twice to leave.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";

/** Two interrupts within this time mean that the user wants to leave. */
const LEAVE_WITHIN_MS = 2000;

export class Interrupts {
  readonly #clock: Clock;
  #latest = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Call this when something else is typed. */
  forget(): void {
    this.#latest = -Infinity;
  }

  /** Counts an interrupt on an empty line; returns whether it is the second. */
  isSecond(): boolean {
    const now = this.#clock.monotonic();
    const isSecond = now - this.#latest <= LEAVE_WITHIN_MS;
    this.#latest = now;
    return isSecond;
  }
}
