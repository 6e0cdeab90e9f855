/**
 * Splits a command line as a shell would that expands nothing: quotes and backslashes (POSIX
 * section 2.2) keep spaces, and every other character stands for itself. A quote without a partner
 * is an apostrophe. Libraries for this drop such a quote, or take `;` and `#` for themselves.
 *
 * @module
 */

/** A word of a command line. */
export interface ShellWord {
  /** Without its quotes. */
  readonly text: string;
  /** Where it begins in the line. */
  readonly start: number;
}

const WORD = /(?:'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]|\S)+/g;
const QUOTED = /'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\([^])/g;
/** What a backslash escapes between double quotes; before any other character it is itself. */
const ESCAPED = /\\(["\\$`])/g;

/**
 * The words of a command line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shellWords } from "./shell_words.ts";
 *
 * const words = shellWords(`say ops "it is" it's a\\ b; echo $HOME`).map(({ text }) => text);
 * assertEquals(words, ["say", "ops", "it is", "it's", "a b;", "echo", "$HOME"]);
 * ```
 */
export function shellWords(line: string): ShellWord[] {
  return Array.from(line.matchAll(WORD), ({ 0: word, index }) => ({
    text: word.replace(QUOTED, unquote),
    start: index,
  }));
}

function unquote(_match: string, single?: string, double?: string, escaped?: string): string {
  return single ?? double?.replace(ESCAPED, "$1") ?? escaped!;
}
