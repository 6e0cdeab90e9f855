/**
 * Ends of texts.
 *
 * @module
 */

/**
 * The text without the characters of `unwanted` at its end. A regular expression such as `/\r+$/`
 * would start again at each of thousands of carriage returns, and take seconds.
 */
export function withoutTrailing(text: string, unwanted: string): string {
  let end = text.length;
  while (end > 0 && unwanted.includes(text[end - 1])) end--;
  return text.slice(0, end);
}
