/**
 * Opening the SQLite file that holds everything.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { migrate, nameKinds } from "./migrations.ts";

/** What a commit survives. */
export type Durability =
  /** The process being killed at any moment. A power cut may take the last moments. */
  | "normal"
  /** A power cut too: every commit waits for the disk. */
  | "full";

/** Space that is freed can be given back, in small steps. */
const SHRINKABLE = "PRAGMA auto_vacuum = INCREMENTAL";

/**
 * Opens the file, creating it if need be, and brings its schema up to date.
 *
 * @throws {Error} if the file cannot be opened, is no database, or is of a newer version.
 */
export function openDatabase(path: string, durability: Durability): DatabaseSync {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  try {
    if (isNew(database)) database.exec(SHRINKABLE);
    // Readers never wait for the writer, nor it for them, and a commit is one append to a file.
    database.exec("PRAGMA journal_mode = WAL");
    database.exec(`PRAGMA synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
    // Room for the ends of some thousand rooms: what does not fit is written and read many times over.
    database.exec("PRAGMA cache_size = -16384");
    // Give back the space that a burst took in the write-ahead file.
    database.exec("PRAGMA journal_size_limit = 67108864");
    tidyUp(database);
    migrate(database);
    nameKinds(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** To be said before there is anything in the file; said again, it would write to it each time. */
function isNew(database: DatabaseSync): boolean {
  return database.prepare("PRAGMA page_count").get()!.page_count === 0;
}

/**
 * Empties the write-ahead file that a killed server left: run after run it would grow. Where that
 * cannot be done, on a full disk for example, nothing is lost by leaving it.
 */
function tidyUp(database: DatabaseSync): void {
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // The next one may do it.
  }
}
