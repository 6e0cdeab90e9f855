/**
 * Writing diagnostics to the journal of systemd, which takes the severity of a line from a prefix
 * such as `<4>` (sd-daemon(3)), and knows the time by itself.
 *
 * @module
 */

import { fstatSync } from "node:fs";

const STANDARD_ERROR = 2;

/** The severities of syslog for the levels of a record. */
const PRIORITIES: Readonly<Record<string, number>> = {
  trace: 7,
  debug: 7,
  info: 6,
  warning: 4,
  error: 3,
  fatal: 2,
};

/**
 * Whether standard error goes to the journal.
 *
 * @param stream The value of `JOURNAL_STREAM`: device and inode of what it was at the start.
 */
export function isJournal(stream: string | undefined): boolean {
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(STANDARD_ERROR);
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}

/** A record for the journal: each of its lines has the severity, because each is an entry there. */
export function journalText(level: string, text: string): string {
  const prefix = `<${PRIORITIES[level] ?? 6}>`;
  return text.split("\n").map((line) => prefix + line).join("\n");
}
