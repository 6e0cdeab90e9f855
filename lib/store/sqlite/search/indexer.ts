/**
 * Has the log indexed in another thread, and knows how far that has come.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../clock.ts";
import { log } from "../../../log.ts";
import type { IndexPaths } from "./index_keeper.ts";
import type { IndexReport, IndexRequest } from "./index_worker.ts";

/** What comes in while the index is further behind than this is to come more slowly. */
const MOST_LAG_MS = 1000;
/** How exactly it is known when something was written, and of how much. */
const MARK_MS = 50;
const MOST_MARKS = 1000;

/** When an event was written. */
interface Mark {
  readonly id: number;
  readonly at: number;
}

export class Indexer {
  readonly #clock: Clock;
  readonly #worker: Worker;
  /** When what is not indexed yet was written, the earliest first, as exactly as is needed. */
  #marks: Mark[] = [];
  #lastId = 0;
  #isAsleep = false;
  /** Whether it ever had all: an index that is made anew must not hold up those who write. */
  #hasHadAll = false;
  #isFailing = false;
  #isRebuilding = false;
  #onProgress: (() => void)[] = [];
  #onClosed: (() => void) | undefined;

  /** @param paths The log's file has to be there. */
  constructor(paths: IndexPaths, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#worker = new Worker(new URL("./index_worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<IndexReport>) => this.#hear(data);
    this.#send(paths);
  }

  /** Says that everything up to that event is committed. */
  wrote(id: number): void {
    this.#lastId = id;
    const now = this.#clock.monotonic();
    const last = this.#marks.at(-1);
    const isDue = !last || now - last.at >= MARK_MS && this.#marks.length < MOST_MARKS;
    if (isDue) this.#marks.push({ id, at: now });
    if (this.#isAsleep) this.#wake();
  }

  /** How long ago the earliest event was written that is not indexed, milliseconds; 0 if all are. */
  get lagMs(): number {
    const [first] = this.#marks;
    return first ? this.#clock.monotonic() - first.at : 0;
  }

  /** Something to await before more is written, where the index cannot keep up; else `undefined`. */
  backpressure(): Promise<void> | undefined {
    if (!this.#hasHadAll || this.#isFailing || this.lagMs <= MOST_LAG_MS) return undefined;
    return new Promise((resolve) => this.#onProgress.push(resolve));
  }

  /** Has the index made anew. */
  rebuild(): void {
    // Several who search may have found the same.
    if (this.#isRebuilding) return;
    this.#isRebuilding = true;
    this.#send("rebuild");
  }

  /** Lets go of the files and the thread. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#onClosed = resolve);
    this.#send("close");
    await closed;
    this.#worker.terminate();
    this.#release();
  }

  #wake(): void {
    this.#isAsleep = false;
    this.#send("wake");
  }

  #send(request: IndexRequest): void {
    this.#worker.postMessage(request);
  }

  #hear(report: IndexReport): void {
    if (report === "closed") {
      this.#onClosed?.();
    } else if ("failure" in report) {
      this.#noteFailure(report.failure);
    } else if ("rebuilding" in report) {
      this.#hasHadAll = false;
      log("search").warning("The search index is made anew: {reason}", {
        reason: report.rebuilding,
      });
    } else {
      this.#noteProgress(report.through, report.isAll);
    }
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
    // Something may have come just after it had looked.
    if (this.#lastId > through) this.#wake();
  }

  /** Says it once: what is not indexed is found all the same, only more slowly. */
  #noteFailure(message: string): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    log("search").warning("Cannot write the search index: {message}", { message });
  }

  #release(): void {
    for (const resolve of this.#onProgress.splice(0)) resolve();
  }
}
