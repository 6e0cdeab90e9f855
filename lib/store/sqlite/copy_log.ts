/**
 * Copies of the log: whole, of one moment, and in one file.
 *
 * @module
 */

import { backup, DatabaseSync } from "node:sqlite";
import { removeFile, systemReason } from "./data_directory.ts";

/** What is in a copy. */
export interface CopySize {
  readonly events: number;
  readonly rooms: number;
  readonly bytes: number;
}

/**
 * Copies a log to `path`, where nothing may be yet. The server may be running: it waits for
 * nothing. The file appears once it is complete and on disk.
 *
 * @param log Any connection to it.
 * @throws {Error} if it cannot be written; the message is a sentence.
 */
export async function copyLog(log: DatabaseSync, path: string): Promise<CopySize> {
  const partial = `${path}.partial`;
  removeFile(partial);
  try {
    // The system says why it cannot be written; SQLite says only that it cannot.
    Deno.openSync(partial, { write: true, createNew: true }).close();
    // All at once: in steps it would begin anew each time that the server writes.
    await backup(log, partial, { rate: -1 });
    const size = settle(partial);
    using file = await Deno.open(partial, { read: true, write: true });
    await file.sync();
    await Deno.rename(partial, path);
    return size;
  } catch (error) {
    removeFile(partial);
    throw new Error(`Cannot write ${path}: ${systemReason(error as Error)}`);
  }
}

/** Makes one file of it that needs no other beside it, and counts what is in it. */
function settle(path: string): CopySize {
  const copy = new DatabaseSync(path);
  try {
    copy.exec("PRAGMA journal_mode = DELETE");
    const { events, rooms } = copy.prepare(
      "SELECT (SELECT coalesce(sum(count), 0) FROM run) AS events, (SELECT count(*) FROM room) AS rooms",
    ).get() as { events: number; rooms: number };
    return { events, rooms, bytes: Deno.statSync(path).size };
  } finally {
    copy.close();
  }
}
