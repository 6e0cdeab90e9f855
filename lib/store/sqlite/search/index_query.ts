/**
 * What to ask the index for a query: which blocks of events may have what is wanted. It may be too
 * many, never too few.
 *
 * @module
 */

import { ROOM_EVENT_KINDS } from "../../../domain/room_event.ts";
import type { NamePattern, SearchCondition, SearchQuery } from "../../../domain/search_query.ts";
import { isAscii, type Phrase } from "../../../domain/words.ts";
import {
  hashOfNumber,
  indexedWord,
  isNumberLike,
  kindMark,
  levelMark,
  LINK_MARK,
  roomMark,
  senderMark,
  stemMark,
} from "./index_words.ts";

/** More rooms than this are not worth asking for one by one. */
const MAX_ROOMS = 50;

export interface IndexQuery {
  /** What FTS5 is asked for, number-like words left out; `""` for all blocks. */
  readonly expression: string;
  /** Number-like words, as FTS5 is asked for them where they are in it; `""` for none. */
  readonly numbers: string;
  /** The hashes of the same words, for where they were set apart. */
  readonly hashes: readonly number[];
  /** Milliseconds since 1970. */
  readonly earliest: number;
  /** This time and all later ones are not wanted. */
  readonly end: number;
}

/**
 * Translates a query. Everything in it that came from a person ends up in double quotes, and no
 * word or mark has one in it.
 *
 * @param roomsOf The numbers of the rooms that are called so.
 * @returns `undefined` where nothing can be found.
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
    } else if (condition.type === "after") {
      earliest = Math.max(earliest, condition.at);
    } else if (condition.type === "before") {
      end = Math.min(end, condition.at);
    } else if (condition.type === "in") {
      const rooms = roomsOf(condition.names);
      if (rooms.length === 0) return undefined;
      if (rooms.length <= MAX_ROOMS) terms.push(anyOf(rooms.map((room) => quote(roomMark(room)))));
    } else {
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
      throw new TypeError(`There are no marks for ${condition.type}`);
  }
}

/** What FTS5 has of a phrase wherever it stands. */
function termsOf(phrase: Phrase): string[] {
  const whole = wholeWords(phrase).filter((word) => !isNumberLike(word))
    .map((word) => quote(indexedWord(word)));
  return phrase.isPrefix ? [...whole, prefixTerm(phrase.words.at(-1)!)] : whole;
}

function wholeWords({ words, isPrefix }: Phrase): readonly string[] {
  return isPrefix ? words.slice(0, -1) : words;
}

/** Words that begin so; those that are number-like have only a mark of their letters. */
function prefixTerm(prefix: string): string {
  const indexed = indexedWord(prefix);
  // Of a word so long only its beginning is there.
  const term = quote(indexed) + (indexed === prefix ? "*" : "");
  if (!isAscii(prefix)) return term;
  const [letters] = /^[a-z]*/.exec(prefix)!;
  const stem = quote(stemMark(letters)) + (letters === prefix ? "*" : "");
  return anyOf([term, stem]);
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
