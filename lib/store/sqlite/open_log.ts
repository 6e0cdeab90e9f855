/**
 * Opening the log for reading, in another thread or process than the one that writes it.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "./migrations.ts";

/** Said of a database that is none of ours, or not yet. */
export const NO_LOG = "it is no log of Partyline";

/**
 * Opens the log at `path` for reading, while a server writes it or after one was killed.
 *
 * @throws {Error} if it cannot be read; the message is a sentence that says what to do.
 */
export function openLogToRead(path: string): DatabaseSync {
  let log: DatabaseSync | undefined;
  try {
    refuseNoFile(path);
    log = new DatabaseSync(path, { readOnly: true });
    // While a server starts after a kill, it has the file to itself for a moment.
    log.exec("PRAGMA busy_timeout = 5000");
    const version = log.prepare("PRAGMA user_version").get()!.user_version as number;
    if (version === MIGRATIONS.length) return log;
    if (version === 0) throw new Error(NO_LOG);
    throw new Error(
      version < MIGRATIONS.length
        ? "it is of an earlier version; start the server on it once"
        : "it is of a newer version; use the program that wrote it",
    );
  } catch (error) {
    log?.close();
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`Cannot read the log ${path}: ${(error as Error).message}`);
  }
}

/** Refuses what SQLite has no words for. @throws {Error} whose message is the end of a sentence. */
export function refuseNoFile(path: string): void {
  try {
    if (Deno.statSync(path).isDirectory) throw new Error("it is a directory");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Error("there is no such file");
    throw error;
  }
}
