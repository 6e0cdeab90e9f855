/**
 * The program's own diagnostics, by LogTape: every record carries the context of the connection
 * on whose behalf it was made.
 *
 * @module
 */

import {
  configureSync,
  getJsonLinesFormatter,
  getLogger,
  type Logger,
  type LogRecord,
} from "@logtape/logtape";
import { terminalText } from "./codec/terminal_text.ts";
import { currentConnection } from "./context.ts";

/** How much is logged, from most to least. */
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;
export type LogLevel = typeof LOG_LEVELS[number];

export interface LogOptions {
  readonly format: "text" | "json";
  readonly level: LogLevel;
  /** Takes a record as text without a line end; it may have several lines. */
  readonly write: (line: string) => void;
}

/** The logger of a part of the program, e.g. `log("server")`. */
export function log(part: string): Logger {
  return getLogger(["partyline", part]);
}

/** Starts logging. Until it is called, nothing is logged. */
export function configureLog({ format, level, write }: LogOptions): void {
  const formatter = format === "json" ? getJsonLinesFormatter() : formatText;
  configureSync({
    reset: true,
    sinks: { output: (record) => write(formatter(withConnection(record)).trimEnd()) },
    loggers: [
      { category: "partyline", sinks: ["output"], lowestLevel: level },
      { category: ["logtape", "meta"], sinks: ["output"], lowestLevel: "error" },
    ],
  });
}

function withConnection(record: LogRecord): LogRecord {
  return { ...record, properties: { ...currentConnection(), ...record.properties } };
}

/** `2026-11-21T06:30:00.123Z info server: Connected connection=1 transport=telnet ...` */
function formatText({ timestamp, level, category, message, properties }: LogRecord): string {
  const { error, message: _shown, ...rest } = properties;
  const text = message.map((part) => part instanceof Error ? part.message : String(part)).join("");
  const fields = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${value}`)
    .join("");
  const trace = level === "error" && error instanceof Error ? `\n${error.stack}` : "";
  const part = category.slice(1).join(".");
  const line = `${new Date(timestamp).toISOString()} ${level} ${part}: ${text}${fields}`;
  return `${terminalText(line)}${trace}`;
}
