/**
 * The file of the search index: derived from the log, so that it may be thrown away at any time.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { removeFile } from "../data_directory.ts";

/** The schema below, and what it means. A file of any other number is made anew. */
export const INDEX_VERSION = 1;

/**
 * - A `block` is some events that are indexed as one: those of the runs from `id` to `last`, with
 *   the times of the earliest and the latest. It has an entry of its `id` in `word`, which has all
 *   words and marks (`index_words.ts`), but not which words stand next to each other.
 * - A `sheet` has the number-like words of blocks that came when much came at once, see
 *   `number_sheet.ts`: of blocks between `id` and `last`, listed in `blocks` as 64-bit floats. In
 *   `bucket` the id is `bucket << 32 | sheet.number`, so that what is looked up together stands together.
 * - `progress` is up to where the log is indexed: the id and time of the last run.
 */
const SCHEMA = `
  CREATE VIRTUAL TABLE word USING fts5(
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
  );
  INSERT INTO word (word, rank) VALUES ('automerge', 8);
  INSERT INTO word (word, rank) VALUES ('crisismerge', 64);
  CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE sheet (
    number INTEGER PRIMARY KEY,
    id INTEGER NOT NULL UNIQUE,
    last INTEGER NOT NULL,
    blocks BLOB NOT NULL
  ) STRICT;
  CREATE TABLE bucket (id INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;
  CREATE TABLE progress (id INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
  INSERT INTO progress VALUES (0, 0);
  PRAGMA user_version = ${INDEX_VERSION};
`;

/** The id of a bucket of a sheet. */
export function bucketId(bucket: number, sheet: number): number {
  return bucket * 2 ** 32 + sheet;
}

/** The index is not one of this log and this version. */
export class StaleIndexError extends Error {
  override readonly name = "StaleIndexError";
}

/** What may be otherwise later, in SQLite's words. */
const PASSING = /locked|busy|full|disk I\/O|readonly|unable to open|out of memory/;

/**
 * Whether an error says that the index has to be made anew. Damage has too many forms to list them:
 * a part of a file that is not what it should be may be taken for anything.
 */
export function isDamage(error: unknown): boolean {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  return error instanceof StaleIndexError || code === "ERR_SQLITE_ERROR" && !PASSING.test(message);
}

/** Files that belong to the index. */
const SUFFIXES = ["", "-wal", "-shm", "-journal"];

/**
 * Opens the index for the one who writes it; makes it where there is none.
 *
 * @throws {StaleIndexError} if it is of another version.
 * @throws {Error} if it is damaged, see {@linkcode isDamage}, or cannot be written.
 */
export function openIndex(path: string): DatabaseSync {
  const index = new DatabaseSync(path);
  try {
    // What it takes can be given back.
    index.exec("PRAGMA auto_vacuum = INCREMENTAL");
    index.exec("PRAGMA journal_mode = WAL");
    // A power cut may cost the last moments, which are indexed again, but never the file.
    index.exec("PRAGMA synchronous = NORMAL");
    index.exec("PRAGMA cache_size = -8192");
    index.exec("PRAGMA journal_size_limit = 16777216");
    if (versionOf(index) === 0) index.exec(`BEGIN; ${SCHEMA} COMMIT`);
    if (versionOf(index) !== INDEX_VERSION) throw new StaleIndexError("it is of another version");
    return index;
  } catch (error) {
    index.close();
    throw error;
  }
}

/**
 * Opens the index for reading; `undefined` where there is none that can be read, and the log has
 * to be searched without.
 */
export function openIndexToRead(path: string): DatabaseSync | undefined {
  let index: DatabaseSync | undefined;
  try {
    index = new DatabaseSync(path, { readOnly: true });
    if (versionOf(index) === INDEX_VERSION) return index;
  } catch {
    // There is none, or it is no database.
  }
  index?.close();
  return undefined;
}

/** Removes the index. What has it open goes on with what is no longer there. */
export function removeIndex(path: string): void {
  for (const suffix of SUFFIXES) removeFile(path + suffix);
}

function versionOf(index: DatabaseSync): number {
  return index.prepare("PRAGMA user_version").get()!.user_version as number;
}
