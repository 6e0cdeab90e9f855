/**
 * Parses times as people write them in queries and options.
 *
 * @module
 */

/** The accepted forms, for error messages. */
export const TIME_FORMS = "a day (2026-11-21), a day and time (2026-11-21T06:30), " +
  "a time today (06:30), a time ago (2h, 30m, 7d), today or yesterday";

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const WHILE = /^(?:\d{1,6}[smhdw])+$/;
const CLOCK = /^(\d\d?):(\d\d)(?::(\d\d))?$/;
const DATE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/;

/**
 * Parses a time; returns milliseconds since 1970, or `undefined` if `text` is not a time.
 *
 * `2h`, `30m` and `1d12h` are that long ago. `today`, `yesterday` and a date mean the start of the
 * day; a month or a year means its first day. Without `Z` or an offset, times are in the machine's
 * time zone.
 *
 * @param now Milliseconds since 1970.
 */
export function parseTime(text: string, now: number): number | undefined {
  const word = text.trim().toLowerCase();
  if (word === "now") return now;
  if (word === "today") return dayOf(now, 0);
  if (word === "yesterday") return dayOf(now, -1);
  if (WHILE.test(word)) return now - durationOf(word);
  return parseClock(word, now) ?? parseDate(word.toUpperCase());
}

function dayOf(now: number, days: number): number {
  const date = new Date(now);
  // Not a number of hours: a day on which clocks change has 23 or 25.
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

function durationOf(text: string): number {
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhdw])/g)) {
    sum += Number(count) * UNITS[unit];
  }
  return sum;
}

function parseClock(text: string, now: number): number | undefined {
  const match = CLOCK.exec(text);
  if (!match) return undefined;
  const [hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate(), hour, minute, second)
    .getTime();
}

function parseDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1, 7)
    .map((part) => part === undefined ? undefined : Number(part)) as [number];
  const [, , , , , , , fraction = "", zone] = match;
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const utc = new Date(Date.UTC(year, month - 1, day, hour, minute, second, ms));
  // Date takes 30 February for 2 March, and years below 100 for 19xx.
  const isReal = utc.getUTCFullYear() === year && utc.getUTCMonth() === month - 1 &&
    utc.getUTCDate() === day;
  if (!isReal) return undefined;
  if (zone === undefined) return new Date(year, month - 1, day, hour, minute, second, ms).getTime();
  return utc.getTime() - offsetOf(zone);
}

function offsetOf(zone: string): number {
  if (zone === "Z") return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone)!;
  return (sign === "-" ? -1 : 1) * (Number(hours) * UNITS.h + Number(minutes) * UNITS.m);
}
