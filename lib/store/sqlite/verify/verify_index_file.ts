/**
 * Checks the file of the search index, if there is one, and the end of the log against it.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { openReadOnly } from "../open_log.ts";
import { INDEX_VERSION } from "../search/index_file.ts";
import { isOfAnotherLog, readProgress } from "../search/index_progress.ts";
import { damage, type Finding, note } from "./finding.ts";
import { missingAtEnd } from "./missing_at_end.ts";
import { verifyIndex } from "./verify_index.ts";

/**
 * @param log From `openLogToRead`.
 * @throws {Error} if the index cannot be read.
 */
export function* verifyIndexFile(log: DatabaseSync, path: string): Generator<Finding> {
  if (!exists(path)) return yield note("search index: there is none; the server builds one");
  const index = openReadOnly(path);
  try {
    const { user_version: version } = index.prepare("PRAGMA user_version").get()!;
    if (version !== INDEX_VERSION) {
      yield note("search index: it has another version; the server rebuilds it");
    } else if (isOfAnotherLog(log, readProgress(index))) {
      yield note("search index: it does not fit the log; the server rebuilds it");
    } else {
      yield* verifyIndex(log, index);
    }
  } catch (error) {
    throw new Error(`search index: ${(error as Error).message}`);
  } finally {
    index.close();
  }
}

/** Finds events missing at the end of the log, as {@linkcode missingAtEnd} does. */
export function* verifyLogEnd(log: DatabaseSync, path: string): Generator<Finding> {
  for (const fault of missingAtEnd(log, path)) yield damage(`log: ${fault}`);
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
