/**
 * How fast counters grow: their increase over the last minute.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

/** How often the counters are read, and how many readings span a minute. */
const STEP_MS = 5000;
const STEPS = 13;

/** The increase of counters per second. */
export class Rates<Name extends string> implements Disposable {
  readonly #clock: Clock;
  readonly #read: () => Record<Name, number>;
  /** Earlier readings, oldest first. */
  #readings: { readonly at: number; readonly counts: Record<Name, number> }[] = [];
  #cancel!: () => void;

  constructor(clock: Clock, read: () => Record<Name, number>) {
    this.#clock = clock;
    this.#read = read;
    this.#note();
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }

  /** Over the last minute, or since the start if that was later. */
  get perSecond(): Record<Name, number> {
    const [{ at, counts }] = this.#readings;
    const seconds = (this.#clock.monotonic() - at) / 1000;
    const now = Object.entries<number>(this.#read());
    const rates = now.map(([name, count]) => {
      const rate = seconds <= 0 ? 0 : (count - counts[name as Name]) / seconds;
      return [name, Math.round(rate * 10) / 10];
    });
    return Object.fromEntries(rates) as Record<Name, number>;
  }

  #note(): void {
    this.#readings.push({ at: this.#clock.monotonic(), counts: this.#read() });
    if (this.#readings.length > STEPS) this.#readings.shift();
    this.#cancel = this.#clock.after(STEP_MS, () => this.#note());
  }
}
