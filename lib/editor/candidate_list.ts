/**
 * A list of what a word may be, as it is shown after the second Tab.
 *
 * @module
 */

import { terminalText } from "../codec/terminal_text.ts";
import { textWidth } from "../codec/text_width.ts";
import type { Candidate } from "./assistant.ts";

const MOST_SHOWN = 60;
const GAP = "  ";

/** Lines of at most `columns` columns, as far as words fit at all. */
export function listCandidates(candidates: readonly Candidate[], columns: number): string[] {
  const shown = candidates.slice(0, MOST_SHOWN).map(({ text, label }) =>
    terminalText(label ?? text)
  );
  const hasLabels = candidates.some(({ label }) => label !== undefined);
  const lines = hasLabels ? shown : inColumns(shown, columns);
  const more = candidates.length - shown.length;
  return more > 0 ? [...lines, `... and ${more.toLocaleString("en")} more`] : lines;
}

/** Down the columns, as `ls` does it. */
function inColumns(words: readonly string[], columns: number): string[] {
  const width = Math.max(...words.map(textWidth)) + GAP.length;
  const perRow = Math.max(1, Math.floor((columns + GAP.length) / width));
  const rows = Math.ceil(words.length / perRow);
  return Array.from({ length: rows }, (_, row) =>
    words.filter((_, index) => index % rows === row)
      .map((word) => word + " ".repeat(width - textWidth(word)))
      .join("").trimEnd());
}
