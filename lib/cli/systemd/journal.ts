/**
 * Writes diagnostics to systemd's journal, which adds the time itself: as fields, or as lines that
 * begin with their severity, such as `<4>` (sd-daemon(3)).
 *
 * @module
 */

import type { LogRecord } from "@logtape/logtape";
import { fstatSync } from "node:fs";
import { terminalText } from "../../codec/terminal_text.ts";
import type { JournalFields } from "./journal_socket.ts";

const STANDARD_ERROR = 2;
/** Already in the text. */
const NOT_FIELDS: ReadonlySet<string> = new Set(["message", "stack"]);
/** The journal ignores fields with longer names. */
const LONGEST_NAME = 64;

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

/**
 * Converts a record to a journal entry: its text, its severity, and its properties as
 * `PARTYLINE_ROOM`, `PARTYLINE_REMOTE` and the like.
 *
 * @param text The record as the log shows it.
 */
export function journalFields(
  { level, category, properties }: LogRecord,
  text: string,
): JournalFields {
  const fields: Record<string, string> = {
    MESSAGE: text,
    PRIORITY: String(priorityOf(level)),
    SYSLOG_IDENTIFIER: "partyline",
    PARTYLINE_PART: category.slice(1).join("."),
  };
  for (const [name, value] of Object.entries(properties)) {
    if (NOT_FIELDS.has(name) || value === undefined) continue;
    const field = name.replace(/[A-Z]/g, "_$&").toUpperCase().replace(/[^A-Z0-9]/g, "_");
    fields[`PARTYLINE_${field}`.slice(0, LONGEST_NAME)] = terminalText(String(value));
  }
  return fields;
}

function priorityOf(level: string): number {
  return PRIORITIES[level] ?? 6;
}

/** A record for the journal: each of its lines has the severity, because each is an entry there. */
export function journalText(level: string, text: string): string {
  const prefix = `<${priorityOf(level)}>`;
  return text.split("\n").map((line) => prefix + line).join("\n");
}
