/**
 * A thread that searches, and is ended where it does not come to an end.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { SearchClose, SearchReply, SearchState, SearchTask } from "./search_worker.ts";

/** A search that takes so much longer than it may, deep in a single step, is ended from outside. */
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
    // Nobody may be waiting for it when it ends.
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

  /** Whether it can do nothing any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Searches; one task at a time.
   *
   * @throws {DomainError} `unavailable`, if it was ended.
   */
  async run(task: SearchTask): Promise<SearchReply> {
    // Its time begins when it does: on a busy machine a thread takes a while to start.
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

  /** Ends it once it has let go of its files; for when it has nothing to do. */
  async close(): Promise<void> {
    this.#worker.postMessage("close" satisfies SearchClose);
    await this.#closed.promise;
    this.end();
  }

  /** Ends it, in the middle of what it does. */
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
    "That search took too long and was stopped. Another word or filter makes it quicker.",
  );
}
