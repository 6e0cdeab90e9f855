/**
 * Moves committed pages from the write-ahead file into the database, in a thread of its own: a
 * checkpoint waits for the disk, and the thread that serves people must not.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";

/** A message to the worker. */
export type CheckpointRequest = { readonly open: string } | "checkpoint" | "close";
/** The answer to `"checkpoint"` and `"close"`. */
export type CheckpointAnswer =
  | { readonly walPages: number }
  | { readonly failure: string }
  | "closed";

const worker = self as unknown as Worker;
let path = "";
let database: DatabaseSync | undefined;

worker.onmessage = ({ data }: MessageEvent<CheckpointRequest>) => {
  if (data === "close") {
    database?.close();
    worker.postMessage("closed" satisfies CheckpointAnswer);
  } else if (data === "checkpoint") {
    worker.postMessage(checkpoint());
  } else {
    path = data.open;
  }
};

/** SQLite would create a file that is gone, and an empty log would be in its place. */
function open(): DatabaseSync {
  Deno.statSync(path);
  return new DatabaseSync(path);
}

/** Never throws: an exception in a worker would end the program, even if a full disk caused it. */
function checkpoint(): CheckpointAnswer {
  try {
    database ??= open();
    const { log } = database.prepare("PRAGMA wal_checkpoint(PASSIVE)").get() as { log: number };
    return { walPages: log };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}
