/**
 * Formatting as people type it: `code`, fenced code, **bold** and *italic*. What looks like it by
 * accident stays as it is: 2*3*4, snake_case, *.ts, **kwargs.
 *
 * Pure, and linear in the length of the text. Only the signs are lost, and the language that
 * the fence of some code names.
 *
 * @module
 */

import { linksIn } from "./link.ts";

/** A stretch of a line that looks the same. */
export interface FormattedPiece {
  /** Without the signs; not empty. */
  readonly text: string;
  /** Its index in the line. */
  readonly start: number;
  readonly isBold?: true;
  readonly isItalic?: true;
  readonly isCode?: true;
}

/** Lines of text, or of fenced code without the fences. */
export type FormattedPart =
  | { readonly type: "text"; readonly lines: readonly (readonly FormattedPiece[])[] }
  | { readonly type: "code"; readonly lines: readonly string[] };

/** Signs in a line, in order, without overlaps: `*`, `**` and `***`, and spans of code. */
interface Sign {
  readonly start: number;
  readonly end: number;
  readonly style: Style;
}

type Style = "bold" | "italic" | "both" | "code";

/** Of a trimmed line: a regular expression with blanks at both ends would not be linear. */
const FENCE = /^``` ?[\w+#.-]*$/;
const SIGN = /`+|\*+/g;
const WORD = /[\p{L}\p{N}_]/u;
/** What stands before a word that is emphasized: nothing, a blank, or punctuation that opens. */
const BEFORE_OPENING = /^[\s("'“‘«\[{–—-]?$/;
/** What an emphasized text does not begin with, as parts of paths and of sums do. */
const NOT_FIRST = /^[\s.,/\\*:;!?)\]}|=<>+-]?$/;
/** What it does not end with. */
const NOT_LAST = /^[\s,/\\([{*<|=;]?$/;
const STYLES: readonly (Style | undefined)[] = [undefined, "italic", "bold", "both"];

/** Splits a text, perhaps of several lines with newlines between them. */
export function parseFormatting(text: string): readonly FormattedPart[] {
  const lines = text.split("\n");
  if (!/[`*]/.test(text)) return [{ type: "text", lines: lines.map(plain) }];
  const parts: FormattedPart[] = [];
  let paragraph: (readonly FormattedPiece[])[] = [];
  const endParagraph = () => {
    if (paragraph.length > 0) parts.push({ type: "text", lines: paragraph });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const end = FENCE.test(lines[at].trim()) ? endOfCode(lines, at) : at;
    if (end === at) {
      paragraph.push(parseLine(lines[at]));
      continue;
    }
    endParagraph();
    parts.push({ type: "code", lines: lines.slice(at + 1, end) });
    // To the closing fence, or beyond the last line.
    at = end;
  }
  endParagraph();
  return parts;
}

/**
 * The index of the fence that closes the code, or `lines.length` if nothing closes it; `opening` if
 * the code is empty.
 */
function endOfCode(lines: readonly string[], opening: number): number {
  let end = opening + 1;
  while (end < lines.length && lines[end].trim() !== "```") end++;
  const hasText = lines.slice(opening + 1, end).some((line) => line.trim() !== "");
  return hasText ? end : opening;
}

function plain(line: string): readonly FormattedPiece[] {
  return line === "" ? [] : [{ text: line, start: 0 }];
}

function parseLine(line: string): readonly FormattedPiece[] {
  const signs = findSigns(line);
  if (signs.length === 0) return plain(line);
  const pieces: FormattedPiece[] = [];
  let [at, bold, italic] = [0, 0, 0];
  const add = (end: number, isCode = false) => {
    if (end > at) {
      pieces.push({
        text: line.slice(at, end),
        start: at,
        ...(bold > 0 && { isBold: true }),
        ...(italic > 0 && { isItalic: true }),
        ...(isCode && { isCode: true }),
      });
    }
  };
  const open = new Set<Style>();
  let isInCode = false;
  for (const { start, end, style } of signs) {
    add(start, isInCode);
    at = end;
    if (style === "code") {
      isInCode = !isInCode;
      continue;
    }
    const step = open.delete(style) ? -1 : 1;
    if (step === 1) open.add(style);
    if (style !== "italic") bold += step;
    if (style !== "bold") italic += step;
  }
  add(line.length);
  return pieces;
}

/** Finds the signs that have a partner. */
function findSigns(line: string): readonly Sign[] {
  const runs = Array.from(line.matchAll(SIGN), ({ 0: { length }, index: start }) => ({
    start,
    end: start + length,
  }));
  if (runs.length < 2) return [];
  const links = linksIn(line);
  const nextTicks = partnersOfTicks(line, runs);
  const signs: Sign[] = [];
  /** Openings that have no partner yet, at most one of each style, innermost last. */
  let open: Sign[] = [];
  let link = 0;
  for (let index = 0; index < runs.length; index++) {
    const { start, end } = runs[index];
    while (link < links.length && links[link][1] <= start) link++;
    if (links[link]?.[0] < start) continue;
    if (line[start] === "`") {
      const partner = nextTicks[index];
      if (partner === undefined) continue;
      signs.push({ start, end, style: "code" }, { ...runs[partner], style: "code" });
      index = partner;
      continue;
    }
    const style = STYLES[end - start];
    if (!style) continue;
    const before = characterBefore(line, start);
    const after = characterAt(line, end);
    const isAfterLink = links[link - 1]?.[1] === start;
    const mayEnd = (isAfterLink || !NOT_LAST.test(before)) && isEnd(line, end, after);
    const opening = mayEnd ? open.findLastIndex((sign) => sign.style === style) : -1;
    const [outer, inner] = open.slice(-2);
    if (opening !== -1) {
      signs.push(open[opening], { start, end, style });
      open = open.slice(0, opening);
    } else if (mayEnd && style === "both" && inner) {
      // Both end here, one of them being bold and the other one italic.
      const middle = start + (inner.style === "bold" ? 2 : 1);
      signs.push(inner, { start, end: middle, style: inner.style });
      signs.push(outer, { start: middle, end, style: outer.style });
      open = open.slice(0, -2);
    } else if (BEFORE_OPENING.test(before) && !NOT_FIRST.test(after)) {
      open = [...open.filter((sign) => sign.style !== style), { start, end, style }];
    }
  }
  return signs.sort((one, other) => one.start - other.start);
}

/** For each run of backticks, the next one of the same length that ends a span which is not blank. */
function partnersOfTicks(
  line: string,
  runs: readonly { readonly start: number; readonly end: number }[],
): readonly (number | undefined)[] {
  const partners: (number | undefined)[] = new Array(runs.length);
  const latest = new Map<number, number>();
  for (let index = runs.length - 1; index >= 0; index--) {
    const { start, end } = runs[index];
    if (line[start] !== "`") continue;
    const next = latest.get(end - start);
    // Looks at each blank once: a span that is not blank ends the search at its first character.
    if (next !== undefined && /\S/.test(line.slice(end, runs[next].start))) partners[index] = next;
    latest.set(end - start, index);
  }
  return partners;
}

/** Whether a text may end before a sign: not in the middle of a word, a path or a file name. */
function isEnd(line: string, end: number, after: string): boolean {
  if (WORD.test(after) || after === "*" || after === "/" || after === "\\") return false;
  return after !== "." || !WORD.test(characterAt(line, end + 1));
}

function characterAt(line: string, index: number): string {
  const code = line.codePointAt(index);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function characterBefore(line: string, index: number): string {
  const low = line.charCodeAt(index - 1);
  return line.slice(low >= 0xdc00 && low <= 0xdfff ? index - 2 : index - 1, index);
}
