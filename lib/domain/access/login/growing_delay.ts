/**
 * A delay that doubles with each failure, after some that cost nothing.
 *
 * @module
 */

/** How a delay grows. */
export interface DelayRule {
  /** Failures that cost nothing. */
  readonly free: number;
  /** The first delay; each following one is twice as long. Milliseconds. */
  readonly firstMs: number;
}

const LONGEST_MS = 60_000;
/** A failure is forgotten this long after the last one. */
const FORGET_MS = 60 * 60 * 1000;
/** Attempts that can be made in spite of the delay, and how soon each of them comes back. */
const MOST_SPARE = 3;
const SPARE_EVERY_MS = 10_000;

/** The failures of somebody. All times are monotonic milliseconds. */
export class GrowingDelay {
  #count = 0;
  #retryAt = -Infinity;
  #lastAt = -Infinity;
  #spareUsed = 0;
  #spareAt = 0;

  /** The number of failures. */
  get count(): number {
    return this.#count;
  }

  /** How long the next attempt has to wait; 0 if it need not. */
  waitMs(now: number): number {
    return Math.max(0, this.#retryAt - now);
  }

  /** Whether everything is long ago. */
  isForgotten(now: number): boolean {
    return now - this.#lastAt >= FORGET_MS;
  }

  /** Counts a failure. The function returned takes it back. */
  fail(now: number, { free, firstMs }: DelayRule): () => void {
    const before = this.#retryAt;
    const beyond = this.#count - free;
    this.#count++;
    this.#lastAt = now;
    if (beyond >= 0) this.#retryAt = now + Math.min(LONGEST_MS, firstMs * 2 ** beyond);
    const retryAt = this.#retryAt;
    return () => {
      this.#count--;
      // A later failure keeps its delay.
      if (this.#retryAt === retryAt) this.#retryAt = before;
    };
  }

  /** Whether there is an attempt that can be made in spite of the delay. */
  hasSpare(now: number): boolean {
    const back = Math.floor((now - this.#spareAt) / SPARE_EVERY_MS);
    if (back > 0) {
      this.#spareUsed = Math.max(0, this.#spareUsed - back);
      this.#spareAt = this.#spareUsed === 0 ? now : this.#spareAt + back * SPARE_EVERY_MS;
    }
    return this.#spareUsed < MOST_SPARE;
  }

  /** Uses up such an attempt. */
  useSpare(now: number): void {
    if (this.#spareUsed === 0) this.#spareAt = now;
    this.#spareUsed++;
  }

  /** Takes that back. */
  returnSpare(): void {
    this.#spareUsed = Math.max(0, this.#spareUsed - 1);
  }
}
