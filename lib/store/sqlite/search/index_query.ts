/**
 * Translates a query for the index: which blocks may contain a match. The index may return too many
 * blocks, never too few.
 *
 * @module
 */

import { ROOM_EVENT_KINDS } from "../../../domain/room_event.ts";
import type {
  NamePattern,
  SearchCondition,
  SearchQuery,
} from "../../../domain/search/search_query.ts";
import { isAscii, type Phrase, wordsOf } from "../../../domain/search/words.ts";
import {
  hashOfNumber,
  indexedWord,
  isNumberLike,
  kindMark,
  levelMark,
  LINK_MARK,
  prefixMark,
  roomMark,
  senderMark,
} from "./index_words.ts";

/** With more rooms than this the index is not asked about rooms. */
const MAX_ROOMS = 50;

export interface IndexQuery {
  /** The FTS5 query without number-like words; `""` for all blocks. */
  readonly expression: string;
  /** The FTS5 query for the number-like words, for blocks that have them in FTS5; `""` for none. */
  readonly numbers: string;
  /** The hashes of the same words, for blocks that have them in a token table. */
  readonly hashes: readonly number[];
  /** Milliseconds since 1970, inclusive. */
  readonly earliest: number;
  /** Milliseconds since 1970, exclusive. */
  readonly end: number;
}

/**
 * Translates a query. All text from a person ends up in double quotes, and words and marks contain
 * no double quote, so nobody can inject FTS5 syntax.
 *
 * @param roomsOf Returns the numbers of the rooms that match the names.
 * @returns `undefined` if nothing can match.
 */
export function toIndexQuery(
  { conditions }: SearchQuery,
  roomsOf: (names: readonly NamePattern[]) => readonly number[],
): IndexQuery | undefined {
  const terms: string[] = [];
  const numbers: string[] = [];
  let earliest = -Infinity;
  let end = Infinity;
  for (const condition of conditions) {
    if (condition.isNegated) continue;
    if (condition.type === "text") {
      numbers.push(...wholeWords(condition.phrase).filter(isNumberLike));
      terms.push(...termsOf(condition.phrase));
    } else if (condition.type === "field") {
      const phrases = phrasesOfField(condition);
      numbers.push(...phrases.flatMap(wholeWords).filter(isNumberLike));
      terms.push(...phrases.flatMap(termsOf));
    } else if (condition.type === "after") {
      earliest = Math.max(earliest, condition.at);
    } else if (condition.type === "before") {
      end = Math.min(end, condition.at);
    } else if (condition.type === "in") {
      const rooms = roomsOf(condition.names);
      if (rooms.length === 0) return undefined;
      if (rooms.length <= MAX_ROOMS) terms.push(anyOf(rooms.map((room) => quote(roomMark(room)))));
    } else if (condition.type !== "from" || !condition.names.some(({ isPart }) => isPart)) {
      // The index has no parts of names.
      terms.push(anyOf(marksOf(condition)));
    }
  }
  return {
    expression: allOf(terms),
    numbers: allOf(numbers.map((word) => quote(indexedWord(word)))),
    hashes: [...new Set(numbers.map(hashOfNumber))],
    earliest,
    end,
  };
}

function marksOf(condition: SearchCondition): string[] {
  switch (condition.type) {
    case "from":
      return condition.names.map(({ key, isPrefix }) =>
        quote(senderMark(key)) + (isPrefix ? "*" : "")
      );
    case "kind":
      return condition.kinds.map((kind) => quote(kindMark(ROOM_EVENT_KINDS.indexOf(kind))));
    case "level":
      return condition.levels.map((level) => quote(levelMark(level)));
    case "link":
      return [quote(LINK_MARK)];
    default:
      throw new TypeError(`no marks for ${condition.type}`);
  }
}

/** The path of a field, whose words are in the index like those of values, and the value. */
function phrasesOfField({ path, values }: Extract<SearchCondition, { type: "field" }>): Phrase[] {
  // The path may contain the index of an array's element, which is in no text.
  const name = { words: wordsOf(path.replace(/\b\d+\b/g, " ")), isPrefix: false };
  // To look up several values would take longer than to read the blocks that have the field.
  if (values.length > 1) return [name];
  const [{ text, isPrefix }] = values;
  return [name, { words: wordsOf(text), isPrefix: isPrefix && /[\p{L}\p{N}\p{M}]$/u.test(text) }];
}

/** The terms of a phrase that FTS5 has for every block. */
function termsOf(phrase: Phrase): string[] {
  const whole = wholeWords(phrase).filter((word) => !isNumberLike(word))
    .map((word) => quote(indexedWord(word)));
  return phrase.isPrefix ? [...whole, prefixTerm(phrase.words.at(-1)!)] : whole;
}

function wholeWords({ words, isPrefix }: Phrase): readonly string[] {
  return isPrefix ? words.slice(0, -1) : words;
}

/** Words with this prefix. Number-like ones may be in FTS5 only by a mark of their first letters. */
function prefixTerm(prefix: string): string {
  const indexed = indexedWord(prefix);
  // Long words are cut in the index, so a long prefix must match the cut word.
  const term = quote(indexed) + (indexed === prefix ? "*" : "");
  if (!isAscii(prefix)) return term;
  const [letters] = /^[a-z]*/.exec(prefix)!;
  const mark = quote(prefixMark(letters)) + (letters === prefix ? "*" : "");
  return anyOf([term, mark]);
}

function allOf(terms: readonly string[]): string {
  return [...new Set(terms)].join(" AND ");
}

function anyOf(terms: readonly string[]): string {
  return terms.length === 1 ? terms[0] : `(${terms.join(" OR ")})`;
}

function quote(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
