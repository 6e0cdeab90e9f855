/**
 * The jobs of one client, and its outstanding answers.
 *
 * The worker serves everybody and waits for no reader. A slow client still cannot pile up results:
 * while it has many jobs, or has not read its results, no more of its lines are read.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { JobLine, Ticket } from "../domain/tutorial/job_queue.ts";
import { log } from "../log.ts";
import type { Session } from "../server/session/session.ts";

export interface Job {
  /** @param signal Aborted when nobody waits for the result any more. */
  run(signal: AbortSignal): string | Promise<string>;
  /** Whether it stores something, so that once it runs, it may be done whatever the client is told. */
  readonly isStored?: boolean;
}

/** With this many unanswered jobs, or characters in them, the client's next line has to wait. */
const MOST_JOBS = 100;
const MOST_CHARACTERS = 32 * 1024;

/** A job without an answer. */
interface Task {
  /** Known once it is queued, which is before it runs. */
  number: number;
  readonly characters: number;
  readonly job: Job;
  isRunning: boolean;
}

export class JobsClient {
  readonly #session: Session;
  readonly #queue: JobLine;
  readonly #leaving = new AbortController();
  /** By number. */
  readonly #unanswered = new Map<number, Task>();
  #unansweredCharacters = 0;
  #waiters: (() => void)[] = [];
  /** Why jobs were cancelled. */
  #reason = "";

  constructor(session: Session, queue: JobLine) {
    this.#session = session;
    this.#queue = queue;
    const { outbox } = session;
    const { onBreak } = outbox;
    outbox.onBreak = () => {
      onBreak?.();
      this.leave();
    };
  }

  /** Whether no more lines are wanted: the client is gone, or the server stops. */
  get isLeaving(): boolean {
    return this.#leaving.signal.aborted;
  }

  /**
   * Queues a job with `characters` characters, tells the client its number, and later the result.
   *
   * @returns Once it is queued, if that takes a while.
   */
  submit(job: Job, characters: number): Promise<void> | undefined {
    const task: Task = { number: 0, characters, job, isRunning: false };
    const run = (signal: AbortSignal) => this.#run(task, signal);
    const ticket = this.#queue.add(run, this.#leaving.signal);
    if (!(ticket instanceof Promise)) return void this.#noteQueued(task, ticket);
    return ticket.then((ticket) => this.#noteQueued(task, ticket), (error) => {
      log("service").warning("Cannot queue a job: {error}", { error });
      this.tell("! not queued: the server could not store it. Try again later.");
    });
  }

  #noteQueued(task: Task, { number, ahead }: Ticket<void>): void {
    if (this.isLeaving) return;
    const { characters } = task;
    task.number = number;
    this.#unanswered.set(number, task);
    this.#unansweredCharacters += characters;
    this.#session.owesAnswer = true;
    this.tell(`queued #${number}, ${ahead} ahead`);
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

  /**
   * Cancels all jobs, and tells the client why. If one is being stored, the client is told of it as
   * soon as it is known what became of it.
   */
  cancel(reason: string): void {
    this.#reason = reason;
    for (const [number, { job, isRunning }] of this.#unanswered) {
      if (!isRunning || !job.isStored) this.#finish(number, `! cancelled #${number}: ${reason}`);
    }
    this.#leaving.abort();
  }

  /** Cancels all jobs without telling the client. */
  leave(): void {
    this.#unanswered.clear();
    this.#session.owesAnswer = false;
    this.#unansweredCharacters = 0;
    this.#leaving.abort();
    this.#wake();
  }

  async #run(task: Task, signal: AbortSignal): Promise<void> {
    // A thousand quick jobs in one turn would hold up the whole server.
    await new Promise((resolve) => setImmediate(resolve));
    // A peer that has closed its socket looks like one that has ended its side, until something is
    // sent.
    if (this.#session.isEnded || !await this.#session.outbox.probe()) this.leave();
    signal.throwIfAborted();
    const { number, job } = task;
    task.isRunning = true;
    try {
      this.#finish(number, `done #${number}: ${await job.run(signal)}`);
    } catch (error) {
      if (!signal.aborted) this.#fail(number, error);
      else this.#finish(number, `! cancelled #${number}: ${this.#reason}`);
    }
  }

  #finish(number: number, line: string): void {
    const task = this.#unanswered.get(number);
    if (!task) return; // answered, or the client is gone
    this.#unanswered.delete(number);
    this.#unansweredCharacters -= task.characters;
    this.#session.owesAnswer = this.#unanswered.size > 0;
    this.tell(line);
    this.#wake();
  }

  #fail(number: number, error: unknown): void {
    if (!this.#unanswered.has(number)) return;
    log("service").warning("Job failed: {error}", { error });
    this.#finish(number, `! failed #${number}: the server could not store it. Try again later.`);
  }

  #isBusy(): boolean {
    return this.#unanswered.size >= MOST_JOBS || this.#unansweredCharacters >= MOST_CHARACTERS;
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
