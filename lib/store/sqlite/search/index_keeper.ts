/**
 * Keeps the index in step with the log, and rebuilds it whenever something is wrong with it.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { type BorrowedLog, type BorrowLog, ownLog } from "../log_lender.ts";
import { isDamage, openIndex, removeIndex } from "./index_file.ts";
import { IndexSweep } from "./index_sweep.ts";
import { type IndexStep, IndexWriter } from "./index_writer.ts";
import { WordPurge } from "./word_purge.ts";

export interface IndexPaths {
  /** The file of the log, which must exist. */
  readonly log: string;
  /** The file of the index, which need not exist. */
  readonly index: string;
}

interface Open {
  readonly log: BorrowedLog;
  readonly index: DatabaseSync;
  readonly writer: IndexWriter;
  readonly sweep: IndexSweep;
  readonly purge: WordPurge;
}

/** At least this long between two rebuilds, because it may be the log that is damaged. */
const REBUILD_INTERVAL_MS = 600_000;

export interface IndexKeeperOptions {
  /** Milliseconds since an arbitrary moment. @default {performance.now} */
  readonly monotonic?: () => number;
  /** Opens the log. @default {ownLog} */
  readonly borrowLog?: BorrowLog;
}

export class IndexKeeper {
  readonly #paths: IndexPaths;
  readonly #onRebuild: (reason: string) => void;
  readonly #monotonic: () => number;
  readonly #borrowLog: BorrowLog;
  #opened: Open | undefined;
  #lastRebuild = -Infinity;

  /** @param onRebuild Called with the reason when the index is rebuilt. */
  constructor(
    paths: IndexPaths,
    onRebuild: (reason: string) => void,
    { monotonic = () => performance.now(), borrowLog = ownLog }: IndexKeeperOptions = {},
  ) {
    this.#paths = paths;
    this.#onRebuild = onRebuild;
    this.#monotonic = monotonic;
    this.#borrowLog = borrowLog;
  }

  /** Opens the files, which the methods below do otherwise. @throws {Error} if it cannot. */
  open(): void {
    this.#attempt(() => {});
  }

  /** Indexes the next events. @throws {Error} if the index cannot be written: disk full, locked. */
  step(): IndexStep {
    return this.#attempt(({ writer }) => writer.step());
  }

  /** Removes some of what the log no longer has, and of the words of redacted texts. @returns Whether there may be more. */
  sweep(): boolean {
    return this.#attempt(({ sweep, purge }) => purge.step() || sweep.step());
  }

  /** Deletes the index, unless that happened in the last ten minutes. @returns Whether it did. */
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
    this.#opened?.index.close();
    this.#opened?.log[Symbol.dispose]();
    this.#opened = undefined;
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
    if (this.#opened) return this.#opened;
    using closing = new DisposableStack();
    const log = closing.use(this.#borrowLog(this.#paths.log));
    const index = closing.use(openIndex(this.#paths.index));
    const writer = new IndexWriter(log.database, index);
    const sweep = new IndexSweep(log.database, index);
    const purge = new WordPurge(index);
    closing.move();
    return this.#opened = { log, index, writer, sweep, purge };
  }
}
