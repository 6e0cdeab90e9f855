/**
 * Byte classes for splitting JSON into words.
 *
 * @module
 */

/**
 * The class of each byte. Below `LETTER` it ends a word; otherwise it is the byte that the word has
 * in the index, in lower case.
 */
export const SEPARATOR = 0;
export const BACKSLASH = 1;
export const LETTER = 2;
export const NOT_ASCII = 0x80;
export const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return NOT_ASCII;
  if (byte === 0x5c) return BACKSLASH;
  const character = String.fromCharCode(byte).toLowerCase();
  return /[a-z0-9]/.test(character) ? character.charCodeAt(0) : SEPARATOR;
});
export const SMALL_A = 0x61;
export const SMALL_R = 0x72;
export const SMALL_U = 0x75;
const COLON = 0x3a;
const SLASH = 0x2f;
/** One more than the last digit: subtract it, and only digits are negative. */
export const ABOVE_DIGITS = 0x3a;

const decoder = new TextDecoder();

/** Whether the lower-case word at `words[at]` equals the one from `start` to `end` in `json`. */
export function isWord(
  words: Uint8Array,
  at: number,
  json: Uint8Array,
  start: number,
  end: number,
) {
  let from = start;
  while (from < end && words[at] === CLASSES[json[from]]) {
    at++;
    from++;
  }
  return from === end;
}

/** Whether the word from `start` to `end` is the scheme of a link. */
export function isBeforeLink(json: Uint8Array, start: number, end: number): boolean {
  if (json[end] !== COLON || json[end + 1] !== SLASH || json[end + 2] !== SLASH) return false;
  const word = decoder.decode(json.subarray(Math.max(start, end - 5), end)).toLowerCase();
  return word.endsWith("http") || word.endsWith("https");
}
