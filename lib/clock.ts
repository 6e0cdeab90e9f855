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

/** Resolves `ms` milliseconds from now on `clock`, or as soon as `signal` is aborted. */
export async function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  const pauses = new Pauses(clock);
  const end = () => pauses.end();
  signal?.addEventListener("abort", end, { once: true });
  await pauses.take(ms);
  signal?.removeEventListener("abort", end);
}

/** Resolves once `event` has settled, or after `ms` milliseconds. */
export function waitFor(event: Promise<unknown>, clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    const end = () => {
      cancel();
      resolve();
    };
    event.then(end, end);
  });
}

/** Resolves in a later turn of the event loop. */
export type NextTurn = () => Promise<void>;

/** Gives others a turn every so many steps of long work. */
export class Strides {
  readonly #nextTurn: NextTurn;
  readonly #length: number;
  #left: number;

  constructor(nextTurn: NextTurn, length: number) {
    this.#nextTurn = nextTurn;
    this.#length = this.#left = length;
  }

  /** Called before each step: what to await first, if it is somebody else's turn. */
  step(): Promise<void> | undefined {
    if (this.#left-- > 0) return undefined;
    this.#left = this.#length - 1;
    return this.#nextTurn();
  }
}

/** Pauses of a loop that may be stopped during one of them. One pause at a time. */
export class Pauses {
  readonly #clock: Clock;
  #hasEnded = false;
  #cut: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves `ms` milliseconds from now, or as soon as {@linkcode Pauses.end} is called. */
  async take(ms: number): Promise<void> {
    if (this.#hasEnded) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(ms, resolve);
      this.#cut = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Ends the pause under way; later ones take no time. */
  end(): void {
    this.#hasEnded = true;
    this.#cut?.();
  }
}
