/**
 * Requests checkpoints from a worker thread, often enough to keep the write-ahead file small.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { log } from "../../log.ts";
import type { CheckpointAnswer, CheckpointRequest } from "./checkpoint_worker.ts";

/** Bytes committed between checkpoints. */
const INTERVAL_BYTES = 2 * 1024 * 1024;
/**
 * A write-ahead file with more pages is checkpointed by the writer itself, so that SQLite starts it
 * over: the worker alone never quite catches up with a writer that does not pause.
 */
const LARGEST_WAL_PAGES = 16 * 1024;

export class Checkpointer {
  readonly #database: DatabaseSync;
  readonly #worker: Worker;
  #bytes = 0;
  /** Whether anything was committed since the last request. */
  #hasWritten = false;
  #isBusy = false;
  #isFailing = false;
  /** Callers waiting for the files to shrink, and whether the pending request is older. */
  #onGivenBack: (() => void)[] = [];
  #isAskedTooSoon = false;
  #onClosed: (() => void) | undefined;

  /** @param database The writer's connection to the file at `path`. */
  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    database.exec("PRAGMA wal_autocheckpoint = 0");
    this.#worker = new Worker(new URL("./checkpoint_worker.ts", import.meta.url), {
      type: "module",
    });
    this.#worker.onmessage = ({ data }: MessageEvent<CheckpointAnswer>) => this.#hear(data);
    this.#send({ open: path });
  }

  /** Counts committed bytes. */
  wrote(bytes: number): void {
    this.#bytes += bytes;
    this.#hasWritten = true;
    if (this.#bytes >= INTERVAL_BYTES && !this.#isBusy) this.#checkpoint();
  }

  /**
   * Shrinks the files to what they need, after a checkpoint. Readers and later commits may prevent
   * some of that; resolves in any case.
   */
  async giveBack(): Promise<void> {
    if (this.#onClosed) return;
    const given = new Promise<void>((resolve) => this.#onGivenBack.push(resolve));
    if (this.#isBusy) this.#isAskedTooSoon = true;
    else this.#checkpoint();
    await given;
  }

  /** Closes the worker's connection and ends the thread. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#onClosed = resolve);
    this.#send("close");
    await closed;
    this.#worker.terminate();
  }

  #checkpoint(): void {
    this.#bytes = 0;
    this.#isAskedTooSoon = false;
    this.#hasWritten = false;
    this.#isBusy = true;
    this.#send("checkpoint");
  }

  #send(request: CheckpointRequest): void {
    this.#worker.postMessage(request);
  }

  #hear(answer: CheckpointAnswer): void {
    this.#isBusy = false;
    if (answer === "closed") this.#onClosed?.();
    else if ("failure" in answer) this.#noteFailure(answer.failure);
    else if (!this.#onClosed) this.#finish(answer.walPages);
    if (!this.#isBusy) this.#onGivenBack.splice(0).forEach((resolve) => resolve());
  }

  #finish(walPages: number): void {
    this.#isFailing = false;
    if (walPages > LARGEST_WAL_PAGES) this.#catchUp("PASSIVE");
    if (this.#isAskedTooSoon) this.#checkpoint();
    // The worker has moved everything, so truncating does not wait for the disk.
    else if (this.#onGivenBack.length > 0 && !this.#hasWritten) this.#catchUp("TRUNCATE");
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
