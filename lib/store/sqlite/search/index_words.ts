/**
 * How words are written in the index, for those who write it and those who look things up.
 *
 * Beside the words of texts it has marks: words of characters that no text can have there, which
 * say who is in a block of events, which rooms, and what else there are filters for.
 *
 * @module
 */

import { type Level, LEVELS } from "../../../level.ts";
import { isAscii } from "../../../domain/words.ts";

/** Longest word in the index; of a longer one, its beginning. In bytes for those in ASCII. */
export const MAX_WORD_BYTES = 64;
/** The same for words that are not in ASCII, in UTF-16 units. */
const MAX_WORD_UNITS = 32;

// Of Unicode's private use: `wordsOf` finds none of them in any text.
const SENDER = "\ue000";
const ROOM = "\ue001";
const KIND = "\ue002";
const LEVEL = "\ue003";
const STEM = "\ue004";
/** The mark of links. */
export const LINK_MARK = "\ue005";
/** What is added to an ASCII character that the index would take for a space. */
const SEPARATOR_BASE = 0xe100;

/** The word as the index has it. */
export function indexedWord(word: string): string {
  if (isAscii(word)) return word.slice(0, MAX_WORD_BYTES);
  if (word.length <= MAX_WORD_UNITS) return word;
  const code = word.charCodeAt(MAX_WORD_UNITS);
  const isHalf = code >= 0xdc00 && code <= 0xdfff;
  return word.slice(0, isHalf ? MAX_WORD_UNITS - 1 : MAX_WORD_UNITS);
}

/** Whether a word is one of the many that hardly ever come again: in ASCII, with a digit. */
export function isNumberLike(word: string): boolean {
  return /[0-9]/.test(word) && isAscii(word);
}

/** What stands for a number-like word: see {@linkcode TokenTable}. 32 bits. */
export function hashOfNumber(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash, 31) + word.charCodeAt(at) | 0;
  return mix(hash) >>> 0;
}

/** Spreads what a sum of characters has left alike. */
export function mix(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}

/** The mark of who caused events. @param key Of the name, or what it begins with; see `nameKey`. */
export function senderMark(key: string): string {
  return SENDER + unbroken(key);
}

/** The mark of a room, by its number in the log. */
export function roomMark(room: number): string {
  return ROOM + room;
}

/** The mark of a kind of event, by its number. */
export function kindMark(kind: number): string {
  return KIND + kind;
}

export function levelMark(level: Level): string {
  return LEVEL + LEVELS.indexOf(level);
}

/** The mark of number-like words that begin with these letters, before the first digit. */
export function stemMark(letters: string): string {
  return STEM + letters;
}

/** One word whatever is in it. */
function unbroken(text: string): string {
  return text.slice(0, MAX_WORD_UNITS).replace(
    // deno-lint-ignore no-control-regex -- what is in ASCII and no letter or digit
    /[\x00-\x2f\x3a-\x60\x7b-\x7f]/g,
    (character) => String.fromCharCode(SEPARATOR_BASE + character.charCodeAt(0)),
  );
}
