/**
 * Finds what is missing at the end of the log, which nothing in the log can tell. The search index
 * can, where it goes further.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { openIndexToRead } from "../search/index_file.ts";
import { isOfAnotherLog, readProgress } from "../search/index_progress.ts";
import { damage, type Finding } from "./finding.ts";

/**
 * @param log As `openLogToRead` gives it.
 * @param path Of the index, which may be missing, or damaged: then nothing is found.
 */
export function* verifyEnd(log: DatabaseSync, path: string): Generator<Finding> {
  let last: number | undefined;
  try {
    using index = openIndexToRead(path);
    // The index first: what a server indexes meanwhile is in the log before.
    const progress = index && readProgress(index);
    if (index && progress && isOfAnotherLog(log, progress)) last = lastInBoth(log, index);
  } catch {
    // Whoever checks the index tells.
  }
  if (last === undefined) return;
  yield damage(
    `log: event ${last + 1} and more are missing, which the search index has, unless this log ` +
      "was put back from a copy",
  );
}

/** The last event of the log, or `undefined` where the index is not of this log, or not longer. */
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
