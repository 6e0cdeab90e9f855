/**
 * A worker thread that searches, terminated if it overruns its time limit.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { SearchClose, SearchReply, SearchState, SearchTask } from "./search_worker.ts";

/** A search that overruns its limit by this much, stuck in a single step, is terminated. */
const GRACE_MS = 1000;

export class SearchThread {
  readonly #clock: Clock;
  readonly #worker: Worker;
  readonly #ready = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #answer: PromiseWithResolvers<SearchReply> | undefined;
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    // It may reject while nobody awaits it.
    this.#ready.promise.catch(() => {});
    const worker = this.#worker = new Worker(new URL("./search_worker.ts", import.meta.url), {
      type: "module",
    });
    worker.onmessage = ({ data }: MessageEvent<SearchReply | SearchState>) => {
      if (data === "ready") this.#ready.resolve();
      else if (data === "closed") this.#closed.resolve();
      else this.#answer?.resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new Error(`Cannot search: ${event.message}`));
    };
  }

  /** Whether the thread has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Runs one task at a time.
   *
   * @throws {DomainError} `unavailable` if the thread is ended meanwhile.
   */
  async run(task: SearchTask): Promise<SearchReply> {
    // The limit starts now: on a busy machine a thread takes a while to start.
    await this.#ready.promise;
    const answer = this.#answer = Promise.withResolvers<SearchReply>();
    const limit = task.timeLimitMs + GRACE_MS;
    const cancelLimit = this.#clock.after(limit, () => this.#end(stopped()));
    try {
      this.#worker.postMessage(task);
      return await answer.promise;
    } finally {
      cancelLimit();
    }
  }

  /** Ends an idle thread, once it has closed its files. */
  async close(): Promise<void> {
    this.#worker.postMessage("close" satisfies SearchClose);
    await this.#closed.promise;
    this.end();
  }

  /** Ends the thread at once, and aborts its search. */
  end(): void {
    this.#end(stopped());
  }

  #end(reason: Error): void {
    this.#isOver = true;
    this.#worker.terminate();
    this.#ready.reject(reason);
    this.#closed.resolve();
    this.#answer?.reject(reason);
  }
}

function stopped(): DomainError {
  return new DomainError(
    "unavailable",
    "That search took too long and was stopped. Add a word or filter to speed it up.",
  );
}
