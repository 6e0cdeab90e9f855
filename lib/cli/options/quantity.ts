/**
 * Parses durations and sizes as people write them: `30d`, `500MB`.
 *
 * @module
 */

import { cannotParse, type Origin } from "./usage_error.ts";

/** Milliseconds of each unit. */
const DURATIONS = new Map([
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
  ["w", 604_800_000],
]);
/** Bytes of each unit, in lower case: `MB` is a million, `MiB` 1024 times 1024. */
const SIZES = new Map([
  ["kb", 1e3],
  ["mb", 1e6],
  ["gb", 1e9],
  ["tb", 1e12],
  ["kib", 1024],
  ["mib", 1024 ** 2],
  ["gib", 1024 ** 3],
  ["tib", 1024 ** 4],
]);

/** The range of a value. */
export interface QuantityRange {
  /** The minimum, as people write it. */
  readonly least: string;
  /** The maximum, as people write it. */
  readonly most: string;
}

/**
 * Parses a duration into milliseconds.
 *
 * @throws {UsageError} if it is invalid or out of range.
 */
export function parseDuration(text: string, origin: Origin, range: QuantityRange): number {
  return parseQuantity(text, origin, DURATIONS, range, "with a unit (s, m, h, d or w)", "30d");
}

/**
 * Parses a size into bytes.
 *
 * @throws {UsageError} if it is invalid or out of range.
 */
export function parseSize(text: string, origin: Origin, range: QuantityRange): number {
  return parseQuantity(
    text,
    origin,
    SIZES,
    range,
    "with a unit (kB, MB, GB or TB)",
    "500MB",
  );
}

function parseQuantity(
  text: string,
  origin: Origin,
  units: ReadonlyMap<string, number>,
  { least, most }: QuantityRange,
  advice: string,
  example: string,
): number {
  const refuse = (advice: string) => cannotParse(origin, JSON.stringify(text), advice);
  const isWithin = (value: number) =>
    value >= quantityOf(least, units)! && value <= quantityOf(most, units)!;
  const value = quantityOf(text, units);
  if (value === undefined) {
    const possible = isWithin(quantityOf(example, units)!) ? example : most;
    throw refuse(`use a whole number ${advice}, such as "${possible}"`);
  }
  if (!isWithin(value)) {
    throw refuse(`use a value from ${least} to ${most}`);
  }
  return value;
}

function quantityOf(text: string, units: ReadonlyMap<string, number>): number | undefined {
  const [, digits, unit] = /^\s*(\d{1,15})\s*([a-z]+)\s*$/i.exec(text) ?? [];
  const size = unit === undefined ? undefined : units.get(unit.toLowerCase());
  return size === undefined ? undefined : Number(digits) * size;
}
