/**
 * Filters of logs as text in the query language, from the short forms that people write. Not parsed,
 * so that the page can use it too.
 *
 * @module
 */

/** `level=warn` or `source=api`, unless it is in quotes. */
const SHORT_FORM = /"[^"]*"?|(?<=^|\s)(level|source)=(\S+)/gi;

/** What `--level`, `--source` and `--grep` of a command ask for. */
export interface LogFilterOptions {
  /** This level and anything more severe. */
  readonly level?: string;
  readonly source?: string;
  /** In the query language. */
  readonly words?: string;
}

/**
 * A filter in the query language. `level=warn` becomes `level:warn+`, which is that level and
 * anything more severe; `source=api` becomes `source:api`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { logQueryText } from "./log_query_text.ts";
 *
 * assertEquals(logQueryText("level=warn timeout"), "level:warn+ timeout");
 * ```
 */
export function logQueryText(text: string): string {
  return text.replace(SHORT_FORM, (written, name?: string, value = "") => {
    if (name === undefined) return written;
    const isLevel = name.toLowerCase() === "level";
    return `${name.toLowerCase()}:${value}${isLevel && !value.endsWith("+") ? "+" : ""}`;
  }).trim();
}

/** The filter of options in the query language; `""` if there are none. */
export function textOfOptions({ level, source, words = "" }: LogFilterOptions): string {
  const quoted = (value: string) => `"${value.replaceAll(/["“”]/g, "")}"`;
  return [
    level === undefined ? "" : `level:${level.replace(/\+$/, "")}+`,
    source === undefined ? "" : `source:${quoted(source)}`,
    words,
  ].filter((part) => part !== "").join(" ");
}
