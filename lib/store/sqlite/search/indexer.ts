/**
 * Has the log indexed in another thread, and knows how far behind the index is.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../clock.ts";
import { log } from "../../../log.ts";
import type { LogIndexer } from "../message_log.ts";
import { StoreThread } from "../store_thread.ts";
import type { ThreadEnd } from "../thread_ends.ts";
import type { IndexPaths } from "./index_keeper.ts";
import type { IndexNews, IndexReport, IndexRequest } from "./serve_index.ts";

/** When the index is further behind than this, writers are asked to wait. */
const MAX_LAG_MS = 1000;
/** Resolution of the marks, and how many are kept. */
const MARK_MS = 50;
const MAX_MARKS = 1000;

/** When an event was written. */
interface Mark {
  readonly id: number;
  readonly at: number;
}

export interface IndexerOptions {
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Starts what runs `serveIndex`. @default {a thread of its own} */
  readonly start?: () => ThreadEnd<IndexRequest, IndexReport>;
}

export class Indexer implements LogIndexer {
  readonly #clock: Clock;
  readonly #thread: StoreThread<IndexRequest, IndexNews>;
  /** When events that are not indexed yet were written, earliest first. */
  #marks: Mark[] = [];
  #lastId = 0;
  #isAsleep = false;
  /** Whether the index was ever up to date: writers do not wait for one that is being rebuilt. */
  #hasHadAll = false;
  #isFailing = false;
  #isRebuilding = false;
  #onProgress: (() => void)[] = [];

  /** @param paths The file of the log must exist. */
  constructor(paths: IndexPaths, options: IndexerOptions = {}) {
    const { clock = systemClock, start = startIndexThread } = options;
    this.#clock = clock;
    this.#thread = new StoreThread({
      thread: start(),
      duty: "indexes the log",
      onAnswer: (news) => this.#hear(news),
      onEnd: () => this.#release(),
    });
    this.#thread.send(paths);
  }

  /** Resolves once the thread has opened its files. */
  get ready(): Promise<void> {
    return this.#thread.ready;
  }

  /** Notes that everything up to this event is committed. */
  wrote(id: number): void {
    this.#lastId = id;
    const now = this.#clock.monotonic();
    const last = this.#marks.at(-1);
    const isDue = !last || now - last.at >= MARK_MS && this.#marks.length < MAX_MARKS;
    if (isDue) this.#marks.push({ id, at: now });
    if (this.#isAsleep) this.#wake();
  }

  /** Milliseconds since the earliest unindexed event was written; 0 if all are indexed. */
  get lagMs(): number {
    const [first] = this.#marks;
    return first ? this.#clock.monotonic() - first.at : 0;
  }

  /** Whether the index has, or lately had, everything: it is not being built. */
  get isComplete(): boolean {
    return this.#hasHadAll;
  }

  /** A promise to await before writing more while the index cannot keep up, else `undefined`. */
  backpressure(): Promise<void> | undefined {
    if (!this.#hasHadAll || this.#isFailing || this.#thread.isClosing || this.lagMs <= MAX_LAG_MS) {
      return undefined;
    }
    return new Promise((resolve) => this.#onProgress.push(resolve));
  }

  /** Has the index rebuilt. */
  rebuild(reason = "a search found it damaged"): void {
    // Several searches may find the same damage.
    if (this.#isRebuilding) return;
    this.#isRebuilding = true;
    this.#thread.send({ rebuild: reason });
  }

  /** Closes the files and ends the thread. */
  async close(): Promise<void> {
    await this.#thread.close();
    this.#release();
  }

  #wake(): void {
    this.#isAsleep = false;
    this.#thread.send("wake");
  }

  #hear(news: IndexNews): void {
    if ("failure" in news) this.#noteFailure(news.failure);
    else if ("rebuilding" in news) {
      this.#hasHadAll = false;
      log("search").warning("Rebuilding the search index: {message}", {
        message: news.rebuilding,
      });
    } else this.#noteProgress(news.through, news.isAll);
    this.#release();
  }

  #noteProgress(through: number, isAll: boolean): void {
    this.#isFailing = false;
    this.#isRebuilding = false;
    const behind = this.#marks.findIndex(({ id }) => id > through);
    this.#marks = behind === -1 ? [] : this.#marks.slice(behind);
    if (isAll || this.#lastId > 0 && through >= this.#lastId) this.#hasHadAll = true;
    if (!isAll) return;
    this.#isAsleep = true;
    // An event may have come just after the worker looked.
    if (this.#lastId > through) this.#wake();
  }

  /** Logs only the first failure in a row: events that are not indexed are still found, slowly. */
  #noteFailure(message: string): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    log("search").warning("Cannot write the search index: {message}", { message });
  }

  #release(): void {
    for (const resolve of this.#onProgress.splice(0)) resolve();
  }
}

function startIndexThread(): ThreadEnd<IndexRequest, IndexReport> {
  return new Worker(new URL("./index_worker.ts", import.meta.url), { type: "module" });
}
