/**
 * Time as a parameter: everything that waits or reads the time takes a {@linkcode Clock}, so that
 * tests need not wait.
 *
 * @module
 */

/** A source of time. */
export interface Clock {
  /** Wall-clock time, milliseconds since 1970; may be set back. */
  now(): number;
  /** Milliseconds since an arbitrary moment; never goes back. For durations and deadlines. */
  monotonic(): number;
  /** Calls `work` in `ms` milliseconds, unless the returned function is called before. */
  after(ms: number, work: () => void): () => void;
}

/** The system's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves in `ms` milliseconds of `clock`. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

/** Pauses of a loop that may be stopped during one of them. One pause at a time. */
export class Pauses {
  readonly #clock: Clock;
  #isOver = false;
  #cut: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves in `ms` milliseconds, or at once after {@linkcode Pauses.end}. */
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

  /** Ends the current pause, and makes later ones return at once. */
  end(): void {
    this.#isOver = true;
    this.#cut?.();
  }
}
