/**
 * Breaking a line at a width that the terminal did not choose.
 *
 * @module
 */

import stringWidth from "string-width";

const INDENT = "  ";

/**
 * `text` in lines of at most `width` columns, broken between words where there are any; all lines
 * but the first are indented.
 */
export function wrap(text: string, width: number): string[] {
  if (stringWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = "";
  let columns = 0;
  for (const piece of pieces(text, width - INDENT.length)) {
    const pieceColumns = stringWidth(piece);
    if (columns + pieceColumns > width && line !== "") {
      lines.push(line.trimEnd());
      line = INDENT;
      columns = INDENT.length;
      if (piece.trim() === "") continue;
    }
    line += piece;
    columns += pieceColumns;
  }
  if (line.trim() !== "") lines.push(line);
  return lines;
}

/** Words and the spaces between them; words too wide for a line in parts. */
function* pieces(text: string, width: number): Iterable<string> {
  for (const piece of text.split(/( +)/)) {
    let part = "";
    let columns = 0;
    for (const character of piece) {
      const characterColumns = stringWidth(character);
      if (columns + characterColumns > width) {
        yield part;
        part = "";
        columns = 0;
      }
      part += character;
      columns += characterColumns;
    }
    if (part !== "") yield part;
  }
}
