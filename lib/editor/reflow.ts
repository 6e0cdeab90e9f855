/**
 * What becomes of a line on the screen when the terminal wraps it anew.
 *
 * @module
 */

import { graphemeEnd, graphemes } from "../codec/grapheme.ts";
import { graphemeWidth } from "../codec/text_width.ts";
import type { Layout, ScreenRow } from "./layout.ts";
import type { Reflow } from "./terminal_report.ts";

/** How many rows above the cursor a layout begins, once the window has so many columns. */
export function rowsAboveCaret(layout: Layout, columns: number, reflow: Reflow): number {
  const { rows, caretRow, caretPrefix } = layout;
  if (reflow === "none") return caretRow;
  let above = 0;
  /** The rows that are one line with that of the cursor. */
  let own: ScreenRow[] = [];
  for (const row of rows.slice(0, caretRow)) {
    own.push(row);
    if (row.goesOn) continue;
    above += countRows(textOf(own), columns);
    own = [];
  }
  if (reflow === "others") return above + own.length;
  const { text } = rows[caretRow];
  const isAtEnd = caretRow === rows.length - 1 && caretPrefix === text;
  // At the end of a full row some terminals have the cursor on that row and others on the next.
  // Too few rows leave a trace of the line; too many would take what others have said.
  const under = isAtEnd
    ? ""
    : text.slice(caretPrefix.length, graphemeEnd(text, caretPrefix.length));
  return above + countRows(textOf(own) + caretPrefix + under, columns) - 1;
}

function textOf(rows: readonly ScreenRow[]): string {
  return rows.map(({ text }) => text).join("");
}

/** How many rows a line takes, at least one. */
function countRows(line: string, columns: number): number {
  let rows = 1;
  let width = 0;
  for (const character of graphemes(line)) {
    const { columns: more } = graphemeWidth(character);
    if (width + more > columns) {
      rows++;
      width = 0;
    }
    width += more;
  }
  return rows;
}
