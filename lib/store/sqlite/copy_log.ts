/**
 * Consistent copies of the log in a single file.
 *
 * @module
 */

import { backup, DatabaseSync } from "node:sqlite";
import { adviceOn, eventTable, isDamaged } from "./open_log.ts";
import { removeFile, systemReason } from "./data_directory.ts";

/** The contents of a copy. */
export interface CopySize {
  readonly events: number;
  readonly rooms: number;
  readonly bytes: number;
}

/**
 * Copies a log to `path`, which must not exist. A running server is not held up. The file appears
 * once it is complete and on disk.
 *
 * @param log Any connection to the log.
 * @throws {Error} if it cannot be written; the message is a sentence.
 */
export async function copyLog(log: DatabaseSync, path: string): Promise<CopySize> {
  const partial = `${path}.partial`;
  removeFile(partial);
  try {
    // Unlike SQLite, the system gives the reason if the file cannot be written.
    Deno.openSync(partial, { write: true, createNew: true, mode: 0o600 }).close();
    // In a single step: in several, SQLite would start over whenever the server commits.
    await backup(log, partial, { rate: -1 });
    const size = settle(partial);
    using file = await Deno.open(partial, { read: true, write: true });
    await file.sync();
    await Deno.rename(partial, path);
    return size;
  } catch (error) {
    removeFile(partial);
    const { message } = error as Error;
    if (isDamaged(message)) throw new Error(`Cannot copy the log: ${message}${adviceOn(message)}`);
    throw new Error(`Cannot write ${path}: ${systemReason(error as Error)}`);
  }
}

/** Merges the copy into one file without a write-ahead file, and counts its contents. */
function settle(path: string): CopySize {
  const copy = new DatabaseSync(path);
  try {
    copy.exec("PRAGMA journal_mode = DELETE");
    const counted = eventTable(copy) === "run"
      ? "coalesce(sum(count), 0) FROM run"
      : "count(*) FROM event";
    const { events, rooms } = copy.prepare(
      `SELECT (SELECT ${counted}) AS events, (SELECT count(*) FROM room) AS rooms`,
    ).get() as { events: number; rooms: number };
    return { events, rooms, bytes: Deno.statSync(path).size };
  } finally {
    copy.close();
  }
}
