/**
 * The rows of a message on a screen.
 *
 * @module
 */

import { textWidth } from "../../../codec/text_width.ts";
import { countText } from "../../../domain/wording.ts";
import type { StyledLine, StyleRange } from "./formatted_lines.ts";
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

/** The same of lines with styles, which the rows have at their places. */
export function styledRows(
  start: string,
  lines: readonly StyledLine[],
  width: number,
): StyledLine[] {
  const indent = textWidth(start);
  const margin = width === 0 ? start : " ".repeat(hangingIndent(indent, width));
  return lines.flatMap(({ text, styles }, index) => {
    const before = index === 0 ? start : margin;
    const shifted = shift(styles, before.length);
    const source = before + text;
    if (width === 0) return [{ text: source, styles: shifted }];
    const rows = wrap(source, width, indent);
    return rows.length === 1 ? [{ text: rows[0], styles: shifted }] : spread(
      source,
      shifted,
      rows,
      hangingIndent(indent, width),
    );
  });
}

/** Finds the places of styles in the rows that a line was wrapped to. */
function spread(
  source: string,
  styles: readonly StyleRange[],
  rows: readonly string[],
  margin: number,
): StyledLine[] {
  let at = 0;
  let first = 0;
  return rows.map((text, index) => {
    const indent = index === 0 ? 0 : margin;
    // Wrapping drops only the blanks between two rows.
    if (index > 0) { while (source[at] === " ") at++; }
    const from = at;
    at += text.length - indent;
    while (first < styles.length && styles[first].end <= from) first++;
    const own: StyleRange[] = [];
    for (let next = first; next < styles.length && styles[next].start < at; next++) {
      const { start, end, code } = styles[next];
      own.push({ start: Math.max(start, from), end: Math.min(end, at), code });
    }
    return { text, styles: shift(own, indent - from) };
  });
}

/** Styles of a text that has moved. */
export function shift(styles: readonly StyleRange[], by: number): readonly StyleRange[] {
  return by === 0 ? styles : styles.map(({ start, end, code }) => ({
    start: start + by,
    end: end + by,
    code,
  }));
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
