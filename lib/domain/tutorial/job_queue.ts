/**
 * A queue with a single worker: jobs run one at a time, in the order in which they were added.
 *
 * @module
 */

/** A job's place in the queue. */
export interface Ticket<Result> {
  /** The job's number, from 1. */
  readonly number: number;
  /** The number of jobs before it, including the running one. */
  readonly ahead: number;
  /**
   * The job's result. Rejects with the job's error, or with `signal.reason` as soon as the job is
   * cancelled. An unhandled rejection is ignored, because the client may have left.
   */
  readonly done: Promise<Result>;
}

/** Takes jobs of many clients, and does one at a time. */
export interface JobLine {
  /**
   * Adds a job.
   *
   * @param signal Cancels it.
   * @throws {Error} if it could not be added.
   */
  add<Result>(
    job: (signal: AbortSignal) => Result | Promise<Result>,
    signal: AbortSignal,
  ): Ticket<Result> | Promise<Ticket<Result>>;
}

/**
 * A job that can be cancelled: `run` does it, and `done` settles as {@linkcode Ticket.done} does.
 *
 * @param onCancel Called when it is cancelled before it has ended, but not if it is already.
 */
export function cancellable<Result>(
  job: (signal: AbortSignal) => Result | Promise<Result>,
  signal: AbortSignal,
  onCancel: () => void,
): { readonly run: () => Promise<void>; readonly done: Promise<Result> } {
  const { promise: done, resolve, reject } = Promise.withResolvers<Result>();
  done.catch(() => {});
  const cancel = () => {
    onCancel();
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
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener("abort", cancel, { once: true });
  return { run, done };
}

/**
 * Runs jobs one at a time. Cancelling removes a waiting job; a running one is told by its signal, and
 * the next job starts once it has ended.
 */
export class JobQueue implements JobLine {
  /** In order; a set, because cancelled jobs are removed from the middle. */
  readonly #waiting = new Set<() => Promise<void>>();
  #isRunning = false;
  #lastNumber = 0;

  /**
   * Adds a job.
   *
   * @param job Starts before this returns if it is the only one.
   * @param signal Cancels it.
   */
  add<Result>(
    job: (signal: AbortSignal) => Result | Promise<Result>,
    signal: AbortSignal,
  ): Ticket<Result> {
    const number = ++this.#lastNumber;
    const ahead = this.#waiting.size + Number(this.#isRunning);
    const { run, done } = cancellable(job, signal, () => this.#waiting.delete(run));
    if (!signal.aborted) {
      this.#waiting.add(run);
      this.#work();
    }
    return { number, ahead, done };
  }

  async #work(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    // This visits jobs that are added during the loop too.
    for (const run of this.#waiting) {
      this.#waiting.delete(run);
      await run();
    }
    this.#isRunning = false;
  }
}
