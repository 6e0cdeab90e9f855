/**
 * The findings of a check of the files.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { groupDigits } from "../../../domain/wording.ts";

export interface Finding {
  /** Whether this is a fault, not just a fact. */
  readonly isDamage: boolean;
  /** A line to print. */
  readonly text: string;
}

/** The most lines about one kind of damage; the rest is counted. */
const MOST_ALIKE = 10;

/** A fact, in a line to print. */
export function note(text: string): Finding {
  return { isDamage: false, text };
}

/** A fault. */
export function damage(text: string): Finding {
  return { isDamage: true, text };
}

/** Damage that SQLite itself finds in a file: in pages, indexes and constraints. */
export function* checkFile(database: DatabaseSync, name: string): Generator<Finding> {
  const rows = database.prepare(`PRAGMA integrity_check(${MOST_ALIKE})`).all();
  // All faults of pages come in one row, below a heading.
  const lines = rows.flatMap(({ integrity_check: text }) => String(text).split("\n"));
  for (const line of lines) {
    if (line !== "ok" && !line.startsWith("*** ")) yield damage(`${name}: ${line}`);
  }
}

/** The first few of many findings, and how many more there are. */
export function* firstFew(findings: Iterable<Finding>): Generator<Finding> {
  let more = 0;
  let count = 0;
  for (const finding of findings) {
    if (!finding.isDamage || count++ < MOST_ALIKE) yield finding;
    else more++;
  }
  if (more > 0) yield damage(`... and ${groupDigits(more)} more like these`);
}
