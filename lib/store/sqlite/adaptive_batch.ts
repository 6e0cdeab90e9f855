/**
 * How much work fits into a moment: found by doing it.
 *
 * @module
 */

/** What a step should take, milliseconds: far less than anybody notices. */
const TARGET_MS = 2;

export interface PaceOptions {
  /**
   * Units of work in the first step, and least of them in any: with fewer, a step would only begin
   * and end, and on a slow machine the work would never be done.
   */
  readonly least: number;
  /** Most units of work in a step. */
  readonly most: number;
}

/** Sizes steps by the time that those before took. */
export class AdaptiveBatch {
  readonly #least: number;
  readonly #most: number;
  #units: number;

  constructor({ least, most }: PaceOptions) {
    this.#least = least;
    this.#most = most;
    this.#units = least;
  }

  /** How many units of work the next step is to do at most. */
  get units(): number {
    return this.#units;
  }

  /**
   * Notes what a step did.
   *
   * @param done Units of work that there were to do.
   * @param tookMs Milliseconds, but for what any step takes.
   * @returns Whether it did all that it was to do, so that there may be more.
   */
  learn(done: number, tookMs: number): boolean {
    const isFull = done >= this.#units;
    // It grows to twice as much at most: one quick step must not lead to one far too long. What
    // was cut short by the end of the work says nothing about a longer step.
    if (isFull || tookMs > TARGET_MS) {
      const fitting = Math.floor(this.#units * TARGET_MS / Math.max(tookMs, TARGET_MS / 2));
      this.#units = Math.min(Math.max(fitting, this.#least), this.#most);
    }
    return isFull;
  }
}
