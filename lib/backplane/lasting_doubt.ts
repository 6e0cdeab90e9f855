/**
 * Tells what lasts from what passes. A server that was stopped may answer for seconds as the leader
 * that it no longer is, and one that has just become the leader before it knows all that it holds:
 * a stream then seems to be missing, or to end too early.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

/** Longer than servers take to elect a leader, and to notice that there is another one. */
const CERTAIN_MS = 20_000;
/** After a longer pause, as when this process was stopped, it begins anew. */
const MOST_PAUSE_MS = 5000;

export class LastingDoubt {
  readonly #clock: Clock;
  #doubt: string | undefined;
  #since = 0;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes a doubt; returns whether there has been no other finding for long enough. */
  isCertain(doubt: string): boolean {
    const now = this.#clock.monotonic();
    if (doubt !== this.#doubt || now - this.#last > MOST_PAUSE_MS) this.#since = now;
    this.#doubt = doubt;
    this.#last = now;
    return now - this.#since >= CERTAIN_MS;
  }

  /** Notes that all is well. */
  clear(): void {
    this.#doubt = undefined;
  }
}
