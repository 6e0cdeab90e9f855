/**
 * Requests checkpoints from another thread, often enough to keep the write-ahead file small.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { log } from "../../log.ts";
import type {
  CheckpointAnswer,
  CheckpointOutcome,
  CheckpointRequest,
} from "./serve_checkpoints.ts";
import { StoreThread } from "./store_thread.ts";
import type { ThreadEnd } from "./thread_ends.ts";

/** Bytes committed between checkpoints. */
const INTERVAL_BYTES = 2 * 1024 * 1024;
/**
 * While a write-ahead file has more pages, whoever writes thousands of lines waits for the thread,
 * which never quite catches up with a writer that does not pause. The writer itself moves the few
 * pages that are left then, so that SQLite starts the file over.
 */
const LARGEST_WAL_PAGES = 16 * 1024;

export class Checkpointer {
  readonly #database: DatabaseSync;
  readonly #thread: StoreThread<CheckpointRequest, CheckpointOutcome>;
  #bytes = 0;
  /** Whether anything was committed since the last request. */
  #hasWritten = false;
  #isBusy = false;
  #isFailing = false;
  /** Set while bulk writers should wait. */
  #brake: PromiseWithResolvers<void> | undefined;
  /** Callers waiting for the files to shrink, and whether the pending request is older. */
  #onGivenBack: (() => void)[] = [];
  #isAskedTooSoon = false;

  /**
   * @param database The writer's connection to the file at `path`.
   * @param start Starts what runs `serveCheckpoints`, by default a thread of its own.
   */
  constructor(database: DatabaseSync, path: string, start = startCheckpointThread) {
    this.#database = database;
    database.exec("PRAGMA wal_autocheckpoint = 0");
    this.#thread = new StoreThread({
      thread: start(),
      duty: "makes checkpoints",
      onAnswer: (outcome) => this.#hear(outcome),
      onEnd: () => this.#end(),
    });
    this.#thread.send({ open: path });
  }

  /** Resolves once the thread has opened its files. */
  get ready(): Promise<void> {
    return this.#thread.ready;
  }

  /** Counts committed bytes. */
  wrote(bytes: number): void {
    this.#bytes += bytes;
    this.#hasWritten = true;
    if (this.#bytes >= INTERVAL_BYTES && !this.#isBusy) this.#checkpoint();
  }

  /** What bulk writers should await, if anything, so that the write-ahead file can be emptied. */
  backpressure(): Promise<void> | undefined {
    return this.#brake?.promise;
  }

  /**
   * Shrinks the files to what they need, after a checkpoint. Readers and later commits may prevent
   * some of that; resolves in any case.
   */
  async giveBack(): Promise<void> {
    if (this.#thread.isClosing) return;
    const given = new Promise<void>((resolve) => this.#onGivenBack.push(resolve));
    if (this.#isBusy) this.#isAskedTooSoon = true;
    else this.#checkpoint();
    await given;
  }

  /** Closes the worker's connection and ends the thread. */
  close(): Promise<void> {
    return this.#thread.close();
  }

  #checkpoint(): void {
    this.#bytes = 0;
    this.#isAskedTooSoon = false;
    this.#hasWritten = false;
    this.#isBusy = true;
    this.#thread.send("checkpoint");
  }

  #hear(outcome: CheckpointOutcome): void {
    this.#isBusy = false;
    if ("failure" in outcome) this.#noteFailure(outcome.failure);
    else if (!this.#thread.isClosing) this.#finish(outcome.walPages);
    if (!this.#isBusy) this.#end();
  }

  /** Nobody has to wait any longer. */
  #end(): void {
    this.#isBusy = false;
    this.#release();
    this.#onGivenBack.splice(0).forEach((resolve) => resolve());
  }

  #finish(walPages: number): void {
    this.#isFailing = false;
    if (walPages > LARGEST_WAL_PAGES && !this.#brake) {
      this.#brake = Promise.withResolvers();
      return this.#checkpoint();
    }
    if (walPages > LARGEST_WAL_PAGES) this.#catchUp("PASSIVE");
    this.#release();
    if (this.#isAskedTooSoon) this.#checkpoint();
    // The worker has moved everything, so truncating does not wait for the disk.
    else if (this.#onGivenBack.length > 0 && !this.#hasWritten) this.#catchUp("TRUNCATE");
  }

  #release(): void {
    this.#brake?.resolve();
    this.#brake = undefined;
  }

  #catchUp(mode: "PASSIVE" | "TRUNCATE"): void {
    try {
      this.#database.exec(`PRAGMA wal_checkpoint(${mode})`);
    } catch (error) {
      this.#noteFailure((error as Error).message);
    }
  }

  /** Logged once: on a full disk every checkpoint fails until there is space; nothing is lost. */
  #noteFailure(message: string): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    log("store").warning("Cannot checkpoint the log: {message}", { message });
  }
}

function startCheckpointThread(): ThreadEnd<CheckpointRequest, CheckpointAnswer> {
  return new Worker(new URL("./checkpoint_worker.ts", import.meta.url), { type: "module" });
}
