/**
 * The file of the search index. It is derived from the log and can be deleted at any time.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { openReadOnly } from "../open_log.ts";
import { createPrivateFile, removeFile } from "../data_directory.ts";

/** The version of the schema below and of its meaning. An index of another version is rebuilt. */
export const INDEX_VERSION = 4;

/**
 * - A `block` covers the runs from `id` to `last`, with the times of its earliest and latest
 *   event. Its text was read when the log had the run `as_of`. The row of `word` with the same id has its words and marks (`index_words.ts`), but not
 *   their positions.
 * - A `token_table` (`token_table.ts`) has the number-like words of blocks that were indexed in
 *   bulk: the blocks between `id` and `last`, listed in `blocks` as 64-bit floats. Its buckets have
 *   the id `bucket << 32 | token_table.number`, so that one lookup reads neighbouring rows.
 * - A `stale_block` has to be indexed again, see `redone_blocks.ts`.
 * - `progress` is the id and time of the last run that is indexed, and the stage of a purge, see
 *   `word_purge.ts`.
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
    latest INTEGER NOT NULL,
    as_of INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE stale_block (id INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE token_table (
    number INTEGER PRIMARY KEY,
    id INTEGER NOT NULL UNIQUE,
    last INTEGER NOT NULL,
    blocks BLOB NOT NULL
  ) STRICT;
  CREATE TABLE bucket (id INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;
  CREATE TABLE progress (
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    purge INTEGER NOT NULL
  ) STRICT;
  INSERT INTO progress VALUES (0, 0, 0);
  PRAGMA user_version = ${INDEX_VERSION};
`;

/** The id of a bucket of a token table. */
export function bucketId(bucket: number, table: number): number {
  return bucket * 2 ** 32 + table;
}

/** The index belongs to another log or another version. */
export class StaleIndexError extends Error {
  override readonly name = "StaleIndexError";
}

/** Messages of SQLite errors that may go away by themselves. */
const TRANSIENT = /locked|busy|full|disk I\/O|readonly|unable to open|out of memory/;

/**
 * Whether an error means that the index must be rebuilt. Damage shows as too many different errors
 * to list them, so every SQLite error that is not transient counts.
 */
export function isDamage(error: unknown): boolean {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  return error instanceof StaleIndexError ||
    code === "ERR_SQLITE_ERROR" && !TRANSIENT.test(message);
}

/** The index and the files that SQLite keeps beside it. */
const SUFFIXES = ["", "-wal", "-shm", "-journal"];

/**
 * Opens the index for writing, and creates it if it does not exist.
 *
 * @throws {StaleIndexError} if it is of another version.
 * @throws {Error} if it is damaged (see {@linkcode isDamage}) or cannot be written.
 */
export function openIndex(path: string): DatabaseSync {
  createPrivateFile(path);
  const index = new DatabaseSync(path);
  try {
    // So that a sweep can return free pages to the file system.
    index.exec("PRAGMA auto_vacuum = INCREMENTAL");
    index.exec("PRAGMA journal_mode = WAL");
    // A power cut may lose the last few steps, which are then repeated, but never the file.
    index.exec("PRAGMA synchronous = NORMAL");
    // See `database.ts`. With twice as much, a step writes no less before it commits.
    index.exec("PRAGMA cache_size = -4096");
    index.exec("PRAGMA journal_size_limit = 16777216");
    if (versionOf(index) === 0) index.exec(`BEGIN; ${SCHEMA} COMMIT`);
    if (versionOf(index) !== INDEX_VERSION) throw new StaleIndexError("it is of another version");
    return index;
  } catch (error) {
    index.close();
    throw error;
  }
}

/** Opens the index for reading; `undefined` if there is none, or none that this version can read. */
export function openIndexToRead(path: string): DatabaseSync | undefined {
  let index: DatabaseSync | undefined;
  try {
    index = openReadOnly(path);
    if (versionOf(index) === INDEX_VERSION) return index;
  } catch {
    // It does not exist, or it is not a database.
  }
  index?.close();
  return undefined;
}

/** Deletes the index. Connections that have it open keep reading the deleted file. */
export function removeIndex(path: string): void {
  for (const suffix of SUFFIXES) removeFile(path + suffix);
}

function versionOf(index: DatabaseSync): number {
  return index.prepare("PRAGMA user_version").get()!.user_version as number;
}
