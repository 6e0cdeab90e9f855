/**
 * Tab completion: the first Tab extends the word as far as it is unambiguous, the second lists the
 * candidates.
 *
 * @module
 */

import { terminalText } from "../codec/terminal_text.ts";
import { textWidth } from "../codec/text_width.ts";
import type { Assistant, Candidate } from "./assistant.ts";
import type { TextBuffer } from "./text_buffer.ts";

const MAX_LISTED = 60;
const GAP = "  ";

/**
 * The result of a Tab: `"done"` if the word is complete, `"ambiguous"` if several words match,
 * `"none"` if none does, or the candidates to list.
 */
export type TabOutcome = "done" | "ambiguous" | "none" | readonly Candidate[];

/** @param isSecond Whether the previous key was Tab too. */
export function completeWord(
  buffer: TextBuffer,
  assistant: Assistant,
  isSecond: boolean,
): TabOutcome {
  const before = buffer.text.slice(0, buffer.cursor);
  const completion = assistant.complete(before);
  if (!completion || completion.candidates.length === 0) return "none";
  const { start, candidates, suffix } = completion;
  if (candidates.length === 1) {
    const hasSuffix = suffix !== "" && buffer.text.startsWith(suffix, buffer.cursor);
    return buffer.replaceBack(start, candidates[0].text + (hasSuffix ? "" : suffix))
      ? "done"
      : "none";
  }
  if (isSecond) return candidates;
  const common = commonPrefix(candidates.map(({ text }) => text));
  // If only the case would change, keep what was typed.
  if (common.length > before.length - start) buffer.replaceBack(start, common);
  return "ambiguous";
}

/**
 * Formats candidates in lines of at most `columns` columns, one per line if they have labels. A
 * word wider than that still gets a line of its own.
 */
export function listCandidates(candidates: readonly Candidate[], columns: number): string[] {
  const shown = candidates.slice(0, MAX_LISTED).map(({ text, label }) =>
    terminalText(label ?? text)
  );
  const hasLabels = candidates.some(({ label }) => label !== undefined);
  const lines = hasLabels ? shown : inColumns(shown, columns);
  const more = candidates.length - shown.length;
  return more > 0 ? [...lines, `... and ${more.toLocaleString("en")} more`] : lines;
}

/** Fills column after column, like `ls`. */
function inColumns(words: readonly string[], columns: number): string[] {
  const width = Math.max(...words.map(textWidth)) + GAP.length;
  const perRow = Math.max(1, Math.floor((columns + GAP.length) / width));
  const rows = Math.ceil(words.length / perRow);
  return Array.from({ length: rows }, (_, row) =>
    words.filter((_, index) => index % rows === row)
      .map((word) => word + " ".repeat(width - textWidth(word)))
      .join("").trimEnd());
}

/** The longest prefix that all words share, ignoring case, as the first word spells it. */
function commonPrefix(words: readonly string[]): string {
  const [first, ...others] = words;
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && first[same].toLowerCase() === other[same]?.toLowerCase()) same++;
    length = same;
  }
  // Never split a surrogate pair.
  const last = first.charCodeAt(length - 1);
  return first.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
