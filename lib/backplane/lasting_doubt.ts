/**
 * Tells lasting faults of a stream from temporary ones. A server that was frozen may answer for
 * seconds as the leader that it no longer is, and a new leader may answer before it knows all that
 * it holds: the stream then seems to be missing, or to end too early.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

/** Milliseconds; longer than servers take to elect a leader and to notice that it has changed. */
const CERTAIN_MS = 20_000;
/** After a longer pause between checks, as when this process was frozen, the count starts over. */
const MOST_PAUSE_MS = 5000;

export class LastingDoubt {
  readonly #clock: Clock;
  #doubt: string | undefined;
  #since = 0;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes a doubt; returns whether it has been the only finding for 20 seconds. */
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
