/**
 * Finds where two layouts of a line start to differ.
 *
 * @module
 */

import { graphemeBoundary } from "../codec/grapheme.ts";
import type { ScreenRow } from "./layout.ts";

/** Index of the first row to redraw; `undefined` if all rows are the same. */
export function firstDifference(
  shown: readonly ScreenRow[],
  next: readonly ScreenRow[],
): number | undefined {
  for (let row = 0; row < next.length; row++) {
    const other = shown[row];
    if (other?.text === next[row].text && other.wraps === next[row].wraps) continue;
    return Math.min(row, shown.length - 1);
  }
  return shown.length === next.length ? undefined : next.length - 1;
}

/** Length of the common ASCII prefix, whose width in columns is the same on every terminal. */
export function commonAscii(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length] && a[length] <= "~") length++;
  // The next character may be a combining mark that belongs to the last one.
  const isWhole = (text: string) => graphemeBoundary(text, length) === length;
  return isWhole(a) && isWhole(b) ? length : Math.max(0, length - 1);
}
