/**
 * Asks for checkpoints, often enough that the write-ahead file stays small.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { log } from "../../log.ts";
import type { CheckpointAnswer, CheckpointRequest } from "./checkpoint_worker.ts";

/** Bytes of events written between two checkpoints. */
const INTERVAL_BYTES = 2 * 1024 * 1024;
/**
 * A write-ahead file of so many pages is begun anew, which takes a moment in which nothing is
 * written: the worker alone never quite catches up with a writer that does not pause.
 */
const LARGEST_WAL_PAGES = 16 * 1024;

/** Has checkpoints made in another thread. */
export class Checkpointer {
  readonly #database: DatabaseSync;
  readonly #worker: Worker;
  #bytes = 0;
  /** Whether something was written since the worker was last asked. */
  #hasWritten = false;
  #isBusy = false;
  #isFailing = false;
  /** Those who wait for the files to be cut, and whether the worker was asked before they came. */
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

  /** Counts what was committed. */
  wrote(bytes: number): void {
    this.#bytes += bytes;
    this.#hasWritten = true;
    if (this.#bytes >= INTERVAL_BYTES && !this.#isBusy) this.#checkpoint();
  }

  /**
   * Has the files cut to what they need, once what was written is in its place. Where others read,
   * or more is written meanwhile, as much as can be; resolves in any case.
   */
  async giveBack(): Promise<void> {
    if (this.#onClosed) return;
    const given = new Promise<void>((resolve) => this.#onGivenBack.push(resolve));
    if (this.#isBusy) this.#isAskedTooSoon = true;
    else this.#checkpoint();
    await given;
  }

  /** Lets go of the file and the thread. */
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
    // All of it has been moved: what is left to do waits for no disk.
    else if (this.#onGivenBack.length > 0 && !this.#hasWritten) this.#catchUp("TRUNCATE");
  }

  #catchUp(mode: "PASSIVE" | "TRUNCATE"): void {
    try {
      this.#database.exec(`PRAGMA wal_checkpoint(${mode})`);
    } catch (error) {
      this.#noteFailure((error as Error).message);
    }
  }

  /** Says it once: nothing is lost, but on a full disk no checkpoint works until there is space. */
  #noteFailure(message: string): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    log("store").warning("Cannot move the log's latest part into its file: {message}", { message });
  }
}
