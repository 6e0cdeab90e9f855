/**
 * Severity levels of log lines: one set of names, whatever the sender calls them.
 *
 * @module
 */

/** From most to least severe; the index is the severity of RFC 5424 section 6.2.1. */
export const LEVELS = [
  "emerg",
  "alert",
  "crit",
  "err",
  "warning",
  "notice",
  "info",
  "debug",
] as const;
export type Level = typeof LEVELS[number];

/** Other names of levels, in lower case: of syslog, journald, Java, Python, Go and others. */
const SYNONYMS: ReadonlyMap<string, Level> = new Map<string, Level>([
  ...LEVELS.map((level): [string, Level] => [level, level]),
  ["emergency", "emerg"],
  ["panic", "emerg"],
  ["critical", "crit"],
  ["fatal", "crit"],
  ["dpanic", "crit"],
  ["error", "err"],
  ["severe", "err"],
  ["failure", "err"],
  ["warn", "warning"],
  ["informational", "info"],
  ["information", "info"],
  ["dbg", "debug"],
  ["trace", "debug"],
  ["verbose", "debug"],
  ["silly", "debug"],
]);

/** The levels of pino and bunyan, 10 to 60 in steps of 10. */
const TENS: readonly Level[] = ["debug", "debug", "info", "warning", "err", "crit"];

/**
 * The level for a log record's `value`: a name in any case, a syslog severity (0 to 7), or a
 * level number of pino or bunyan (10 to 60). `undefined` for anything else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { levelOf } from "./level.ts";
 *
 * assertEquals(levelOf("ERROR"), "err");
 * assertEquals(levelOf(3), "err");
 * assertEquals(levelOf(50), "err");
 * assertEquals(levelOf("loud"), undefined);
 * ```
 */
export function levelOf(value: unknown): Level | undefined {
  if (typeof value === "string") {
    const name = value.trim();
    return SYNONYMS.get(name.toLowerCase()) ??
      (/^\d{1,2}$/.test(name) ? levelOf(Number(name)) : undefined);
  }
  if (typeof value !== "number") return undefined;
  return value % 10 === 0 && value >= 10 ? TENS[value / 10 - 1] : LEVELS[value];
}
