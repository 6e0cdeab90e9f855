/**
 * Looks through the log as it grows, in the threads of a pool.
 *
 * @module
 */

import type { LogWatch, QueryMatches } from "../../../domain/search/log_watch.ts";
import type { ReaderPool } from "./reader_pool.ts";
import type { WatchTask } from "./reader_tasks.ts";

export class PooledLogWatch implements LogWatch {
  readonly #pool: ReaderPool;
  readonly #task: WatchTask;

  constructor(pool: ReaderPool, task: WatchTask) {
    this.#pool = pool;
    this.#task = task;
  }

  end(): Promise<number> {
    return this.#pool.run("lastId", []);
  }

  look(after: number, hidden: readonly string[]): Promise<QueryMatches> {
    return this.#pool.run("look", [this.#task, after, hidden]);
  }

  async close(): Promise<void> {}
}
