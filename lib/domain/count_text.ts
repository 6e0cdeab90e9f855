/**
 * Counts in words.
 *
 * @module
 */

/** `1 line`, `1,204 lines`, for things whose plural has an s. */
export function countText(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}
