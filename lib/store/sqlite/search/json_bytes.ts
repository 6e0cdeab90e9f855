/**
 * Bytes of JSON in UTF-8, as one sees them who looks for words.
 *
 * @module
 */

/** What a byte is in JSON: no part of a word below `LETTER`, else what it is folded to. */
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
export const SMALL_U = 0x75;
const COLON = 0x3a;
const SLASH = 0x2f;
/** One more than the last digit: less that, only digits are negative. */
export const ABOVE_DIGITS = 0x3a;

const decoder = new TextDecoder();

/** Whether the folded word at `at` is the one from `start` to `end`. */
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

/** Whether the word from `start` to `end` stands before `://` in a link. */
export function isBeforeLink(json: Uint8Array, start: number, end: number): boolean {
  if (json[end] !== COLON || json[end + 1] !== SLASH || json[end + 2] !== SLASH) return false;
  const word = decoder.decode(json.subarray(Math.max(start, end - 5), end)).toLowerCase();
  return word.endsWith("http") || word.endsWith("https");
}
