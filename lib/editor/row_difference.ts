/**
 * Where two layouts of a line begin to differ.
 *
 * @module
 */

import { graphemeBoundary } from "../codec/grapheme.ts";
import type { ScreenRow } from "./layout.ts";

/** The first row to be printed anew; `undefined` where all are the same. */
export function firstDifference(
  shown: readonly ScreenRow[],
  next: readonly ScreenRow[],
): number | undefined {
  for (let row = 0; row < next.length; row++) {
    const other = shown[row];
    if (other?.text === next[row].text && other.goesOn === next[row].goesOn) continue;
    return Math.min(row, shown.length - 1);
  }
  return shown.length === next.length ? undefined : next.length - 1;
}

/** How many characters of ASCII both begin with: as many columns, whatever follows them. */
export function commonAscii(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length] && a[length] <= "~") length++;
  // What follows may be a mark that belongs to the last one.
  const isWhole = (text: string) => graphemeBoundary(text, length) === length;
  return isWhole(a) && isWhole(b) ? length : Math.max(0, length - 1);
}
