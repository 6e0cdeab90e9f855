/**
 * Checks the search index a page at a time, as a running server does: that every run of the log is
 * in a block, and every block has words. `verify_index.ts` also compares the words, which takes as
 * long as indexing.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { PageCheck } from "./page_check.ts";

/** Blocks in a page. */
const PAGE_BLOCKS = 128;

interface BlockSpan {
  /** Of its first and last run. */
  readonly id: number;
  readonly last: number;
  /** Of the run before it, 0 for none. */
  readonly before: number;
  /** Whether it has words. */
  readonly hasWords: number;
}

/**
 * Checks the blocks with an id above `after`.
 *
 * @param log Any connection to the log.
 * @param index From `openIndexToRead`.
 */
export function checkIndexPage(log: DatabaseSync, index: DatabaseSync, after: number): PageCheck {
  // Before the log is read: events are in the log before they are indexed.
  const blocks = index.prepare(
    `SELECT id, last, EXISTS (SELECT 1 FROM word_docsize WHERE id = block.id) AS hasWords,
      coalesce((SELECT last FROM block AS other WHERE other.id < block.id
        ORDER BY other.id DESC LIMIT 1), 0) AS before
      FROM block WHERE id > ? ORDER BY id LIMIT ?`,
  ).all(after, PAGE_BLOCKS) as unknown as BlockSpan[];
  const between = log.prepare("SELECT min(id) AS id FROM run WHERE id > ? AND id < ?");
  const faults: string[] = [];
  for (const { id, last, before, hasWords } of blocks) {
    const missing = between.get(before, id)!.id;
    if (missing !== null) faults.push(`event ${missing} and more are not indexed`);
    if (!hasWords) faults.push(`events ${id} to ${last} cannot be found`);
  }
  return { through: blocks.at(-1)?.id ?? after, isLast: blocks.length < PAGE_BLOCKS, faults };
}
