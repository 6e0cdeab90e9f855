/**
 * Keeps an index and the log beside each other: whatever is wrong with the index, it is made anew.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { isDamage, openIndex, removeIndex } from "./index_file.ts";
import { IndexSweep } from "./index_sweep.ts";
import { type IndexStep, IndexWriter } from "./index_writer.ts";

export interface IndexPaths {
  /** The log's file, which has to be there. */
  readonly log: string;
  /** The index's, which need not. */
  readonly index: string;
}

interface Open {
  readonly log: DatabaseSync;
  readonly index: DatabaseSync;
  readonly writer: IndexWriter;
  readonly sweep: IndexSweep;
}

/** It is made anew at most so often: what is wrong may be the log. */
const REBUILD_INTERVAL_MS = 600_000;

export class IndexKeeper {
  readonly #paths: IndexPaths;
  readonly #onRebuild: (reason: string) => void;
  readonly #monotonic: () => number;
  #open: Open | undefined;
  #lastRebuild = -Infinity;

  /** @param onRebuild Told when the index is made anew, and why. */
  constructor(
    paths: IndexPaths,
    onRebuild: (reason: string) => void,
    monotonic = () => performance.now(),
  ) {
    this.#paths = paths;
    this.#onRebuild = onRebuild;
    this.#monotonic = monotonic;
  }

  /** Indexes what comes next. @throws {Error} where it cannot be written, as on a full disk. */
  step(): IndexStep {
    return this.#attempt(({ writer }) => writer.step());
  }

  /** Takes out some of what the log has let go of. @returns Whether there may be more. */
  sweep(): boolean {
    return this.#attempt(({ sweep }) => sweep.step());
  }

  /** Makes the index anew, unless that was done just now. @returns Whether it is. */
  rebuild(reason: string): boolean {
    const now = this.#monotonic();
    if (now - this.#lastRebuild < REBUILD_INTERVAL_MS) return false;
    this.#lastRebuild = now;
    this.#onRebuild(reason);
    this.close();
    removeIndex(this.#paths.index);
    return true;
  }

  close(): void {
    this.#open?.index.close();
    this.#open?.log.close();
    this.#open = undefined;
  }

  #attempt<Result>(work: (files: Open) => Result): Result {
    try {
      return work(this.#files());
    } catch (error) {
      if (!isDamage(error) || !this.rebuild((error as Error).message)) throw error;
      return work(this.#files());
    }
  }

  #files(): Open {
    if (this.#open) return this.#open;
    using closing = new DisposableStack();
    const log = closing.use(new DatabaseSync(this.#paths.log, { readOnly: true }));
    const index = closing.use(openIndex(this.#paths.index));
    const writer = new IndexWriter(log, index);
    const sweep = new IndexSweep(log, index);
    closing.move();
    return this.#open = { log, index, writer, sweep };
  }
}
