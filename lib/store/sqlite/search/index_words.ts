/**
 * How words are spelt in the index, for writing and for looking up.
 *
 * Beside the words of texts the index has marks, which filters look for: the senders, rooms, kinds
 * and levels in a block. A mark begins with a character that no word of a text can contain.
 *
 * @module
 */

import { type Level, LEVELS } from "../../../level.ts";
import { isAscii } from "../../../domain/search/words.ts";

/** Longer ASCII words are cut to this many bytes. */
export const MAX_WORD_BYTES = 64;
/** Longer words of other characters are cut to this many UTF-16 code units. */
const MAX_WORD_UNITS = 32;

// Private use characters of Unicode, which `wordsOf` never returns.
const SENDER = "\ue000";
const ROOM = "\ue001";
const KIND = "\ue002";
const LEVEL = "\ue003";
const PREFIX = "\ue004";
/** The mark of a block with a link in it. */
export const LINK_MARK = "\ue005";
/** Added to ASCII characters at which the tokenizer of FTS5 would split a mark. */
const SEPARATOR_BASE = 0xe100;

/** The word as the index spells it. */
export function indexedWord(word: string): string {
  if (isAscii(word)) return word.slice(0, MAX_WORD_BYTES);
  if (word.length <= MAX_WORD_UNITS) return word;
  const code = word.charCodeAt(MAX_WORD_UNITS);
  const isHalf = code >= 0xdc00 && code <= 0xdfff;
  return word.slice(0, isHalf ? MAX_WORD_UNITS - 1 : MAX_WORD_UNITS);
}

/** Whether a word is ASCII with a digit in it: ids, times, counts, most of which never recur. */
export function isNumberLike(word: string): boolean {
  return /[0-9]/.test(word) && isAscii(word);
}

/** The 32-bit hash of a number-like word; see `token_table.ts`. */
export function hashOfNumber(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash, 31) + word.charCodeAt(at) | 0;
  return mix(hash) >>> 0;
}

/** Mixes the bits of a hash, so that similar words end up far apart. */
export function mix(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}

/** The mark of a sender. @param key As `nameKey` returns it, or a prefix of that. */
export function senderMark(key: string): string {
  return SENDER + unbroken(key);
}

/** The mark of a room, given its number in the log. */
export function roomMark(room: number): string {
  return ROOM + room;
}

/** The mark of a kind of event, given its number. */
export function kindMark(kind: number): string {
  return KIND + kind;
}

/** The mark of a log level. */
export function levelMark(level: Level): string {
  return LEVEL + LEVELS.indexOf(level);
}

/** The mark of number-like words that have these letters before the first digit. */
export function prefixMark(letters: string): string {
  return PREFIX + letters;
}

/** The text as one word for the tokenizer. */
function unbroken(text: string): string {
  return text.slice(0, MAX_WORD_UNITS).replace(
    // deno-lint-ignore no-control-regex -- ASCII without letters and digits
    /[\x00-\x2f\x3a-\x60\x7b-\x7f]/g,
    (character) => String.fromCharCode(SEPARATOR_BASE + character.charCodeAt(0)),
  );
}
