/**
 * How much work fits into a moment: found by doing it.
 *
 * @module
 */

/** What a step should take, milliseconds: far less than anybody notices. */
const TARGET_MS = 2;
/** Begun with; what is found from there on depends on the machine. */
const FIRST_UNITS = 16;

export interface PaceOptions {
  /** Most units of work in a step. */
  readonly most: number;
  /** Milliseconds that never go back. @default {performance.now} */
  readonly monotonic?: () => number;
}

/** Sizes steps by the time that those before took. */
export class Pace {
  readonly #most: number;
  readonly #monotonic: () => number;
  #units: number;

  constructor({ most, monotonic = () => performance.now() }: PaceOptions) {
    this.#most = most;
    this.#monotonic = monotonic;
    this.#units = Math.min(FIRST_UNITS, most);
  }

  /**
   * Does a step of so many units of work, at most, as `work` is told.
   *
   * @param work Returns how many units there were to do.
   * @returns The same, and whether that was all that it was told to do, so that there may be more.
   */
  step(work: (most: number) => number): { done: number; isFull: boolean } {
    const most = this.#units;
    const start = this.#monotonic();
    const done = work(most);
    const took = this.#monotonic() - start;
    const isFull = done >= most;
    // It grows to twice as much at most: one quick step must not lead to one far too long. What
    // was cut short by the end of the work says nothing about a longer step.
    if (isFull || took > TARGET_MS) {
      const fitting = Math.floor(most * TARGET_MS / Math.max(took, TARGET_MS / 2));
      this.#units = Math.min(Math.max(fitting, 1), this.#most);
    }
    return { done, isFull };
  }
}
