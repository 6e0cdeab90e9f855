/**
 * What a check of the files has to say.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";

export interface Finding {
  /** Whether something is not as it should be. */
  readonly isDamage: boolean;
  /** A line for the person who asked. */
  readonly text: string;
}

/** Lines of complaint about one thing, at most; the rest is counted. */
const MOST_ALIKE = 10;

export function note(text: string): Finding {
  return { isDamage: false, text };
}

export function damage(text: string): Finding {
  return { isDamage: true, text };
}

/** What SQLite itself finds wrong with a file: its pages, its indexes, its constraints. */
export function* checkFile(database: DatabaseSync, name: string): Generator<Finding> {
  const rows = database.prepare(`PRAGMA integrity_check(${MOST_ALIKE})`).all();
  // What is wrong with pages comes in one row, below a heading.
  const lines = rows.flatMap(({ integrity_check: text }) => String(text).split("\n"));
  for (const line of lines) {
    if (line !== "ok" && !line.startsWith("*** ")) yield damage(`${name}: ${line}`);
  }
}

/** The first few of what may be many, and how many more there are. */
export function* firstFew(findings: Iterable<Finding>, what: string): Generator<Finding> {
  let more = 0;
  let count = 0;
  for (const finding of findings) {
    if (!finding.isDamage || count++ < MOST_ALIKE) yield finding;
    else more++;
  }
  if (more > 0) yield damage(`... and ${more.toLocaleString("en")} more ${what}`);
}
