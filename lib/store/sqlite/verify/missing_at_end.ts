/**
 * Finds events that are missing at the end of the log, at each start of the server.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { openIndexToRead } from "../search/index_file.ts";
import { isOfAnotherLog, readProgress } from "../search/index_progress.ts";

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
