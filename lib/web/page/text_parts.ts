/**
 * Splits a text into plain text, links, mentions, event numbers and rooms.
 *
 * @module
 */

import { parseFormatting } from "../../domain/text/formatting.ts";
import { linksIn } from "../../domain/text/link.ts";
import { mentionsIn } from "../../domain/text/mention.ts";
import { printedText } from "../../domain/text/printed_text.ts";

export type TextPart =
  | { readonly type: "text"; readonly text: string }
  /** `href` is always `http:` or `https:`. */
  | { readonly type: "link"; readonly text: string; readonly href: string }
  /** `#12`, if that event exists. */
  | { readonly type: "event"; readonly text: string; readonly seq: number }
  /** `#lobby`, in what the server says. */
  | { readonly type: "room"; readonly text: string; readonly room: string }
  | { readonly type: "mention"; readonly text: string };

/** A stretch of a text that people have formatted by signs. */
export type FormattedText =
  | { readonly type: "code"; readonly text: string }
  /** Lines of code. The line ends around it are left out. */
  | { readonly type: "block"; readonly text: string }
  | {
    readonly type: "run";
    readonly isBold?: true;
    readonly isItalic?: true;
    readonly parts: readonly TextPart[];
  };

export interface TextPartsOptions {
  /** The user's name; `""` to find no mentions. */
  readonly name: string;
  /** The highest event number in the room; 0 to find no event numbers. */
  readonly lastSeq: number;
  /** Whether to find names of rooms. People write `#` before other words, too. */
  readonly hasRooms?: boolean;
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly part: TextPart;
}

const EVENT = /(?<![\p{L}\p{Nd}_#&/])#(\d{1,15})(?![\p{L}\p{Nd}_])/gu;
/** The full stop after a name ends the sentence. */
const ROOM = /(?<![\p{L}\p{Nd}_#&/])#([\p{L}\p{M}\p{Nd}_.-]*[\p{L}\p{M}\p{Nd}_-])/gu;
// deno-lint-ignore no-control-regex -- control characters except tab and newline
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Splits a text; the parts joined are its {@linkcode visibleText}. */
export function textParts(text: string, options: TextPartsOptions): TextPart[] {
  const { name, lastSeq, hasRooms } = options;
  const shown = visibleText(text);
  const rooms = hasRooms ? roomsIn(shown) : [];
  const found = [...links(shown), ...events(shown, lastSeq), ...mentions(shown, name), ...rooms]
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

/** Splits a text by how it is formatted, without the signs. */
export function formattedText(text: string, options: TextPartsOptions): FormattedText[] {
  const found: FormattedText[] = [];
  let plain = "";
  const endPlain = () => {
    if (plain !== "") found.push({ type: "run", parts: textParts(plain, options) });
    plain = "";
  };
  for (const part of parseFormatting(visibleText(text))) {
    if (part.type === "code") {
      endPlain();
      found.push({ type: "block", text: part.lines.join("\n") });
      continue;
    }
    part.lines.forEach((pieces, index) => {
      if (index > 0) plain += "\n";
      for (const { text, isCode, start: _start, ...style } of pieces) {
        if (!isCode && !style.isBold && !style.isItalic) {
          plain += text;
          continue;
        }
        endPlain();
        if (isCode) found.push({ type: "code", text });
        else found.push({ type: "run", ...style, parts: textParts(text, options) });
      }
    });
  }
  endPlain();
  return found;
}

/**
 * A message as one line of text, without the characters that format it, including the fences of a
 * code block that was folded into one line.
 */
export function unformatted(text: string): string {
  const lines = parseFormatting(visibleText(text)).flatMap((part) =>
    part.type === "code"
      ? part.lines
      : part.lines.map((pieces) => pieces.map(({ text }) => text).join(""))
  );
  return lines.join(" ").replaceAll("```", " ").replace(/\s+/g, " ").trim();
}

/** A text of at most `most` characters, and `…` if there were more. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

/** The text as a terminal shows it, with control characters as their Unicode symbols. */
export function visibleText(text: string): string {
  return printedText(text).replace(CONTROLS, (control) => {
    const code = control.charCodeAt(0);
    return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
  });
}

function* links(text: string): Iterable<Found> {
  for (const [start, end] of linksIn(text)) {
    const link = text.slice(start, end);
    const href = safeHref(link);
    if (href !== undefined) yield { start, end, part: { type: "link", text: link, href } };
  }
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

function* roomsIn(text: string): Iterable<Found> {
  for (const { 0: match, 1: room, index } of text.matchAll(ROOM)) {
    if (/^\d+$/.test(room)) continue;
    yield { start: index, end: index + match.length, part: { type: "room", text: match, room } };
  }
}
