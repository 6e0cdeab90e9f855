/**
 * Predicts where a line on the screen ends up when the window changes and the terminal reflows it.
 *
 * @module
 */

import { graphemeEnd, graphemes } from "../codec/grapheme.ts";
import { graphemeWidth } from "../codec/text_width.ts";
import type { Layout, ScreenRow } from "./layout.ts";

/**
 * What a terminal rewraps when its window changes width: all lines, all but the cursor's line, or
 * none.
 */
export type Reflow = "all" | "others" | "none";

/**
 * Secondary device attributes of xterm (whose second number is its version; iTerm2 claims 2500),
 * rxvt, GNU screen and PuTTY.
 */
const NEVER_REFLOWS = /^>(41;[1-9]\d{0,2};|8[235];|0;136;)/;
const XTERM_JS = /^>0;276;/;
const TMUX = /^>84;/;
const DEVICE_ATTRIBUTES = /^>[\d;]*c$/;

/** {@linkcode settleMsOf} a terminal that has not answered. */
export const SETTLE_MS = 100;
/** tmux rewraps at once, but reports a change only 250 ms after the one before. */
const TMUX_SETTLE_MS = 300;

/**
 * Reads a terminal's answer to "secondary device attributes" (`CSI > c`); `undefined` if the report
 * is about something else. An unknown terminal is assumed to reflow everything, as most do.
 */
export function reflowOf(report: string): Reflow | undefined {
  if (!DEVICE_ATTRIBUTES.test(report)) return undefined;
  if (NEVER_REFLOWS.test(report)) return "none";
  return XTERM_JS.test(report) ? "others" : "all";
}

/**
 * How long nothing should be drawn after a change of the window. Somebody who drags its border
 * changes it many times, and what is drawn for one size would arrive at another; meanwhile the
 * terminal rewraps the line by itself. One that does not rewrap it shows it where it was.
 */
export function settleMsOf(report: string): number {
  if (reflowOf(report) !== "all") return 0;
  return TMUX.test(report) ? TMUX_SETTLE_MS : SETTLE_MS;
}

/** How many rows above the cursor a layout starts once the window is `columns` wide. */
export function rowsAboveCaret(layout: Layout, columns: number, reflow: Reflow): number {
  const { rows, caretRow, caretPrefix } = layout;
  if (reflow === "none") return caretRow;
  let above = 0;
  /** The rows that the terminal has joined into one line with the cursor's row. */
  let own: ScreenRow[] = [];
  for (const row of rows.slice(0, caretRow)) {
    own.push(row);
    if (row.wraps) continue;
    above += countRows(textOf(own), columns);
    own = [];
  }
  if (reflow === "others") return above + own.length;
  const { text } = rows[caretRow];
  const isAtEnd = caretRow === rows.length - 1 && caretPrefix === text;
  // After a full row some terminals leave the cursor on that row and others move it to the next.
  // Too low an estimate leaves a trace of the line; too high a one would erase other output.
  const under = isAtEnd
    ? ""
    : text.slice(caretPrefix.length, graphemeEnd(text, caretPrefix.length));
  return above + countRows(textOf(own) + caretPrefix + under, columns) - 1;
}

function textOf(rows: readonly ScreenRow[]): string {
  return rows.map(({ text }) => text).join("");
}

/** How many rows a line takes, at least 1. */
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
