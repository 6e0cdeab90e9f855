/**
 * Time as a parameter: everything that waits or stamps takes a {@linkcode Clock}, so that tests
 * need not wait.
 *
 * @module
 */

/** Where time comes from. */
export interface Clock {
  /** Wall-clock time, milliseconds since 1970; may be set back. */
  now(): number;
  /** Milliseconds since some moment; never goes back. For durations and deadlines. */
  monotonic(): number;
  /** Calls `work` once, `ms` milliseconds from now, unless the returned function is called first. */
  after(ms: number, work: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves `ms` milliseconds from now on `clock`. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

/** Pauses of something that may have to stop in the midst of one. */
export class Pauses {
  readonly #clock: Clock;
  #isOver = false;
  #cut: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves `ms` milliseconds from now, or as soon as there are to be no pauses any more. */
  async take(ms: number): Promise<void> {
    if (this.#isOver) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(ms, resolve);
      this.#cut = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Ends the pause that is being taken, and has no other begin. */
  end(): void {
    this.#isOver = true;
    this.#cut?.();
  }
}
