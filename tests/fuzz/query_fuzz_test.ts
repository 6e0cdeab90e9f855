/**
 * Fuzzes the query language: each random query is parsed or refused with a sentence, and a parsed
 * one matches a text made for it.
 *
 * `PARTYLINE_QUERY_CASES` sets the number of queries, `PARTYLINE_SEED` the seed.
 */

import { assert, fail } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { DomainError } from "../../lib/domain/domain_error.ts";
import { EventMatcher } from "../../lib/domain/search/event_matcher.ts";
import { parseQuery } from "../../lib/domain/search/parse_query.ts";
import type { SearchQuery } from "../../lib/domain/search/search_query.ts";
import { toIndexQuery } from "../../lib/store/sqlite/search/index_query.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";

const CASES = rounds(20_000, 300_000, "PARTYLINE_QUERY_CASES");
const NOW = Date.UTC(2026, 10, 21, 6, 30);

const PIECES = [
  ..."from: in: kind: level: before: after: has: form: x: - -- * \" “ ” ' , : # + \\ ( ) \0 \t"
    .split(" "),
  ..."jack #ops log err err+ 2h 2026-11-21 06:30 link disk full 8f3a 10.0.0.7 café 会議 👍 OR AND NOT"
    .split(" "),
  ..."NEAR(a b) word:x {x} ^x \ud800 \udc00 \u0301 \u200b \ue000 ﷺ 0 -1 1e9 __proto__ constructor"
    .split(" "),
  " ",
  " ",
  " ",
  " ",
  "\n",
];

const index = new DatabaseSync(":memory:");
index.exec("CREATE VIRTUAL TABLE word USING fts5(words, detail = none, tokenize = 'ascii')");
const ask = index.prepare("SELECT rowid FROM word WHERE word MATCH ?");

function randomQuery(random: SeededRandom): string {
  let text = "";
  for (let left = random.int(12); left >= 0; left--) {
    text += random.int(20) === 0 ? String.fromCharCode(random.int(0x10000)) : random.pick(PIECES);
  }
  return text;
}

/** A body that matches the query; `undefined` for a query that needs more than words. */
function bodyFor({ conditions }: SearchQuery): string | undefined {
  const phrases: string[] = [];
  for (const condition of conditions) {
    if (condition.isNegated) {
      if (condition.type === "kind") continue;
      return undefined;
    }
    if (condition.type !== "text") return undefined;
    phrases.push(condition.phrase.words.join(" ") + (condition.phrase.isPrefix ? "and so on" : ""));
  }
  return phrases.join(". ").toUpperCase();
}

/** Checks that FTS5 can parse the expressions. */
function askIndex(expressions: readonly string[], context: () => string): void {
  for (const expression of expressions) {
    if (expression === "") continue;
    try {
      ask.all(expression);
    } catch (error) {
      throw new Error(`${context()} compiles to ${expression}`, { cause: error });
    }
  }
}

Deno.test("parseQuery() parses any text or refuses it with a sentence", () => {
  const random = new SeededRandom(SEED);
  let parsed = 0;
  let matched = 0;
  for (let number = 0; number < CASES; number++) {
    const text = randomQuery(random);
    const context = () => `seed ${SEED}, case ${number}: ${JSON.stringify(text)}`;
    let query: SearchQuery;
    try {
      query = parseQuery(text, NOW);
    } catch (error) {
      const isRefusal = error instanceof DomainError && error.code === "bad-query";
      if (!isRefusal) throw new Error(context(), { cause: error });
      continue;
    }
    parsed++;
    const wanted = toIndexQuery(query, () => [1])!;
    // Outside quotes an expression contains nothing that was typed.
    const bare = `${wanted.expression} ${wanted.numbers}`.replaceAll(/"[^"]*"/g, "");
    if (/[^()* ]/.test(bare.replaceAll(/ AND | OR /g, ""))) fail(`${context()} becomes ${bare}`);
    if (number % 16 === 0) askIndex([wanted.expression, wanted.numbers], context);
    const body = bodyFor(query);
    if (body === undefined) continue;
    matched++;
    if (!new EventMatcher(query).matches({ body })) fail(`${context()} in ${body}`);
  }
  // The test is useful only if some queries are parsed and some refused.
  assert(parsed > CASES / 4 && parsed < CASES * 0.95, `${parsed} of ${CASES} were parsed`);
  assert(matched > CASES / 20, `${matched} of ${CASES} were looked for`);
});
