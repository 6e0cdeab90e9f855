/**
 * Counts the datagrams that an endpoint refuses, for a service that records losses. It reports them
 * soon, but seldom: strangers must not be able to fill a room.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";

/** Milliseconds to count before the first report, and between two reports. */
const FIRST_MS = 1000;
const INTERVAL_MS = 60_000;

export class RefusedDatagrams {
  readonly #clock: Clock;
  readonly #report: (datagrams: number) => void;
  #count = 0;
  #reportedAt = -Infinity;
  #cancel: (() => void) | undefined;

  /** @param report Takes the number refused since the last call. */
  constructor(clock: Clock, report: (datagrams: number) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /** Counts one. */
  note(): void {
    this.#count++;
    if (this.#cancel) return;
    const waitMs = this.#reportedAt + INTERVAL_MS - this.#clock.monotonic();
    this.#cancel = this.#clock.after(Math.max(FIRST_MS, waitMs), () => this.flush());
  }

  /** Reports what was counted, now. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#count === 0) return;
    this.#reportedAt = this.#clock.monotonic();
    this.#report(this.#count);
    this.#count = 0;
  }
}
