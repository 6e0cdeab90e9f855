/**
 * How long to wait before trying again: longer each time, and never the same for everybody, so that
 * a server that comes back is not run over by all its clients at once.
 *
 * @module
 */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Delays for one thing that is tried until it works. */
export class Backoff {
  readonly #random: () => number;
  #attempts = 0;

  /** @param random Gives numbers from 0 up to, not including, 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** The next delay in milliseconds: 0.5 s, doubled each time up to 30 s, less up to a half of it. */
  next(): number {
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#attempts);
    // Past the longest delay counting on would only overflow, in a tab left open for a year.
    if (longest < LONGEST_MS) this.#attempts++;
    return longest * (1 - this.#random() / 2);
  }

  /** It worked: the next delay is a short one again. */
  reset(): void {
    this.#attempts = 0;
  }
}
