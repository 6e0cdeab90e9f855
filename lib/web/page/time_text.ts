/**
 * Formats times and numbers in the user's time zone and language.
 *
 * @module
 */

/** Creating a format is slow, so do it only when it is first used. */
function lazily<Format>(make: () => Format): () => Format {
  let format: Format | undefined;
  return () => format ??= make();
}

const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const LONG_DAY = { weekday: "long", day: "numeric", month: "long" } as const;

const clock = lazily(() => new Intl.DateTimeFormat(undefined, TIME));
const seconds = lazily(() => new Intl.DateTimeFormat(undefined, { ...TIME, second: "2-digit" }));
const day = lazily(() => new Intl.DateTimeFormat(undefined, LONG_DAY));
const dayAndYear = lazily(() =>
  new Intl.DateTimeFormat(undefined, { ...LONG_DAY, year: "numeric" })
);
const full = lazily(() =>
  new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" })
);
const short = lazily(() =>
  new Intl.DateTimeFormat(undefined, { ...TIME, day: "numeric", month: "short" })
);
const number = lazily(() => new Intl.NumberFormat());

/** `06:30` */
export function clockText(at: string): string {
  return clock().format(new Date(at));
}

/** `06:30:05` */
export function secondsText(at: string): string {
  return seconds().format(new Date(at));
}

/** The day in the user's time zone: `2026-11-21`, as date fields have it. */
export function dayKey(at: string | number): string {
  const date = new Date(at);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, "0")).join("-");
}

/** `Today`, `Yesterday` or `Saturday 21 November`; with the year if it is not `now`'s. */
export function calendarDayText(at: string, now: number): string {
  const date = new Date(at);
  const today = new Date(now);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return "Today";
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  return (date.getFullYear() === today.getFullYear() ? day() : dayAndYear()).format(date);
}

/** The full date and time, for tooltips. */
export function fullTimeText(at: string): string {
  return full().format(new Date(at));
}

/** `21 Nov, 06:30` */
export function shortTimeText(at: string): string {
  return short().format(new Date(at));
}

/** `21 Nov, 06:30 – 06:45` */
export function timeRangeText(since: string, until: string): string {
  return short().formatRange(new Date(since), new Date(until));
}

/** `1,204` */
export function numberText(count: number): string {
  return number().format(count);
}

/** `1 line`, `1,204 lines` */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${numberText(count)} ${count === 1 ? singular : plural}`;
}
