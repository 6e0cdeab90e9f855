/**
 * The threads in which a server reads its log, and the queue before them.
 *
 * Reading is split into tasks that take milliseconds. Connections take turns, with one task each
 * under way, so that nobody waits for all that somebody else has asked for. Tasks that may take
 * longer (searches) never have all of the threads.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../clock.ts";
import { currentConnection } from "../../../context.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { log } from "../../../log.ts";
import type { IndexPaths } from "../search/index_keeper.ts";
import { FairQueue } from "./fair_queue.ts";
import { ReaderEnd, ReaderThread, type ReaderWorker } from "./reader_thread.ts";
import type { TaskArguments, TaskName, TaskReply, TaskResult } from "./serve_reader.ts";

/** A thread that takes longer than this for a task is ended, and another one started. */
const TASK_LIMIT_MS = 10_000;

export interface ReaderPoolOptions {
  readonly paths: IndexPaths;
  /** Starts a thread that runs `serveReader`. */
  start(): ReaderWorker;
  /** At least 2. @default {2} */
  readonly threads?: number;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

/** What is special about a task. */
export interface TaskOptions {
  /** Whether it may take longer than a few milliseconds. @default {false} */
  readonly isLong?: boolean;
  /** After so long its thread is ended, in milliseconds. @default {10_000} */
  readonly timeLimitMs?: number;
  /** What a person is told then. */
  readonly tooLong?: string;
}

interface PendingTask {
  readonly name: TaskName;
  readonly args: readonly unknown[];
  readonly options: TaskOptions;
  readonly outcome: PromiseWithResolvers<unknown>;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal | undefined;
}

export class ReaderPool {
  readonly #options: ReaderPoolOptions;
  readonly #clock: Clock;
  readonly #threadCount: number;
  readonly #threads = new Set<ReaderThread>();
  #idle: ReaderThread[] = [];
  readonly #short = new FairQueue<PendingTask>();
  readonly #long = new FairQueue<PendingTask>();
  /** Long tasks under way. */
  #longCount = 0;
  #isFailing = false;
  #isClosed = false;

  constructor(options: ReaderPoolOptions) {
    const { threads = 2, clock = systemClock } = options;
    if (threads < 2) throw new RangeError(`Cannot read the log with ${threads} threads`);
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
    const task = { name, args, options, outcome, signal };
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
    this.#next();
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

  /** Puts idle threads to work. */
  #next(): void {
    this.#startThreads();
    while (!this.#isClosed && this.#idle.length > 0) {
      const isLongAllowed = this.#longCount < this.#threadCount - 1;
      const long = isLongAllowed ? this.#long.take() : undefined;
      const next = long ?? this.#short.take();
      if (!next) return;
      const thread = this.#idle.pop()!;
      if (long) this.#longCount++;
      this.#do(thread, next.item).then(() => {
        if (long) this.#longCount--;
        (long ? this.#long : this.#short).finish(next.asker);
        if (!thread.isOver) this.#idle.push(thread);
        this.#next();
      });
    }
  }

  async #do(thread: ReaderThread, task: PendingTask): Promise<void> {
    const { name, args, options, outcome, signal } = task;
    const cancel = () => thread.cancel();
    if (options.isLong) signal?.addEventListener("abort", cancel);
    try {
      const limit = options.timeLimitMs ?? TASK_LIMIT_MS;
      const reply = await thread.run({ task: name, args }, limit);
      if ("failure" in reply) return outcome.reject(this.#noteFailure(reply.failure));
      this.#isFailing = false;
      outcome.resolve(resultOf(reply));
    } catch (error) {
      if (!(error instanceof ReaderEnd)) return outcome.reject(error);
      if (this.#isClosed) return outcome.reject(stopping());
      log("store").warning("A thread that reads the log was ended: {reason}", {
        reason: error.message,
      });
      outcome.reject(new DomainError("unavailable", options.tooLong ?? TOO_LONG));
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
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

  /** Says once on record what is wrong; returns what a person is told. */
  #noteFailure(message: string): DomainError {
    if (!this.#isFailing) log("store").error("Cannot read the log: {message}", { message });
    this.#isFailing = true;
    return new DomainError(
      "unavailable",
      "The log cannot be read right now; the server's own log says why. Try again in a while.",
    );
  }
}

const TOO_LONG = "That took too long and was stopped. Ask for less.";

function stopping(): DomainError {
  return new DomainError("unavailable", "The server is stopping.");
}

function gone(): DomainError {
  return new DomainError("unavailable", "The connection has ended.");
}

function resultOf({ json, bytes }: Exclude<TaskReply, { failure: string }>): unknown {
  const result = json === "" ? undefined : JSON.parse(json);
  return bytes ? { ...result, bytes } : result;
}
