/**
 * The server's end of a thread that reads the log. It does one task at a time, so that its memory
 * and the answers on their way are bounded, and is ended if it does not come to an end.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import type { ThreadEnd } from "../thread_ends.ts";
import type { IndexPaths } from "../search/index_keeper.ts";
import type { ReaderReply, ReaderRequest, ReaderStart, TaskReply } from "./serve_reader.ts";

export type ReaderWorker = ThreadEnd<ReaderStart | ReaderRequest, ReaderReply>;

export interface ReaderThreadOptions {
  readonly worker: ReaderWorker;
  readonly paths: IndexPaths;
  readonly clock: Clock;
}

/** Why a thread gives no answer. */
export class ReaderEnd extends Error {
  override readonly name = "ReaderEnd";
}

export class ReaderThread {
  readonly #worker: ReaderWorker;
  readonly #clock: Clock;
  readonly #ready = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #reply: PromiseWithResolvers<TaskReply> | undefined;
  #isOver = false;

  constructor({ worker, paths, clock }: ReaderThreadOptions) {
    this.#worker = worker;
    this.#clock = clock;
    // Nobody may be waiting for it.
    this.#ready.promise.catch(() => {});
    worker.onmessage = ({ data }) => {
      if (data === "ready") this.#ready.resolve();
      else if (data === "closed") this.#closed.resolve();
      else this.#reply?.resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new ReaderEnd(event.message));
    };
    worker.postMessage({ paths });
  }

  /** Resolves once the thread runs; rejects if it ended before that. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Whether it can do nothing any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Does what is asked; one thing at a time.
   *
   * @param timeLimitMs Milliseconds after which the thread is ended.
   * @throws {ReaderEnd} if the thread ended before that was done.
   */
  async run(request: ReaderRequest, timeLimitMs: number): Promise<TaskReply> {
    // Its time begins when it does: on a busy machine a thread takes a while to start.
    await this.#ready.promise;
    const reply = this.#reply = Promise.withResolvers<TaskReply>();
    const end = () => this.#end(new ReaderEnd(`It took more than ${timeLimitMs} ms`));
    const cancelLimit = this.#clock.after(timeLimitMs, end);
    try {
      this.#worker.postMessage(request);
      return await reply.promise;
    } finally {
      cancelLimit();
    }
  }

  /** Ends it once it has let go of its files; for when it has nothing to do. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#worker.postMessage("close");
    await this.#closed.promise;
    this.end();
  }

  /** Ends it in the middle of what it does. */
  end(): void {
    this.#end(new ReaderEnd("The thread was ended"));
  }

  #end(reason: ReaderEnd): void {
    this.#isOver = true;
    this.#worker.terminate();
    this.#ready.reject(reason);
    this.#closed.resolve();
    this.#reply?.reject(reason);
  }
}
