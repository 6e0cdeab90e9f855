/**
 * One worker for everybody: jobs run one at a time, in the order in which they were handed in.
 *
 * @module
 */

/** Somebody's place in the queue. */
export interface Ticket<Result> {
  /** The job's number, from 1. */
  readonly number: number;
  /** How many jobs come before it: those waiting, and the one being done. */
  readonly ahead: number;
  /**
   * What came of it; rejects with what the job threw, or, as soon as it is cancelled, with
   * `signal.reason`. Not listening is no error: whoever left has nobody to hear it.
   */
  readonly done: Promise<Result>;
}

/**
 * The queue. Cancelled jobs leave it without having begun; one that has begun is told by its
 * signal, and holds up the next until it has ended.
 */
export class JobQueue {
  /** In order; a set, since whoever leaves may do so from the middle. */
  readonly #waiting = new Set<() => Promise<void>>();
  #isRunning = false;
  #lastNumber = 0;

  /**
   * Hands in a job.
   *
   * @param job Begins at once, before this returns, if it is the only one.
   * @param signal Cancels it.
   */
  add<Result>(
    job: (signal: AbortSignal) => Result | Promise<Result>,
    signal: AbortSignal,
  ): Ticket<Result> {
    const number = ++this.#lastNumber;
    const ahead = this.#waiting.size + Number(this.#isRunning);
    const { promise: done, resolve, reject } = Promise.withResolvers<Result>();
    done.catch(() => {});
    const cancel = () => {
      this.#waiting.delete(run);
      reject(signal.reason);
    };
    const run = async () => {
      try {
        resolve(await job(signal));
      } catch (error) {
        reject(error);
      }
      // A client's signal outlives thousands of its jobs.
      signal.removeEventListener("abort", cancel);
    };
    if (signal.aborted) {
      cancel();
    } else {
      signal.addEventListener("abort", cancel, { once: true });
      this.#waiting.add(run);
      this.#work();
    }
    return { number, ahead, done };
  }

  async #work(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    // What is added meanwhile is visited too.
    for (const run of this.#waiting) {
      this.#waiting.delete(run);
      await run();
    }
    this.#isRunning = false;
  }
}
