/**
 * How grave a log line is: one set of names, whatever its sender calls them.
 *
 * @module
 */

/** From gravest to least; the index is the severity of RFC 5424 section 6.2.1. */
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

/** What else the levels are called, in lower case: by syslog, journald, Java, Python, Go and others. */
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

/** The numbers of pino and bunyan, in tens. */
const TENS: readonly Level[] = ["debug", "debug", "info", "warning", "err", "crit"];

/**
 * The level that a log record calls `value`: a name in any case, a severity of syslog (0 to 7), or
 * a number of pino and bunyan (10 to 60). `undefined` for what is none of these.
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
