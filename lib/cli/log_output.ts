/**
 * Writing the program's own diagnostics. Every record names the connection on whose behalf it was
 * made, and contains no control character.
 *
 * @module
 */

import { configureSync, getJsonLinesFormatter, type LogRecord } from "@logtape/logtape";
import { terminalJson, terminalText } from "../codec/terminal_text.ts";
import { type Clock, systemClock } from "../clock.ts";
import { currentConnection } from "../context.ts";
import { RepeatLimit } from "./repeat_limit.ts";
import { journalFields, journalText } from "./systemd/journal.ts";
import type { JournalSocket } from "./systemd/journal_socket.ts";

/** How much is logged, from most to least. */
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;
export type LogLevel = typeof LOG_LEVELS[number];

export interface LogOptions {
  readonly format: "text" | "json";
  readonly level: LogLevel;
  /** Takes a record as text without a line end; it may have several lines. */
  readonly write: (line: string) => void;
  /** Whether it is written to the journal of systemd, which adds the time. @default {false} */
  readonly isJournal?: boolean;
  /** Takes records as fields; those it does not take go to `write`. @default {none} */
  readonly journal?: JournalSocket;
  /** Tells which records are many within a minute. @default {systemClock} */
  readonly clock?: Clock;
}

const toJsonLine = getJsonLinesFormatter();

/** Starts logging. Until it is called, nothing is logged. */
export function configureLog(
  { format, level, write, isJournal, journal, clock = systemClock }: LogOptions,
): void {
  const formatter = format === "json" ? formatJson : isJournal ? formatUndated : formatText;
  const output = (record: LogRecord, text: string) => {
    if (!isJournal) return write(text);
    const writeLines = () => write(journalText(record.level, text));
    if (journal) journal.send(journalFields(record, text), writeLines);
    else writeLines();
  };
  const limit = new RepeatLimit(clock, (record) => output(record, formatter(record)));
  configureSync({
    reset: true,
    sinks: { output: (record) => limit.take(withConnection(record)) },
    loggers: [
      { category: "partyline", sinks: ["output"], lowestLevel: level },
      { category: ["logtape", "meta"], sinks: ["output"], lowestLevel: "error" },
    ],
  });
}

/** Adds the connection, and turns errors into text, which may contain bytes from a peer. */
function withConnection(record: LogRecord): LogRecord {
  const { error, ...properties } = record.properties;
  const { ended: _ended, identity: _identity, ...connection } = currentConnection() ?? {};
  return {
    ...record,
    message: record.message.map((part) => part instanceof Error ? part.message : part),
    properties: {
      ...connection,
      ...properties,
      // Only errors are worth their stack; everything else was to be expected.
      ...(record.level === "error" && error instanceof Error ? { stack: error.stack } : {}),
    },
  };
}

/** The message is there already. */
function formatJson(record: LogRecord): string {
  const { message: _shown, ...properties } = record.properties;
  return terminalJson(toJsonLine({ ...record, properties }).trimEnd());
}

/** `2026-11-21T06:30:00.123Z info server: Connected connection=1 transport=telnet ...` */
function formatText(record: LogRecord): string {
  return `${new Date(record.timestamp).toISOString()} ${formatUndated(record)}`;
}

function formatUndated({ level, category, message, properties }: LogRecord): string {
  const { stack, message: _shown, ...rest } = properties;
  const text = message.map(String).join("");
  const fields = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${value}`)
    .join("");
  // Indented, so that no line of it can pass for a record.
  const trace = stack
    ? String(stack).split("\n").map((line) => `\n    ${terminalText(line)}`).join("")
    : "";
  const part = category.slice(1).join(".");
  const line = `${level} ${part}: ${text}${fields}`;
  return `${terminalText(line)}${trace}`;
}
