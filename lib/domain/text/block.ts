/**
 * Messages of several lines, "blocks": one event whose body has a newline between its lines.
 *
 * @module
 */

import { DomainError } from "../domain_error.ts";
import { countText, groupDigits } from "../wording.ts";
import { withoutTrailing } from "./trailing.ts";

/** The largest message that people may send. */
export interface BlockLimits {
  /** In bytes of UTF-8. */
  readonly bytes: number;
  readonly lines: number;
}

export const DEFAULT_BLOCK_LIMITS: BlockLimits = { bytes: 16 * 1024, lines: 200 };

/** Between the lines of a block that is shown on one line. */
export const BREAK_SIGN = " / ";

/** Unicode's separators end a line, too. The logs of earlier versions have them for newlines. */
const LINE_END = /[\n\u2028\u2029]/;
const BLANKS = " \t\r\n";

const encoder = new TextEncoder();

/** Whether a text has several lines. */
export function isBlock(text: string): boolean {
  return LINE_END.test(text);
}

/** The lines of a message; at least one. */
export function linesOf(body: string): string[] {
  return LINE_END.test(body) ? body.split(LINE_END) : [body];
}

/** The number of lines of a text. */
export function countLines(text: string): number {
  return LINE_END.test(text) ? text.split(LINE_END).length : 1;
}

/** A message on one line. */
export function onOneLine(body: string): string {
  return LINE_END.test(body) ? body.split(LINE_END).join(BREAK_SIGN) : body;
}

/**
 * A text as the body of a message: one kind of line end, and no blank lines at the end. A text of
 * one line is returned as it is; one of blank lines only becomes `""`.
 */
export function toBody(text: string): string {
  if (!LINE_END.test(text)) return text;
  const body = text.replace(/\r\n|[\u2028\u2029]/g, "\n");
  const { length } = withoutTrailing(body, BLANKS);
  const end = length === 0 ? 0 : body.indexOf("\n", length);
  return end === -1 ? body : body.slice(0, end);
}

/**
 * Makes sure that a message is not too large.
 *
 * @throws {DomainError} `too-long`.
 */
export function requireFitting(body: string, limits: BlockLimits): void {
  const excess = excessOf(body, limits);
  if (excess !== undefined) throw new DomainError("too-long", `${excess} Send it in parts.`);
}

/** By how much a message is too large, in a sentence; `undefined` if it is not. */
export function excessOf(body: string, { bytes, lines }: BlockLimits): string | undefined {
  // A UTF-16 unit has at most three bytes.
  if (body.length * 3 > bytes) {
    const { length } = encoder.encode(body);
    if (length > bytes) {
      return `A message may have up to ${countText(bytes, "byte")}; this one has ${
        groupDigits(length)
      }.`;
    }
  }
  const count = countLines(body);
  if (count <= lines) return undefined;
  return `A message may have up to ${countText(lines, "line")}; this one has ${
    groupDigits(count)
  }.`;
}

/**
 * As {@linkcode excessOf}, of the lines that have come so far. Blank lines at the end do not count,
 * because the message may end with them; but nobody can send them for ever.
 */
export function excessSoFar(lines: readonly string[], limits: BlockLimits): string | undefined {
  const text = lines.join("\n");
  const isEndless = excessOf(text, { bytes: 2 * limits.bytes, lines: 2 * limits.lines });
  return excessOf(isEndless === undefined ? toBody(text) : text, limits);
}
