/**
 * Moves committed pages from the write-ahead file into the database, in another thread: a checkpoint
 * waits for the disk, and the thread that serves people must not.
 *
 * @module
 */

import { type BorrowedLog, type BorrowLog, ownLog } from "./log_lender.ts";
import type { ThreadScope } from "./thread_ends.ts";

/** A request to the thread. The path comes first. */
export type CheckpointRequest = { readonly open: string } | "checkpoint" | "close";
/** The outcome of a checkpoint. */
export type CheckpointOutcome = { readonly walPages: number } | { readonly failure: string };
/** The answer to each. */
export type CheckpointAnswer = "ready" | CheckpointOutcome | "closed";

/** Serves the checkpointer that started this thread. */
export function serveCheckpoints(
  scope: ThreadScope<CheckpointRequest, CheckpointAnswer>,
  borrowLog: BorrowLog = ownLog,
): void {
  let path = "";
  let log: BorrowedLog | undefined;

  /** If this fails, the first checkpoint says so. */
  const open = () => {
    try {
      log ??= borrowLog(path);
    } catch {
      // See above.
    }
  };

  /** Never throws: an exception in a thread would end the program, even if a full disk caused it. */
  const checkpoint = (): CheckpointAnswer => {
    try {
      log ??= borrowLog(path);
      const { log: walPages } = log.database.prepare("PRAGMA wal_checkpoint(PASSIVE)").get()!;
      return { walPages: walPages as number };
    } catch (error) {
      return { failure: (error as Error).message };
    }
  };

  scope.onmessage = ({ data }) => {
    if (data === "close") {
      log?.[Symbol.dispose]();
      log = undefined;
      scope.postMessage("closed", []);
    } else if (data === "checkpoint") {
      scope.postMessage(checkpoint(), []);
    } else {
      path = data.open;
      // Takes its descriptors now, before connections take the last ones.
      open();
      scope.postMessage("ready", []);
    }
  };
}
