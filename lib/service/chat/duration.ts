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

/** A span in its largest whole unit up to days: `5m`, `2h`, `12d`. */
export function formatSpan(ms: number): string {
  const unit = ["d", "h", "m"].find((unit) => ms >= UNITS[unit]) ?? "s";
  return `${Math.floor(ms / UNITS[unit])}${unit}`;
}
