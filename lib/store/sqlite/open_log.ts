/**
 * Opens logs for reading: that of the server, from another thread or process, and backups.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "./migrations.ts";

const NOT_A_LOG = "it is not a Partyline log";

/**
 * Opens the log at `path` for reading, while a server writes it or after one was killed.
 *
 * @throws {Error} if it cannot be read; the message is a sentence that says what to do.
 */
export function openLogToRead(path: string): DatabaseSync {
  return open(path, `Cannot read the log ${path}`, (log) => {
    if (checkVersion(log) < MIGRATIONS.length) {
      throw new Error(
        "an earlier version wrote it; start a server on it once. If it is a backup, restore it first",
      );
    }
  });
}

/**
 * Opens a log to copy it, as {@linkcode openLogToRead} does. An earlier version may have written it.
 *
 * @throws {Error} if it cannot be read; the message is a sentence that says what to do.
 */
export function openLogToCopy(path: string): DatabaseSync {
  return open(path, `Cannot read the log ${path}`, checkVersion);
}

/** The version of a log's schema. @throws {Error} if this program does not know it. */
function checkVersion(log: DatabaseSync): number {
  const version = versionOf(log);
  if (version === 0) throw new Error(NOT_A_LOG);
  if (version > MIGRATIONS.length) throw new Error("a newer version wrote it; use that version");
  return version;
}

/**
 * Opens a backup for reading, after checking that it is an undamaged log of this or an earlier
 * version.
 *
 * @throws {Error} if it is not; the message is a sentence.
 */
export function openBackup(path: string): DatabaseSync {
  return open(path, `Cannot restore ${path}`, (backup) => {
    const version = versionOf(backup);
    const { tables } = backup.prepare(
      `SELECT count(*) AS tables FROM sqlite_schema
        WHERE type = 'table' AND name IN ('room', '${eventTable(backup)}')`,
    ).get()!;
    if (version === 0 || tables !== 2) throw new Error(NOT_A_LOG);
    if (version > MIGRATIONS.length) throw new Error("a newer version of Partyline wrote it");
    const { integrity_check: result } = backup.prepare("PRAGMA integrity_check(1)").get()!;
    if (result !== "ok") throw new Error(`it is damaged: ${result}`);
  });
}

/**
 * Opens a database read-only. SQLite cannot do so for a database with a write-ahead log if it may
 * not create the files beside it. If there are none, nobody has it open and it is complete, so it is
 * opened as immutable; what a server writes from then on is not seen.
 */
export function openReadOnly(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    // A server that starts after a kill locks the file for a moment.
    database.exec("PRAGMA busy_timeout = 5000");
    // See `database.ts`.
    database.exec("PRAGMA cache_size = -1024");
    versionOf(database);
    return database;
  } catch (error) {
    database.close();
    if (!/readonly|unable to open/.test((error as Error).message) || hasWal(path)) throw error;
    const escaped = path.replace(/[%?#]/g, encodeURIComponent);
    return openImmutable(`file:${escaped}?immutable=1`);
  }
}

/** Deno understands SQLite's URIs only in a program that has all permissions. */
function openImmutable(uri: string): DatabaseSync {
  try {
    return new DatabaseSync(uri, { readOnly: true });
  } catch {
    throw new Error("its directory is not writable. Run this as the user of the server");
  }
}

/** Whether a database has a write-ahead log, as it has while a process writes it. */
export function hasWal(path: string): boolean {
  try {
    return Deno.statSync(`${path}-wal`).isFile;
  } catch {
    return false;
  }
}

/** @param failure Start of the sentence that says what failed. */
function open(
  path: string,
  failure: string,
  check: (database: DatabaseSync) => unknown,
): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    checkFile(path);
    database = openReadOnly(path);
    check(database);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Deno.errors.NotCapable) throw error;
    const { message } = error as Error;
    throw new Error(`${failure}: ${message}${adviceOn(message)}`);
  }
}

/** Whether SQLite's message is about the contents of a file. */
export function isDamaged(message: string): boolean {
  return /malformed/.test(message);
}

/** What to do about a message of SQLite, to be added to it. */
export function adviceOn(message: string): string {
  if (/unable to open/.test(message)) return ". Run this as the user of the server";
  return isDamaged(message) ? ". Keep a copy of it, and restore the last backup" : "";
}

/**
 * SQLite only says that it cannot open a file, not why. Opening it here to find out is not an option:
 * closing it again would drop the locks that SQLite has on it for other parts of this process.
 *
 * @throws {Error} if the file cannot be read; the message is the end of a sentence.
 */
function checkFile(path: string): void {
  try {
    if (Deno.statSync(path).isDirectory) throw new Error("it is a directory");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Error("there is no such file");
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new Error("permission denied. Run this as the user of the server");
    }
    throw error;
  }
}

/** The table with the events: the first versions had a row for each. */
export function eventTable(log: DatabaseSync): "event" | "run" {
  return versionOf(log) < 3 ? "event" : "run";
}

function versionOf(database: DatabaseSync): number {
  return database.prepare("PRAGMA user_version").get()!.user_version as number;
}
