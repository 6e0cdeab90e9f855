/**
 * Wraps lines at a width set by the user.
 *
 * @module
 */

import { graphemes } from "../../../codec/grapheme.ts";
import { graphemeWidth, textWidth } from "../../../codec/text_width.ts";

const LEAST_INDENT = 2;

/**
 * Wraps `text` at `width` columns, between words if possible.
 *
 * @param indent Columns by which all lines but the first are indented; 2 if that would leave less
 * than two thirds of the width.
 */
export function wrap(text: string, width: number, indent = LEAST_INDENT): string[] {
  if (textWidth(text) <= width) return [text];
  const start = " ".repeat(hangingIndent(indent, width));
  const lines: string[] = [];
  let line = "";
  let columns = 0;
  for (const piece of pieces(text, width - start.length)) {
    const pieceColumns = textWidth(piece);
    if (columns + pieceColumns > width && line !== "") {
      lines.push(line.trimEnd());
      line = start;
      columns = start.length;
      if (piece.trim() === "") continue;
    }
    line += piece;
    columns += pieceColumns;
  }
  if (line.trim() !== "") lines.push(line);
  return lines;
}

/** The indent of continuation lines. */
export function hangingIndent(wanted: number, width: number): number {
  return wanted > width / 3 ? LEAST_INDENT : wanted;
}

/** Words and the spaces between them; words wider than a line come in parts. */
function* pieces(text: string, width: number): Iterable<string> {
  for (const piece of text.split(/( +)/)) {
    let part = "";
    let columns = 0;
    for (const grapheme of graphemes(piece)) {
      const { columns: more } = graphemeWidth(grapheme);
      if (columns + more > width) {
        yield part;
        part = "";
        columns = 0;
      }
      part += grapheme;
      columns += more;
    }
    if (part !== "") yield part;
  }
}
