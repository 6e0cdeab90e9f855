/**
 * The jobs of one client, and its outstanding answers.
 *
 * The worker serves everybody and waits for no reader. A slow client still cannot pile up results:
 * while it has many jobs, or has not read its results, no more of its lines are read.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { JobQueue } from "../domain/job_queue.ts";
import { log } from "../log.ts";
import type { Session } from "../server/session.ts";

/** Does a job. `signal` is aborted when nobody waits for the result any more. */
export type Job = (signal: AbortSignal) => string | Promise<string>;

/** With this many unanswered jobs, or characters in them, the client's next line has to wait. */
const MOST_JOBS = 100;
const MOST_CHARACTERS = 32 * 1024;

export class JobsClient {
  readonly #session: Session;
  readonly #queue: JobQueue;
  readonly #leaving = new AbortController();
  /** The numbers of the unanswered jobs, and the number of characters in each. */
  readonly #unanswered = new Map<number, number>();
  #unansweredCharacters = 0;
  #wake: (() => void) | undefined;

  constructor(session: Session, queue: JobQueue) {
    this.#session = session;
    this.#queue = queue;
    const { outbox } = session;
    const { onBreak } = outbox;
    outbox.onBreak = () => {
      onBreak?.();
      this.leave();
    };
  }

  /** Whether nothing more can be sent to the client. */
  get isGone(): boolean {
    return this.#leaving.signal.aborted;
  }

  /**
   * Queues a job with `characters` characters, tells the client its number, and later the result.
   */
  submit(job: Job, characters: number): void {
    const { number, ahead, done } = this.#queue.add(
      (signal) => this.#run(job, signal),
      this.#leaving.signal,
    );
    this.#unanswered.set(number, characters);
    this.#unansweredCharacters += characters;
    this.#session.owesAnswer = true;
    this.tell(`queued #${number}, ${ahead} ahead`);
    done.then((result) => this.#finish(number, `done #${number}: ${result}`))
      .catch((error) => this.#fail(number, error));
  }

  /** Sends a line. */
  tell(line: string): void {
    this.#session.answer(line);
  }

  /** What to await before the next line is read, if anything. */
  ready(): Promise<unknown> | undefined {
    const { outbox } = this.#session;
    if (!this.#isBusy()) return outbox.backpressure();
    return this.#until(() => !this.#isBusy()).then(() => outbox.backpressure());
  }

  /** Resolves once all jobs are answered. */
  answered(): Promise<void> {
    return this.#until(() => this.#unanswered.size === 0);
  }

  /** Cancels all jobs, and tells the client why. */
  cancel(reason: string): void {
    for (const number of this.#unanswered.keys()) this.tell(`! cancelled #${number}: ${reason}`);
    this.leave();
  }

  /** Cancels all jobs without telling the client. */
  leave(): void {
    this.#unanswered.clear();
    this.#session.owesAnswer = false;
    this.#unansweredCharacters = 0;
    this.#leaving.abort();
    this.#wake?.();
  }

  async #run(job: Job, signal: AbortSignal): Promise<string> {
    // A thousand quick jobs in one turn would hold up the whole server.
    await new Promise((resolve) => setImmediate(resolve));
    // A peer that has closed its socket looks like one that has ended its side, until something is
    // sent.
    if (this.#session.isEnded || !await this.#session.outbox.probe()) this.leave();
    signal.throwIfAborted();
    return await job(signal);
  }

  #finish(number: number, line: string): void {
    const characters = this.#unanswered.get(number);
    if (characters === undefined) return; // cancelled
    this.#unanswered.delete(number);
    this.#unansweredCharacters -= characters;
    this.#session.owesAnswer = this.#unanswered.size > 0;
    this.tell(line);
    this.#wake?.();
  }

  #fail(number: number, error: unknown): void {
    if (!this.#unanswered.has(number)) return;
    log("service").warning("Job failed: {error}", { error });
    this.#finish(number, `! failed #${number}: the server could not store it. Try again later.`);
  }

  #isBusy(): boolean {
    return this.#unanswered.size >= MOST_JOBS || this.#unansweredCharacters >= MOST_CHARACTERS;
  }

  /** For the loop that reads the client's lines. */
  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#wake = resolve);
  }
}
