/**
 * The length of a text as limits count it.
 *
 * @module
 */

/** How many characters (code points) a text has. Its `length` counts an emoji as two or more. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
