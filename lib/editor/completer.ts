/**
 * The Tab key: goes on with a word as far as is certain, and at the second time lists what it may
 * be.
 *
 * @module
 */

import type { Assistant, Candidate } from "./assistant.ts";
import type { TextBuffer } from "./text_buffer.ts";

/** What a Tab came to: the word went on, it may be more than one, there is none, or the list. */
export type TabOutcome = "done" | "ambiguous" | "none" | readonly Candidate[];

/** @param isSecond Whether the key before was Tab as well. */
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
  const common = commonBeginning(candidates.map(({ text }) => text));
  // As it was typed, where that differs only in case.
  if (common.length > before.length - start) buffer.replaceBack(start, common);
  return "ambiguous";
}

/** What all words begin with; in the case of the first one. */
function commonBeginning(words: readonly string[]): string {
  const [first, ...others] = words;
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && first[same].toLowerCase() === other[same]?.toLowerCase()) same++;
    length = same;
  }
  // Never half of a pair.
  const last = first.charCodeAt(length - 1);
  return first.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
