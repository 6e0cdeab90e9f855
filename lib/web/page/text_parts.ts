/**
 * Splits a text into plain text, links, mentions and event numbers.
 *
 * @module
 */

import { mentionsIn } from "../../domain/mention.ts";
import { withoutTrailing } from "../../domain/trailing.ts";
import { printedText } from "../../domain/printed_text.ts";

export type TextPart =
  | { readonly type: "text"; readonly text: string }
  /** `href` is always `http:` or `https:`. */
  | { readonly type: "link"; readonly text: string; readonly href: string }
  /** `#12`, if that event exists. */
  | { readonly type: "event"; readonly text: string; readonly seq: number }
  | { readonly type: "mention"; readonly text: string };

export interface TextPartsOptions {
  /** The user's name; `""` to find no mentions. */
  readonly name: string;
  /** The highest event number in the room; 0 to find no event numbers. */
  readonly lastSeq: number;
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly part: TextPart;
}

const LINK = /https?:\/\/[^\s<>"'`]+/gi;
/** Punctuation that ends a sentence rather than a link. */
const AFTER_LINK = ".,:;!?…*_~";
const EVENT = /(?<![\p{L}\p{Nd}_#&/])#(\d{1,15})(?![\p{L}\p{Nd}_])/gu;
// deno-lint-ignore no-control-regex -- control characters except tab and newline
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Splits a text; the parts joined are its {@linkcode visibleText}. */
export function textParts(text: string, { name, lastSeq }: TextPartsOptions): TextPart[] {
  const shown = visibleText(text);
  const found = [...links(shown), ...events(shown, lastSeq), ...mentions(shown, name)]
    .sort((one, other) => one.start - other.start);
  const parts: TextPart[] = [];
  let at = 0;
  for (const { start, end, part } of found) {
    // A number or name inside a link belongs to the link.
    if (start < at) continue;
    if (start > at) parts.push({ type: "text", text: shown.slice(at, start) });
    parts.push(part);
    at = end;
  }
  if (at < shown.length) parts.push({ type: "text", text: shown.slice(at) });
  return parts;
}

/** The text as a terminal shows it, with control characters as their Unicode symbols. */
export function visibleText(text: string): string {
  return printedText(text).replace(CONTROLS, (control) => {
    const code = control.charCodeAt(0);
    return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
  });
}

function* links(text: string): Iterable<Found> {
  for (const { 0: match, index } of text.matchAll(LINK)) {
    const link = trimLink(match);
    const href = safeHref(link);
    if (href === undefined) continue;
    yield { start: index, end: index + link.length, part: { type: "link", text: link, href } };
  }
}

/** Removes the punctuation after a link. */
function trimLink(link: string): string {
  let trimmed = withoutTrailing(link, AFTER_LINK);
  // A closing bracket belongs to the link only if its opening bracket does.
  for (const [opening, closing] of ["()", "[]", "{}"]) {
    while (trimmed.endsWith(closing) && count(trimmed, closing) > count(trimmed, opening)) {
      trimmed = withoutTrailing(trimmed.slice(0, -1), AFTER_LINK);
    }
  }
  return trimmed;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function safeHref(link: string): string | undefined {
  const url = URL.parse(link);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  return url.href;
}

function* events(text: string, lastSeq: number): Iterable<Found> {
  for (const { 0: match, 1: digits, index } of text.matchAll(EVENT)) {
    const seq = Number(digits);
    if (seq < 1 || seq > lastSeq) continue;
    yield { start: index, end: index + match.length, part: { type: "event", text: match, seq } };
  }
}

function* mentions(text: string, name: string): Iterable<Found> {
  for (const [start, end] of mentionsIn(text, name)) {
    yield { start, end, part: { type: "mention", text: text.slice(start, end) } };
  }
}
