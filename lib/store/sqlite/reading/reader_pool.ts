/**
 * The threads in which a server reads its log, and the queue before them.
 *
 * Reading is split into tasks that take milliseconds. Connections take turns, with one task each
 * under way, so that nobody waits for all that somebody else has asked for. Tasks that take longer
 * (searches) pause every few milliseconds, and others are done in between.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../clock.ts";
import { currentConnection } from "../../../context.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { log } from "../../../log.ts";
import type { IndexPaths } from "../search/index_keeper.ts";
import { FairQueue, type Turn } from "./fair_queue.ts";
import { ReaderEnd, ReaderThread, type ReaderWorker } from "./reader_thread.ts";
import type {
  ReaderRequest,
  TaskArguments,
  TaskName,
  TaskResult,
  TaskResultReply,
} from "./serve_reader.ts";

/** A thread that takes longer than this for a task is ended, and another one started. */
const TASK_LIMIT_MS = 10_000;
/** Short tasks done, if so many wait, between two slices of a long one. */
const SHORT_IN_A_ROW = 8;
/** Milliseconds without a failure after which the next one is logged. */
const CALM_MS = 60_000;

export interface ReaderPoolOptions {
  readonly paths: IndexPaths;
  /** Starts a thread that runs `serveReader`. */
  start(): ReaderWorker;
  /** @default {1} */
  readonly threads?: number;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

/** How a task differs from a short one. */
export interface TaskOptions {
  /** Whether it may take longer than a few milliseconds, and pauses. @default {false} */
  readonly isLong?: boolean;
  /** Whether other requests of new askers go first. @default {false} */
  readonly isBulk?: boolean;
  /** Milliseconds without a pause after which its thread is ended. @default {10_000} */
  readonly timeLimitMs?: number;
  /** The sentence for the person who asked, if that happens. */
  readonly tooLong?: string;
}

interface PendingTask {
  readonly name: TaskName;
  readonly args: readonly unknown[];
  readonly options: TaskOptions;
  readonly outcome: PromiseWithResolvers<unknown>;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal | undefined;
  hasBegun: boolean;
  /** Milliseconds of work so far. */
  ms: number;
}

export class ReaderPool {
  readonly #options: ReaderPoolOptions;
  readonly #clock: Clock;
  readonly #threadCount: number;
  readonly #threads = new Set<ReaderThread>();
  #idle: ReaderThread[] = [];
  readonly #short = new FairQueue<PendingTask>(({ options }) => options.isBulk ?? false);
  readonly #long = new FairQueue<PendingTask>();
  #failedAt = -Infinity;
  #isClosed = false;

