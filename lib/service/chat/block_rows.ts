/**
 * The rows of a message on a screen.
 *
 * @module
 */

import { textWidth } from "../../codec/text_width.ts";
import { countText } from "../../domain/wording.ts";
import { hangingIndent, wrap } from "./wrap.ts";

/** Rows of a block that a window shows at once; a message may have hundreds. */
const MAX_LINES = 60;

/**
 * The lines of a message as rows.
 *
 * - In a window, they are wrapped, and all but the first are indented, so that none of them looks
 *   like the beginning of a message.
 * - Programs, and readers of unknown width, get each line with `start` before it.
 *
 * @param start Who says it and where: `<jack> `.
 * @param width Of the window, in columns; 0 if it is unknown.
 */
export function blockRows(start: string, lines: readonly string[], width: number): string[] {
  if (width === 0) return lines.map((line) => start + line);
  const indent = textWidth(start);
  const margin = " ".repeat(hangingIndent(indent, width));
  return lines.flatMap((line, index) => wrap((index === 0 ? start : margin) + line, width, indent));
}

/**
 * The first lines of a block that is too long for a window, and how to see the others.
 *
 * @param reference Names it in a command: `#12`, or `ops#12`.
 */
export function firstLines(lines: readonly string[], reference: string): readonly string[] {
  if (lines.length <= MAX_LINES) return lines;
  const rest = countText(lines.length - MAX_LINES + 1, "more line");
  return [...lines.slice(0, MAX_LINES - 1), `… ${rest}: /history 1 around ${reference}`];
}
