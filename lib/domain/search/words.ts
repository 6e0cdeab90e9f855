/**
 * Splits text into words, in the same way for the index, for queries and for comparing the two. A
 * word is a sequence of letters and digits, regardless of case, accents and width. In scripts
 * written without spaces (Chinese, Japanese, Thai and others) and for emoji, each character is a
 * word.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** One word, or several next to each other. */
export interface Phrase {
  /** At least one, folded. */
  readonly words: readonly string[];
  /** Whether the last word may be the beginning of a longer one. */
  readonly isPrefix: boolean;
}

/** Part of a text, from `start` up to but not including `end`, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const SINGLE = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}` +
  String.raw`\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}`;
const IS_SINGLE = new RegExp(`[${SINGLE}]`, "u");
const IS_LETTER = /[\p{L}\p{N}\p{M}]/u;
const WORD = new RegExp(String.raw`[${SINGLE}]|[[\p{L}\p{N}\p{M}]--[${SINGLE}]]+`, "gv");
// deno-lint-ignore no-control-regex -- all of ASCII
const NOT_ASCII = /[^\x00-\x7f]/;
const LONG = 1000;
// Accents of Latin, Greek and Cyrillic, and invisible characters.
const IGNORED = /[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/g;

/** Whether a character separates words, is part of one, or is a word by itself. */
const enum Class {
  Unknown,
  Separator,
  Letter,
  Single,
}

const CLASSES = new Uint8Array(0x10000);

/** Whether a text has ASCII characters only, which most have and which are cheap to fold. */
export function isAscii(text: string): boolean {
  // The first is many times faster on long texts, the second on short ones.
  return text.length > LONG ? Buffer.byteLength(text) === text.length : !NOT_ASCII.test(text);
}

/** Removes case, accents and width, as words are compared. */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  // Upper-casing in between unites the two small sigmas, and the sharp s with ss.
  return text.normalize("NFKD").replace(IGNORED, "").toLowerCase().toUpperCase().toLowerCase()
    .replaceAll("ς", "σ");
}

/** The words of a folded text, in order. */
export function wordsOf(folded: string): string[] {
  return folded.match(isAscii(folded) ? /[a-z0-9]+/g : WORD) ?? [];
}

/** Finds a phrase in a folded text, at `from` or later. */
export function findPhrase(folded: string, phrase: Phrase, from = 0): TextRange | undefined {
  const [first] = phrase.words;
  for (let at = folded.indexOf(first, from); at !== -1; at = folded.indexOf(first, at + 1)) {
    if (isInsideWord(folded, at)) continue;
    const end = endOfPhrase(folded, phrase, at);
    if (end !== -1) return { start: at, end };
  }
  return undefined;
}

/** The end of the phrase if it stands at `at` in whole words; otherwise -1. */
function endOfPhrase(folded: string, { words, isPrefix }: Phrase, at: number): number {
  let end = at + words[0].length;
  for (let index = 1; index < words.length; index++) {
    if (isInsideWord(folded, end)) return -1;
    while (end < folded.length && classAt(folded, end) === Class.Separator) end++;
    if (!folded.startsWith(words[index], end)) return -1;
    end += words[index].length;
  }
  if (!isInsideWord(folded, end)) return end;
  return isPrefix ? endOfWord(folded, end) : -1;
}

function endOfWord(folded: string, at: number): number {
  while (at < folded.length && classAt(folded, at) === Class.Letter) {
    at += folded.codePointAt(at)! > 0xffff ? 2 : 1;
  }
  return at;
}

/** Whether the characters before and after `at` belong to one word. */
function isInsideWord(folded: string, at: number): boolean {
  return at > 0 && at < folded.length && classAt(folded, at) === Class.Letter &&
    classBefore(folded, at) === Class.Letter;
}

function classBefore(text: string, at: number): Class {
  const isPair = isLowSurrogate(text.charCodeAt(at - 1)) && at > 1;
  return classAt(text, isPair ? at - 2 : at - 1);
}

function classAt(text: string, at: number): Class {
  const code = text.codePointAt(at)!;
  if (code > 0xffff) return classOf(code);
  return CLASSES[code] ||= classOf(code);
}

function classOf(code: number): Class {
  // A lone surrogate matches neither pattern and is a separator.
  const character = String.fromCodePoint(code);
  if (IS_SINGLE.test(character)) return Class.Single;
  return IS_LETTER.test(character) ? Class.Letter : Class.Separator;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/** A folded text that maps positions back to its source. */
export class FoldedText {
  readonly text: string;
  /** For each position in `text`, where its character begins in the source; absent if the same. */
  readonly #starts: readonly number[] | undefined;

  constructor(source: string) {
    if (isAscii(source)) {
      this.text = source.toLowerCase();
      return;
    }
    const starts: number[] = [];
    let text = "";
    let at = 0;
    for (const character of source) {
      const folded = fold(character);
      text += folded;
      for (let unit = 0; unit < folded.length; unit++) starts.push(at);
      at += character.length;
    }
    starts.push(at);
    this.text = text;
    this.#starts = starts;
  }

  /** Finds all occurrences of a phrase, as ranges of the source. */
  find(phrase: Phrase): TextRange[] {
    const ranges: TextRange[] = [];
    let range = findPhrase(this.text, phrase);
    while (range) {
      ranges.push(this.#toSource(range));
      range = findPhrase(this.text, phrase, range.end);
    }
    return ranges;
  }

  #toSource({ start, end }: TextRange): TextRange {
    const starts = this.#starts;
    if (!starts) return { start, end };
    // If a character of the source has become several, the match covers the whole character.
    let after = end;
    while (after < starts.length - 1 && starts[after] === starts[end - 1]) after++;
    return { start: starts[start], end: starts[after] };
  }
}
