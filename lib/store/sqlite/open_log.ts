/**
 * Opening the log for reading, in another thread or process than the one that writes it.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "./migrations.ts";

/**
 * Opens the log at `path` for reading, while a server writes it or after one was killed.
 *
 * @throws {Error} if it cannot be read; the message is a sentence that says what to do.
 */
export function openLogToRead(path: string): DatabaseSync {
  let log: DatabaseSync | undefined;
  try {
    log = new DatabaseSync(path, { readOnly: true });
    // While a server starts after a kill, it has the file to itself for a moment.
    log.exec("PRAGMA busy_timeout = 5000");
    const version = log.prepare("PRAGMA user_version").get()!.user_version as number;
    if (version === MIGRATIONS.length) return log;
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
