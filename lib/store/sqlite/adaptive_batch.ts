/**
 * Sizes batches of work so that each takes about the same short time.
 *
 * @module
 */

/** Milliseconds that a step should take: too short for anyone to notice. */
const TARGET_MS = 2;

export interface PaceOptions {
  /**
   * Units of work in the first step, and the fewest in any. With fewer, the overhead of a step
   * would dominate, and a slow machine would never finish.
   */
  readonly least: number;
  /** The most units of work in a step. */
  readonly most: number;
}

/** Sizes each step by the time that earlier steps took. */
export class AdaptiveBatch {
  readonly #least: number;
  readonly #most: number;
  #units: number;

  constructor({ least, most }: PaceOptions) {
    this.#least = least;
    this.#most = most;
    this.#units = least;
  }

  /** Units of work for the next step. */
  get units(): number {
    return this.#units;
  }

  /**
   * Adapts to a finished step.
   *
   * @param done Units of work that it did.
   * @param tookMs Milliseconds that it took, without the overhead of any step.
   * @returns Whether it did a full step, so that there may be more to do.
   */
  learn(done: number, tookMs: number): boolean {
    const isFull = done >= this.#units;
    // At most doubles: one quick step must not lead to one far too long. A step cut short by the
    // end of the work says nothing about longer ones.
    if (isFull || tookMs > TARGET_MS) {
      const fitting = Math.floor(this.#units * TARGET_MS / Math.max(tookMs, TARGET_MS / 2));
      this.#units = Math.min(Math.max(fitting, this.#least), this.#most);
    }
    return isFull;
  }
}
