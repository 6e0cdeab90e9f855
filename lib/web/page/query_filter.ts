/**
 * The filters in the text of a search: `from:ann kind:log disk full`. What the words mean is the
 * server's business; here they are only found, set and taken away.
 *
 * @module
 */

/** What can be chosen beside the text. */
export type FilterName = "from" | "kind" | "level" | "after" | "before" | "has";

const TOKEN = /(?:[^\s"]+|"[^"]*"?)+/g;

/** What a filter is set to; `""` if it is not there. */
export function filterOf(query: string, name: FilterName): string {
  for (const token of tokens(query)) {
    if (isFilter(token, name)) return token.slice(name.length + 1).replaceAll('"', "");
  }
  return "";
}

/** The query with a filter set to a value, or without it if that is `""`. */
export function withFilter(query: string, name: FilterName, value: string): string {
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

function tokens(query: string): string[] {
  return query.match(TOKEN) ?? [];
}

function isFilter(token: string, name: FilterName): boolean {
  return token.toLowerCase().startsWith(`${name}:`);
}
