/**
 * How long the event loop is held up: how much later than asked a timer runs. While it is, nobody
 * is served.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { Histogram } from "./histogram.ts";

/** Milliseconds between two looks. A hold-up this long is always seen, a shorter one mostly. */
const INTERVAL_MS = 100;

/** Watches the event loop until it is disposed of. */
export class LoopDelay implements Disposable {
  readonly delays = new Histogram();
  readonly #clock: Clock;
  #dueAt = 0;
  #cancel!: () => void;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wait();
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }

  #wait(): void {
    this.#dueAt = this.#clock.monotonic() + INTERVAL_MS;
    this.#cancel = this.#clock.after(INTERVAL_MS, () => {
      this.delays.observeMs(Math.max(0, this.#clock.monotonic() - this.#dueAt));
      this.#wait();
    });
  }
}
