/**
 * Snippets: the part of an event that shows why it was found.
 *
 * @module
 */

import type { EventText } from "./event_matcher.ts";
import { valuesOf } from "./field_values.ts";
import { searchableTexts } from "./searchable_text.ts";
import type { SnippetPart } from "./snippet_part.ts";
import { FoldedText, type Phrase, type TextRange } from "./words.ts";

/** Characters of a body in a snippet; of a longer body, those around the first match. */
const MAX_CHARACTERS = 300;
/** Characters of these before the first match. */
const LEAD_CHARACTERS = 60;
/** The largest number of matching fields in a snippet. */
const MAX_FIELDS = 3;
const CUT = "…";
/** Between a text and what overwrote it. */
const REDRAWS = /\r+/g;

/** Creates a snippet of the body, and of fields that match where the body does not. */
export function snippetOf(event: EventText, phrases: readonly Phrase[]): SnippetPart[] {
  const { text, ranges, unseen } = findAll(event.body, phrases);
  const parts = markedParts(text, merge(ranges), windowOf(text, ranges));
  return unseen.length === 0 ? parts : [...parts, ...fieldParts(event, unseen)];
}

interface Findings {
  /** The text that was searched, as it is shown. */
  readonly text: string;
  readonly ranges: readonly TextRange[];
  /** The phrases that are not in the text. */
  readonly unseen: readonly Phrase[];
}

/** Finds phrases in a text as it is shown or, if that shows more of them, in all that it wrote. */
function findAll(source: string, phrases: readonly Phrase[]): Findings {
  const [shown, written] = searchableTexts(source);
  const inShown = findIn(shown, phrases);
  if (written === undefined || inShown.unseen.length === 0) return inShown;
  const inWritten = findIn(written.replace(REDRAWS, " ").trimEnd(), phrases);
  return inWritten.unseen.length < inShown.unseen.length ? inWritten : inShown;
}

function findIn(text: string, phrases: readonly Phrase[]): Findings {
  const folded = new FoldedText(text);
  const unseen: Phrase[] = [];
  const ranges: TextRange[] = [];
  for (const phrase of phrases) {
    const found = folded.find(phrase);
    if (found.length === 0) unseen.push(phrase);
    ranges.push(...found);
  }
  return { text, ranges, unseen };
}

function fieldParts(event: EventText, phrases: readonly Phrase[]): SnippetPart[] {
  const parts: SnippetPart[] = [];
  let count = 0;
  for (const { path, value } of valuesOf(event.fields)) {
    const { text, ranges } = findAll(value, phrases);
    if (ranges.length === 0) continue;
    if (++count > MAX_FIELDS) break;
    parts.push({ text: ` ${path}=`, isMatch: false });
    parts.push(...markedParts(text, merge(ranges), windowOf(text, ranges)));
  }
  return parts;
}

/** The range of a text that is shown. */
function windowOf(text: string, ranges: readonly TextRange[]): TextRange {
  if (text.length <= MAX_CHARACTERS) return { start: 0, end: text.length };
  const first = Math.min(...ranges.map(({ start }) => start), text.length);
  const isNearStart = ranges.length === 0 || first + LEAD_CHARACTERS < MAX_CHARACTERS;
  const start = isNearStart ? 0 : Math.min(first - LEAD_CHARACTERS, text.length - MAX_CHARACTERS);
  return { start: wholeAt(text, start), end: wholeAt(text, start + MAX_CHARACTERS) };
}

function markedParts(
  text: string,
  ranges: readonly TextRange[],
  { start, end }: TextRange,
): SnippetPart[] {
  const parts: SnippetPart[] = [];
  const add = (from: number, to: number, isMatch: boolean) => {
    const piece = text.slice(Math.max(from, start), Math.min(to, end));
    if (piece !== "") parts.push({ text: piece, isMatch });
  };
  if (start > 0) parts.push({ text: CUT, isMatch: false });
  let at = start;
  for (const range of ranges) {
    add(at, range.start, false);
    add(range.start, range.end, true);
    at = Math.max(at, range.end);
  }
  add(at, end, false);
  if (end < text.length) parts.push({ text: CUT, isMatch: false });
  return parts;
}

/** Sorts ranges, and joins those that touch. */
function merge(ranges: readonly TextRange[]): TextRange[] {
  const merged: TextRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && range.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** `at`, or one less if `at` splits a surrogate pair. */
function wholeAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return at > 0 && code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
