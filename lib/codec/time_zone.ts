/**
 * Clocks of other time zones, for senders that write a time without its zone.
 *
 * @module
 */

import type { ToEpoch } from "./syslog_time.ts";

/** Whether `zone` names a time zone: `Europe/Berlin`, `UTC`, `+02:00`. */
export function isTimeZone(zone: string): boolean {
  try {
    createFormat(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * The clock of a zone, with summer time. A time that the clock shows twice a year may mean either.
 *
 * @param zone For which {@linkcode isTimeZone} holds.
 */
export function clockOfZone(zone: string): ToEpoch {
  const format = createFormat(zone);
  const offsetAt = (at: number) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const [year, month, day] = [parts.get("year")!, parts.get("month")! - 1, parts.get("day")!];
    const clock = ["hour", "minute", "second"].map((type) => parts.get(type as "hour")!);
    return Date.UTC(year, month, day, ...clock) - at;
  };
  return (...shown) => {
    const asUtc = Date.UTC(...shown);
    // The second lookup corrects the first one if the clocks changed between the two moments.
    return asUtc - offsetAt(asUtc - offsetAt(asUtc));
  };
}

function createFormat(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en", {
    // In the query of a URL a plus sign becomes a space.
    timeZone: zone.replace(/^ (?=\d)/, "+"),
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
}
