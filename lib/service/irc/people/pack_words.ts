/**
 * Puts words into as few lines as they fit, for answers that list nicknames or channels.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Bytes that the words of one line may have, beside the longest beginning that a line can have. */
export const MAX_LIST_BYTES = 350;

const IS_ASCII = /^[ -~]*$/;

/**
 * Joins words with `separator` into texts of at most `maxBytes` bytes of UTF-8. A longer word is
 * alone in its text.
 */
export function* packWords(
  words: Iterable<string>,
  separator = " ",
  maxBytes = MAX_LIST_BYTES,
): Generator<string, void> {
  let text = "";
  let bytes = 0;
  for (const word of words) {
    // Most words are of ASCII, whose bytes need not be counted.
    const wordBytes = IS_ASCII.test(word) ? word.length : Buffer.byteLength(word);
    if (text !== "" && bytes + separator.length + wordBytes > maxBytes) {
      yield text;
      text = "";
    }
    bytes = text === "" ? wordBytes : bytes + separator.length + wordBytes;
    text = text === "" ? word : text + separator + word;
  }
  if (text !== "") yield text;
}
