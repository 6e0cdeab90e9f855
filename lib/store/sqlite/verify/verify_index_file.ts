/**
 * Checks the search index, if there is one.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { INDEX_VERSION } from "../search/index_file.ts";
import { isOfAnotherLog, readProgress } from "../search/index_progress.ts";
import { type Finding, note } from "./finding.ts";
import { verifyIndex } from "./verify_index.ts";

/**
 * @param log As `openLogToRead` gives it.
 * @throws {Error} if it cannot be gone through.
 */
export function* verifyIndexFile(log: DatabaseSync, path: string): Generator<Finding> {
  if (!exists(path)) return yield note("search index: there is none; the server makes one");
  const index = new DatabaseSync(path, { readOnly: true });
  try {
    index.exec("PRAGMA busy_timeout = 5000");
    const { user_version: version } = index.prepare("PRAGMA user_version").get()!;
    if (version !== INDEX_VERSION) {
      yield note("search index: it is of another version; the server makes it anew");
    } else if (isOfAnotherLog(log, readProgress(index))) {
      yield note("search index: it does not fit the log; the server makes it anew");
    } else {
      yield* verifyIndex(log, index);
    }
  } catch (error) {
    throw new Error(`search index: ${(error as Error).message}`);
  } finally {
    index.close();
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
