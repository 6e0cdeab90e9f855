/**
 * Opens the SQLite file that holds the log and the state.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { createPrivateFile } from "./data_directory.ts";
import { migrate, nameKinds } from "./migrations.ts";

/** What a commit survives: */
export type Durability =
  /** The process being killed at any moment. A power cut may lose the last moments. */
  | "normal"
  /** A power cut, too: every commit waits for the disk. */
  | "full";

/** Freed space can be returned to the system in small steps. */
const SHRINKABLE = "PRAGMA auto_vacuum = INCREMENTAL";

/**
 * Opens the file, creates it if it does not exist, and brings its schema up to date.
 *
 * @throws {Error} if the file cannot be opened, is not a database, or has a newer schema.
 */
export function openDatabase(path: string, durability: Durability): DatabaseSync {
  createPrivateFile(path);
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  try {
    if (isNew(database)) database.exec(SHRINKABLE);
    // Readers and the writer never wait for each other, and a commit is one append to a file.
    database.exec("PRAGMA journal_mode = WAL");
    database.exec(`PRAGMA synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
    // 2 MiB. SQLite has one pool of pages for the connections of all threads, as large as their
    // caches together. It keeps them after a flood, scattered over the heap, which then cannot
    // shrink. Even with 4,000 busy rooms a larger cache saves nothing: the system caches the file.
    database.exec("PRAGMA cache_size = -2048");
    // Shrinks the write-ahead file after a burst.
    database.exec("PRAGMA journal_size_limit = 67108864");
    // What is replaced must not stay in the unused parts of pages; see `run_redactor.ts`.
    database.exec("PRAGMA secure_delete = FAST");
    tidyUp(database);
    migrate(database);
    nameKinds(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** `auto_vacuum` only works in an empty file, and writes to the file each time. */
function isNew(database: DatabaseSync): boolean {
  return database.prepare("PRAGMA page_count").get()!.page_count === 0;
}

/**
 * Empties the write-ahead file of a killed server, which would otherwise grow with every run. If it
 * cannot be emptied, on a full disk for example, nothing is lost.
 */
function tidyUp(database: DatabaseSync): void {
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // The next start tries again.
  }
}
