/**
 * Filters for people who follow a log, in the query language and its short forms. The same for `tail`, `/log` and the page.
 *
 * @module
 */

import { logQueryText } from "./log_query_text.ts";
import { parseQuery } from "./parse_query.ts";
import type { SearchQuery } from "./search_query.ts";

/**
 * Parses a filter; `undefined` for an empty one.
 *
 * @param now As in {@linkcode parseQuery}.
 * @throws {DomainError} `bad-query`.
 */
export function parseLogQuery(text: string, now: number): SearchQuery | undefined {
  const query = logQueryText(text);
  return query === "" ? undefined : parseQuery(query, now);
}