  constructor(options: ReaderPoolOptions) {
    const { threads = 1, clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#threadCount = threads;
    this.#startThreads();
  }

  /** Resolves once all threads run: later there may be no descriptors left to start them. */
  async ready(): Promise<void> {
    await Promise.all([...this.#threads].map((thread) => thread.ready));
  }

  /**
   * Has a task done for the current connection, in its turn. Once the connection has ended, its
   * tasks are not begun, and long ones are broken off.
   *
   * @throws {DomainError} `unavailable` if the log cannot be read or the connection has ended.
   */
  run<Name extends TaskName>(
    name: Name,
    args: TaskArguments<Name>,
    options: TaskOptions = {},
  ): Promise<TaskResult<Name>> {
    const { connection, ended: signal } = currentConnection() ?? {};
    const outcome = Promise.withResolvers<unknown>();
    const result = outcome.promise as Promise<TaskResult<Name>>;
    if (this.#isClosed || signal?.aborted) {
      outcome.reject(this.#isClosed ? stopping() : gone());
      return result;
    }
    const queue = options.isLong ? this.#long : this.#short;
    const task = { name, args, options, outcome, signal, hasBegun: false, ms: 0 };
    if (signal) {
      const forget = () => {
        queue.remove(connection, task);
        outcome.reject(gone());
      };
      signal.addEventListener("abort", forget);
      const listen = () => signal.removeEventListener("abort", forget);
      result.then(listen, listen);
    }
    queue.add(connection, task);
    this.#wake();
    return result;
  }

  /** Ends all threads and what they are doing. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { outcome } of [...this.#short.clear(), ...this.#long.clear()]) {
      outcome.reject(stopping());
    }
    const idle = new Set(this.#idle);
    await Promise.all([...this.#threads].map((thread) => {
      return idle.has(thread) ? thread.close() : thread.end();
    }));
  }

  #wake(): void {
    this.#startThreads();
    const thread = this.#idle.pop();
    if (thread) this.#occupy(thread);
  }

  /** Gives a thread tasks for as long as there are any. */
  async #occupy(thread: ReaderThread): Promise<void> {
    /** The long task that this thread has begun. */
    let paused: Turn<PendingTask> | undefined;
    let shortInARow = 0;
    while (!this.#isClosed && !thread.isOver) {
      const isLongDue = shortInARow >= SHORT_IN_A_ROW;
      let short = isLongDue ? undefined : this.#short.take();
      if (!short) {
        shortInARow = 0;
        paused ??= this.#long.take();
        if (!paused) short = this.#short.take();
      }
      const next = short ?? paused;
      if (!next) break;
      if (short) shortInARow++;
      if (!await this.#do(thread, next.item)) continue;
      (short ? this.#short : this.#long).finish(next.asker, next.item.ms);
      if (!short) paused = undefined;
    }
    if (paused) {
      // The thread has ended with what it had begun.
      paused.item.outcome.reject(this.#isClosed ? stopping() : tooLong(paused.item.options));
      this.#long.finish(paused.asker);
    }
    if (thread.isOver) this.#wake();
    else this.#idle.push(thread);
  }

  /** Does a task, or the next slice of one; resolves to whether it is done. */
  async #do(thread: ReaderThread, task: PendingTask): Promise<boolean> {
    const { options, outcome } = task;
    try {
      const limitMs = options.timeLimitMs ?? TASK_LIMIT_MS;
      const { outcome: reply, ms } = await thread.run(requestFor(task), limitMs);
      task.ms += ms;
      if (reply === "paused") return false;
      if (reply === "abandoned") return true;
      if ("failure" in reply) {
        outcome.reject(this.#noteFailure(reply.failure));
      } else {
        outcome.resolve(resultOf(reply));
      }
    } catch (error) {
      if (!(error instanceof ReaderEnd)) outcome.reject(error);
      else if (this.#isClosed) outcome.reject(stopping());
      else {
        const { message } = error;
        log("store").warning("A thread that reads the log was ended: {message}", { message });
        outcome.reject(tooLong(options));
      }
    }
    return true;
  }

  /** Starts threads, those that ended included. */
  #startThreads(): void {
    for (const thread of this.#threads) if (thread.isOver) this.#threads.delete(thread);
    this.#idle = this.#idle.filter((thread) => !thread.isOver);
    while (!this.#isClosed && this.#threads.size < this.#threadCount) {
      const { paths, start } = this.#options;
      const thread = new ReaderThread({ worker: start(), paths, clock: this.#clock });
      this.#threads.add(thread);
      this.#idle.push(thread);
    }
  }

  /**
   * Logs the first failure of many, not each: parts of a damaged log can still be read, and people
   * could fill the server's own log. Returns what a person is told.
   */
  #noteFailure(message: string): DomainError {
    const now = this.#clock.monotonic();
    if (now - this.#failedAt >= CALM_MS) {
      log("store").error("Cannot read the log: {message}", { message });
    }
    this.#failedAt = now;
    return new DomainError(
      "unavailable",
      "The log cannot be read right now; the server's own log says why. Try again in a while.",
    );
  }
}

function requestFor(task: PendingTask): ReaderRequest {
  if (task.hasBegun) return task.signal?.aborted ? "abandon" : "continue";
  task.hasBegun = true;
  return { task: task.name, args: task.args };
}

function stopping(): DomainError {
  return new DomainError("unavailable", "The server is stopping.");
}

function gone(): DomainError {
  return new DomainError("unavailable", "The connection has ended.");
}

function tooLong({ tooLong }: TaskOptions): DomainError {
  const sentence = tooLong ?? "That took too long and was stopped. Ask for less.";
  return new DomainError("unavailable", sentence);
}

function resultOf({ json, bytes }: TaskResultReply): unknown {
  const result = json === "" ? undefined : JSON.parse(json);
  return bytes ? { ...result, bytes } : result;
}
