/**
 * Sizes in words, as people read them.
 *
 * @module
 */

import { countText, groupDigits } from "../wording.ts";

const UNITS = ["kB", "MB", "GB", "TB"];

/** A measured size, in two or three digits: `700 bytes`, `1.2 MB`, `267 kB`. */
export function sizeText(bytes: number): string {
  if (bytes < 999.5) return countText(Math.round(bytes), "byte");
  let unit = -1;
  for (; bytes >= 999.5 && unit < UNITS.length - 1; unit++) bytes /= 1000;
  return `${bytes < 9.95 ? bytes.toFixed(1) : Math.round(bytes)} ${UNITS[unit]}`;
}

/** A size that somebody has chosen, exactly, in the unit of fewest digits: `500 MB`, `1 GiB`. */
export function exactSizeText(bytes: number): string {
  const units: [string, number][] = [["bytes", 1]];
  for (let power = 1; power <= UNITS.length; power++) {
    const letter = UNITS[power - 1][0];
    units.push([`${letter}B`, 1000 ** power], [`${letter.toUpperCase()}iB`, 1024 ** power]);
  }
  const [unit, size] = units.filter(([, size]) => bytes % size === 0)
    .reduce((best, unit) => unit[1] > best[1] ? unit : best);
  return `${groupDigits(bytes / size)} ${unit}`;
}
