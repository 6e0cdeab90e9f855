/**
 * Parses the query language: words, "phrases", prefixes*, -negation, and the filters `from:`
 * `source:` `in:` `kind:` `level:` `before:` `after:` `has:link` `host:` `app:` `field.NAME:`. The same on the
 * command line, in chat and on the web.
 *
 * @module
 */

import { levenshteinDistance } from "@std/text/levenshtein-distance";
import { characterCount } from "../character_count.ts";
import { SILENT_KINDS } from "../room_event.ts";
import { printedText } from "../text/printed_text.ts";
import { badQuery, FILTERS, parseFilter } from "./parse_filter.ts";
import type { SearchCondition, SearchQuery } from "./search_query.ts";
import { fold, wordsOf } from "./words.ts";

const MAX_CHARACTERS = 1000;
const MAX_CONDITIONS = 32;

/** Filters that hardly any other word before a colon resembles; `host` is close to `post`. */
const DISTINCT_FILTERS = FILTERS.filter((name) => name.length > 3 && name !== "host");

// A minus; a filter's name; text in quotes or up to a space; a star for a prefix.
const TOKEN =
  /(-(?=["“”]|[^\s-]))?(?:(field\.[^\s:"“”]+|[a-z]+):)?(?:["“”]([^"“”]*)(["“”]?)\*?|(\S*))/iy;

/**
 * Parses a query.
 *
 * @param now The time that `2h` and the like are relative to, in milliseconds since 1970.
 * @throws {DomainError} `bad-query`, with a sentence that says what to write instead.
 */
export function parseQuery(text: string, now: number): SearchQuery {
  const length = characterCount(text);
  if (length > MAX_CHARACTERS) {
    throw badQuery(
      `Queries may have at most ${MAX_CHARACTERS} characters; this one has ${length}.`,
    );
  }
  const tokens = [...parseTokens(printedText(text), now)];
  const conditions = tokens.filter((token) => typeof token !== "string");
  if (tokens.length === 0) throw badQuery("Say what to search for; a word is enough.");
  if (conditions.every(({ type }) => type !== "text")) refuseWordless(tokens);
  if (conditions.length > MAX_CONDITIONS) {
    throw badQuery(`Queries may have at most ${MAX_CONDITIONS} words and filters.`);
  }
  return { conditions: withoutSilent(merge(conditions)) };
}

/** The conditions and, as they are, the tokens without a word. */
function* parseTokens(text: string, now: number): Generator<SearchCondition | string> {
  const space = /\s*/y;
  for (let at = 0; at < text.length;) {
    space.lastIndex = at;
    space.exec(text);
    if (space.lastIndex === text.length) return;
    TOKEN.lastIndex = space.lastIndex;
    const [token, minus, name, quoted, closing, plain] = TOKEN.exec(text)!;
    at = TOKEN.lastIndex;
    if (closing === "") throw badQuery('The closing " of a phrase is missing.');
    const isNegated = minus !== undefined;
    if (name !== undefined) {
      const value = { text: quoted ?? plain, isQuoted: plain === undefined };
      const filter = parseFilter(name, { ...value, hasStar: token.endsWith("*") }, now);
      if (filter) {
        yield { isNegated, ...filter };
        continue;
      }
      refuseMistyped(name, token);
    }
    const phrase = parsePhrase(token.slice(minus?.length));
    yield phrase ? { isNegated, type: "text", phrase } : token;
  }
}

/** Skips tokens such as a dash or an arrow in pasted text, but not if there is nothing else. */
function refuseWordless(tokens: readonly (SearchCondition | string)[]): void {
  const wordless = tokens.filter((token) => typeof token === "string");
  if (wordless.length === 0) return;
  throw badQuery(
    `There is no word in ${wordless.join(" ")}. Search for letters or digits, or use filters ` +
      "alone, such as in:log.",
  );
}

function parsePhrase(text: string) {
  const words = wordsOf(fold(text));
  return words.length === 0 ? undefined : { words, isPrefix: text.endsWith("*") };
}

/** Joins `from:ann from:bob` into one condition, because no event could meet both. */
function merge(conditions: readonly SearchCondition[]): SearchCondition[] {
  const merged: SearchCondition[] = [];
  for (const next of conditions) {
    const at = next.isNegated ? -1 : merged.findIndex((c) => !c.isNegated && isAlike(c, next));
    const before = merged[at];
    if (before?.type === "from" && next.type === "from") {
      merged[at] = { ...before, names: [...before.names, ...next.names] };
    } else if (before?.type === "in" && next.type === "in") {
      merged[at] = { ...before, names: [...before.names, ...next.names] };
    } else if (before?.type === "field" && next.type === "field") {
      merged[at] = { ...before, values: [...before.values, ...next.values] };
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

function isAlike(one: SearchCondition, other: SearchCondition): boolean {
  if (one.type === "field" && other.type === "field") return one.path === other.path;
  return one.type === other.type;
}

/** Leaves out what is no talk unless the query asks for kinds. */
export function withoutSilent(
  conditions: readonly SearchCondition[],
): readonly SearchCondition[] {
  if (conditions.some(({ type, isNegated }) => type === "kind" && !isNegated)) return conditions;
  return [...conditions, { type: "kind", kinds: SILENT_KINDS, isNegated: true }];
}

/** Refuses text before a colon that resembles the name of a filter. */
function refuseMistyped(name: string, token: string): void {
  const filter = DISTINCT_FILTERS.find((filter) => isNearly(name.toLowerCase(), filter));
  if (!filter) return;
  throw badQuery(
    `Did you mean ${filter}: instead of ${name}:? To search for it as text, write "${token}".`,
  );
}

function isNearly(name: string, filter: string): boolean {
  const isSwapped = [...name].sort().join() === [...filter].sort().join();
  return isSwapped || levenshteinDistance(name, filter) === 1;
}
