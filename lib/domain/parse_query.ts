/**
 * Parses the query language: words, "phrases", prefixes*, -negation, and the filters `from:` `in:`
 * `kind:` `level:` `before:` `after:` `has:link`. The same on the command line, in chat and on the
 * web.
 *
 * @module
 */

import { levenshteinDistance } from "@std/text/levenshtein-distance";
import { badQuery, FILTERS, parseFilter } from "./parse_filter.ts";
import type { SearchCondition, SearchQuery } from "./search_query.ts";
import { fold, wordsOf } from "./words.ts";

const MAX_CHARACTERS = 1000;
const MAX_CONDITIONS = 32;

/** Filters long enough that hardly any other word resembles them. */
const LONG_FILTERS = FILTERS.filter(({ length }) => length > 3);

// A minus; a filter's name; text in quotes or up to a space; a star for a prefix.
const TOKEN = /(-(?=["“”]|[^\s-]))?(?:([a-z]+):)?(?:["“”]([^"“”]*)(["“”]?)\*?|(\S*))/iy;

/**
 * Parses a query.
 *
 * @param now The time that `2h` and the like are relative to, in milliseconds since 1970.
 * @throws {DomainError} `bad-query`, with a sentence that says what to write instead.
 */
export function parseQuery(text: string, now: number): SearchQuery {
  if (text.length > MAX_CHARACTERS) {
    throw badQuery(
      `Queries may have at most ${MAX_CHARACTERS} characters; this one has ${text.length}.`,
    );
  }
  const conditions = [...parseConditions(text, now)];
  if (conditions.length === 0) throw badQuery("Say what to search for; a word is enough.");
  if (conditions.length > MAX_CONDITIONS) {
    throw badQuery(`Queries may have at most ${MAX_CONDITIONS} words and filters.`);
  }
  return { conditions: withoutArrivals(merge(conditions)) };
}

function* parseConditions(text: string, now: number): Generator<SearchCondition> {
  const space = /\s*/y;
  for (let at = 0; at < text.length;) {
    space.lastIndex = at;
    space.exec(text);
    if (space.lastIndex === text.length) return;
    TOKEN.lastIndex = space.lastIndex;
    const [token, minus, name, quoted, closing, plain] = TOKEN.exec(text)!;
    at = TOKEN.lastIndex;
    if (closing === "") throw badQuery('The closing " of a phrase is missing.');
    const filter = FILTERS.find((filter) => filter === name?.toLowerCase());
    const isNegated = minus !== undefined;
    if (filter) {
      yield { isNegated, ...parseFilter(filter, quoted ?? plain, now) };
      continue;
    }
    if (name !== undefined) refuseMistyped(name, token);
    const phrase = parsePhrase(token.slice(minus?.length));
    // Skip a token without words, such as a dash or an arrow in pasted text.
    if (phrase) yield { isNegated, type: "text", phrase };
  }
}

function parsePhrase(text: string) {
  const words = wordsOf(fold(text));
  return words.length === 0 ? undefined : { words, isPrefix: text.endsWith("*") };
}

/** Joins `from:ann from:bob` into one condition, because no event could meet both. */
function merge(conditions: readonly SearchCondition[]): SearchCondition[] {
  const merged: SearchCondition[] = [];
  for (const next of conditions) {
    const at = next.isNegated ? -1 : merged.findIndex((c) => !c.isNegated && c.type === next.type);
    const before = merged[at];
    if (before?.type === "from" && next.type === "from") {
      merged[at] = { ...before, names: [...before.names, ...next.names] };
    } else if (before?.type === "in" && next.type === "in") {
      merged[at] = { ...before, names: [...before.names, ...next.names] };
    } else if (before?.type === "kind" && next.type === "kind") {
      merged[at] = { ...before, kinds: [...before.kinds, ...next.kinds] };
    } else if (before?.type === "level" && next.type === "level") {
      merged[at] = { ...before, levels: [...before.levels, ...next.levels] };
    } else {
      merged.push(next);
    }
  }
  return merged;
}

/** Leaves out joins and parts unless the query asks for kinds. */
export function withoutArrivals(
  conditions: readonly SearchCondition[],
): readonly SearchCondition[] {
  if (conditions.some(({ type, isNegated }) => type === "kind" && !isNegated)) return conditions;
  return [...conditions, { type: "kind", kinds: ["join", "part"], isNegated: true }];
}

/** Refuses text before a colon that resembles the name of a filter. */
function refuseMistyped(name: string, token: string): void {
  const filter = LONG_FILTERS.find((filter) => isNearly(name.toLowerCase(), filter));
  if (!filter) return;
  throw badQuery(
    `Did you mean ${filter}: instead of ${name}:? To search for it as text, write "${token}".`,
  );
}

function isNearly(name: string, filter: string): boolean {
  const isSwapped = [...name].sort().join() === [...filter].sort().join();
  return isSwapped || levenshteinDistance(name, filter) === 1;
}
