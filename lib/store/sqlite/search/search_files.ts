/**
 * The files that a search reads. The index may be rebuilt at any time and is then reopened.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { LogReader } from "../log_reader.ts";
import { openLogToRead } from "../open_log.ts";
import { openIndexToRead } from "./index_file.ts";
import type { IndexPaths } from "./index_keeper.ts";
import { isOfAnotherLog, readProgress } from "./index_progress.ts";
import { IndexReader } from "./index_reader.ts";
import { LogSearcher } from "./log_searcher.ts";

export class SearchFiles implements Disposable {
  readonly #indexPath: string;
  readonly log: DatabaseSync;
  readonly reader: LogReader;
  #index: DatabaseSync | undefined;
  /** Identifies the index file that is open. */
  #identity = "";
  #searcher: LogSearcher | undefined;

  /** @throws {Error} if the log cannot be read; the message says what to do. */
  constructor({ log, index }: IndexPaths) {
    this.#indexPath = index;
    this.log = openLogToRead(log);
    this.reader = new LogReader(this.log);
  }

  get searcher(): LogSearcher {
    const identity = identityOf(this.#indexPath);
    if (this.#searcher && !this.#searcher.damage && identity === this.#identity) {
      return this.#searcher;
    }
    this.#index?.close();
    this.#index = undefined;
    this.#identity = identity;
    try {
      this.#index = this.#openIndex();
      // If it could not be opened, for example for lack of descriptors, try again.
      if (!this.#index) this.#identity = "";
      const index = this.#index && new IndexReader(this.#index);
      return this.#searcher = new LogSearcher(this.reader, index);
    } catch (error) {
      const searcher = new LogSearcher(this.reader);
      searcher.damage = error as Error;
      return this.#searcher = searcher;
    }
  }

  /** The index; `undefined` if it cannot be read or does not fit the log. */
  get index(): DatabaseSync | undefined {
    return this.searcher.damage ? undefined : this.#index;
  }

  #openIndex(): DatabaseSync | undefined {
    using closing = new DisposableStack();
    const index = openIndexToRead(this.#indexPath);
    if (!index) return undefined;
    closing.use(index);
    if (isOfAnotherLog(this.log, readProgress(index))) return undefined;
    closing.move();
    return index;
  }

  [Symbol.dispose](): void {
    this.#index?.close();
    this.log.close();
  }
}

/** Differs between a file and a later one at the same path. */
function identityOf(path: string): string {
  try {
    const { ino, birthtime } = Deno.statSync(path);
    return `${ino} ${birthtime?.getTime()}`;
  } catch {
    return "";
  }
}
