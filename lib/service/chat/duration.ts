/**
 * Spans of time as people type and read them: `10m`, `2h`, `7d`.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
/** Longer is for good. */
const LONGEST_DAYS = 3650;

/**
 * Milliseconds of a span; `undefined` if the word is none.
 *
 * @throws {DomainError} if it is too long or too short.
 */
export function parseSpan(word: string): number | undefined {
  const [, number, unit] = /^(-?\d+)([smhdw])$/i.exec(word) ?? [];
  if (number === undefined) return undefined;
  const ms = Number(number) * UNITS[unit.toLowerCase()];
  if (ms > 0 && ms <= LONGEST_DAYS * UNITS.d) return ms;
  throw new DomainError(
    "not-permitted",
    `A time is from 1s to ${LONGEST_DAYS}d. Without one, it is permanent.`,
  );
}

const NUMBER = String.raw`\d+(?:[.,]\d+)?`;
const SHORT_UNIT = "(?:s|secs?|m|mins?|h|hrs?|d|w|wks?|y|yrs?)";
const UNIT = `(?:${SHORT_UNIT}|mo|(?:second|minute|hour|day|week|month|year)s?)`;
/** `1.5h`, `90min`, `1h30m`, `1.5`. */
const NEARLY_SPAN = new RegExp(
  `^[-+]?(?:(?:${NUMBER}${UNIT})+(?:${NUMBER})?|\\d+[.,]\\d+)$`,
  "i",
);
/** `5 m spam`, or `5 minutes` and nothing else; `5 days of spam` is a reason. */
const NEARLY_SPANS = new RegExp(
  String.raw`^[-+]?${NUMBER}\s+(?:${SHORT_UNIT}(?!\S)|${UNIT}\s*$)`,
  "i",
);

/**
 * Checks that a reason does not begin with what was meant as a time, and would be permanent.
 *
 * @throws {DomainError} if it does.
 */
export function checkNoSpan(reason: string): void {
  const [word] = reason.trimStart().split(/\s/, 1);
  const [nearly] = NEARLY_SPAN.exec(word) ?? NEARLY_SPANS.exec(reason.trim()) ?? [];
  if (nearly === undefined) return;
  throw new DomainError(
    "not-permitted",
    `"${nearly.trim()}" is not a time. Use a whole number with s, m, h, d or w, such as 90m. ` +
      "If it belongs to the reason, begin the reason with another word.",
  );
}

/** A span in its largest whole unit up to days: `5m`, `2h`, `12d`. */
export function formatSpan(ms: number): string {
  const unit = ["d", "h", "m"].find((unit) => ms >= UNITS[unit]) ?? "s";
  return `${Math.floor(ms / UNITS[unit])}${unit}`;
}
