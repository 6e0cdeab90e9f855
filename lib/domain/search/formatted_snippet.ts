/**
 * Shows bold, italic and code in snippets of what people said, in place of the signs for them.
 *
 * @module
 */

import { linesOf } from "../text/block.ts";
import { type FormattedPiece, parseFormatting } from "../text/formatting.ts";
import type { SnippetPart } from "./snippet_part.ts";

/** Part of a snippet in one style. */
export interface FormattedSnippetPart extends SnippetPart, Omit<FormattedPiece, "start"> {}

/**
 * Returns the parts without the signs, and with `\n` between lines. A pair of signs may be in
 * different parts; fences stay as they are, because a snippet may contain only one of a pair.
 */
export function formattedSnippet(snippet: readonly SnippetPart[]): FormattedSnippetPart[] {
  const parts: FormattedSnippetPart[] = [];
  let start = 0;
  for (const line of linesOf(snippet.map(({ text }) => text).join(""))) {
    if (start > 0) parts.push({ text: "\n", isMatch: false });
    for (const { lines } of parseFormatting(line)) {
      for (const piece of lines[0] as readonly FormattedPiece[]) {
        parts.push(...cut(piece, start + piece.start, snippet));
      }
    }
    start += line.length + 1;
  }
  return parts;
}

/** Splits a piece that begins at index `from` of the snippet wherever a match begins or ends. */
function* cut(
  { text, start: _start, ...style }: FormattedPiece,
  from: number,
  snippet: readonly SnippetPart[],
): Iterable<FormattedSnippetPart> {
  let at = 0;
  for (const { text: { length }, isMatch } of snippet) {
    const own = text.slice(Math.max(0, at - from), Math.max(0, at + length - from));
    if (own !== "") yield { text: own, isMatch, ...style };
    at += length;
  }
}
