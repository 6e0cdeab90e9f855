/**
 * Reads and edits the filters in a search query such as `from:ann kind:log disk full`. Only the
 * server interprets them.
 *
 * @module
 */

export type QueryFilterName =
  | "from"
  | "source"
  | "in"
  | "kind"
  | "level"
  | "after"
  | "before"
  | "has";

const TOKEN = /(?:[^\s"]+|"[^"]*"?)+/g;

/** The value of a filter; `""` if the query does not have it. */
export function filterOf(query: string, name: QueryFilterName): string {
  for (const token of tokens(query)) {
    if (isFilter(token, name)) return token.slice(name.length + 1).replaceAll('"', "");
  }
  return "";
}

/** Returns the query with a filter set to `value`, or without it if that is `""`. */
export function withFilter(query: string, name: QueryFilterName, value: string): string {
  const bare = value.replaceAll('"', "").trim();
  const written = /\s/.test(bare) ? `${name}:"${bare}"` : `${name}:${bare}`;
  const kept: string[] = [];
  let isSet = bare === "";
  for (const token of tokens(query)) {
    if (!isFilter(token, name)) kept.push(token);
    else if (!isSet) {
      kept.push(written);
      isSet = true;
    }
  }
  if (!isSet) kept.push(written);
  return kept.join(" ");
}

/** The query without some of its filters. */
export function withoutFilters(query: string, names: readonly QueryFilterName[]): string {
  return tokens(query).filter((token) => !names.some((name) => isFilter(token, name))).join(" ");
}

function tokens(query: string): string[] {
  return query.match(TOKEN) ?? [];
}

function isFilter(token: string, name: QueryFilterName): boolean {
  return token.toLowerCase().startsWith(`${name}:`);
}
