/**
 * Checks the file of the search index, if there is one, and the end of the log against it.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { openReadOnly } from "../open_log.ts";
import { INDEX_VERSION, openIndexToRead } from "../search/index_file.ts";
import { isOfAnotherLog, readProgress } from "../search/index_progress.ts";
import { damage, type Finding, note } from "./finding.ts";
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

/**
 * Finds events missing at the end of the log, which only a longer index can tell.
 *
 * @param log Any connection to the log.
 * @param path Of the index. Nothing is found if it is missing or damaged.
 */
export function* missingAtEnd(log: DatabaseSync, path: string): Generator<string> {
  let last: number | undefined;
  try {
    using index = openIndexToRead(path);
    // Index before log: events are in the log before a running server indexes them.
    const progress = index && readProgress(index);
    if (index && progress && isOfAnotherLog(log, progress)) last = lastInBoth(log, index);
  } catch {
    // verifyIndexFile() reports that.
  }
  if (last === undefined) return;
  yield `event ${last + 1} and later ones are missing but in the search index, unless this log ` +
    "was restored from a copy";
}

/** The last event of the log; `undefined` if the index is of another log, or not longer. */
function lastInBoth(log: DatabaseSync, index: DatabaseSync): number | undefined {
  const { last } = log.prepare("SELECT coalesce(max(id + count - 1), 0) AS last FROM run").get()!;
  const block = index.prepare(
    "SELECT id, last, earliest, latest FROM block WHERE last <= ? ORDER BY id DESC LIMIT 1",
  ).get(last);
  if (!block) return undefined;
  const further = index.prepare("SELECT 1 FROM block WHERE last > ? LIMIT 1").get(last);
  const times = log.prepare(
    "SELECT min(at) AS earliest, max(at) AS latest FROM run WHERE id BETWEEN ? AND ?",
  ).get(block.id, block.last)!;
  const isSame = times.earliest === block.earliest && times.latest === block.latest;
  return further && isSame ? last as number : undefined;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
