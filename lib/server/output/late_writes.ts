/**
 * Rate-limits the writes of outboxes that hold only low-priority output, such as joins and leaves,
 * in the order in which they were added. A write costs more than a line, so output that arrives
 * while one is delayed shares it: of the 106,000 writes that 10,000 log-ins to rooms of ten took,
 * two thirds announced little more than one arrival.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";

/** Writes a second: 10,000 people are all told within five seconds. */
const PER_SECOND = 2000;
/** Burst: writes that may start at once after a pause. */
const AT_ONCE = 500;
/** How long to wait for more credit, in milliseconds. */
const INTERVAL_MS = 50;

export class LateWrites<Item> {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  readonly #items = new Set<Item>();
  /**
   * Token bucket: writes allowed now, and when that was last updated, in monotonic milliseconds.
   */
  #credit = AT_ONCE;
  #creditedAt = 0;
  /** Ends the wait for more credit. */
  #cancel: (() => void) | undefined;

  /** @param onDue Called when {@linkcode LateWrites.take} will return some. */
  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  add(item: Item): void {
    this.#items.add(item);
    this.#plan();
  }

  /** Removes an outbox that has been written earlier or will never be. */
  delete(item: Item): void {
    if (!this.#items.delete(item) || this.#items.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Whether some may be written now. */
  get isDue(): boolean {
    return this.#items.size > 0 && this.#credit >= 1;
  }

  /** Removes and returns at most `most` items that may be written now. */
  take(most: number): Item[] {
    const taken: Item[] = [];
    if (this.#items.size === 0) return taken;
    const now = this.#clock.monotonic();
    const earned = (now - this.#creditedAt) * PER_SECOND / 1000;
    this.#credit = Math.min(AT_ONCE, this.#credit + earned);
    this.#creditedAt = now;
    for (const item of this.#items) {
      if (taken.length === most || this.#credit < 1) break;
      this.#items.delete(item);
      this.#credit--;
      taken.push(item);
    }
    if (!this.isDue) this.#plan();
    return taken;
  }

  #plan(): void {
    if (this.#items.size === 0 || this.#cancel) return;
    if (this.#credit >= 1) return this.#onDue();
    this.#cancel = this.#clock.after(INTERVAL_MS, () => {
      this.#cancel = undefined;
      this.#onDue();
    });
  }
}
