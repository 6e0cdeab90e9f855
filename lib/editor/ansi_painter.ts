/**
 * Draws the line being typed on a cursor-addressable terminal (ECMA-48), over as many rows as it
 * needs, and redraws only what has changed.
 *
 * @module
 */

import { graphemeBoundary, graphemeEnd } from "../codec/grapheme.ts";
import {
  BOLD,
  down,
  ERASE_ALL,
  ERASE_BELOW,
  ERASE_RIGHT,
  horizontal,
  RESET,
  REVERSE,
  right,
  up,
} from "./ansi.ts";
import type { InputView } from "./input_line.ts";
import { cutToHeight, type Layout, layOut, type ScreenRow, withStatus } from "./layout.ts";
import type { Painter } from "./painter.ts";
import { type Reflow, reflowOf, rowsAboveCaret, SETTLE_MS, settleMsOf } from "./reflow.ts";
import { commonAscii, firstDifference } from "./row_difference.ts";

/** Turns on xterm's bracketed paste mode, and asks for the secondary device attributes. */
const BEGIN = "\x1b[?2004h\x1b[>c";
const END = "\x1b[?2004l";
/** The line being typed takes at most half of the window's rows, and never more than this. */
const MAX_ROWS = 12;
/** In a lower window there is no room for a status. */
const FEWEST_ROWS = 5;

export class AnsiPainter implements Painter {
  #isStyled = true;
  #columns: number;
  #rows = 0;
  #height = 1;
  /** The layout on the screen. */
  #shown: Layout | undefined;
  #shownColumns = 0;
  /** How many rows above the cursor the line starts. */
  #rowsAbove = 0;
  /** Whether the terminal may have moved the rows on the screen. */
  #isStale = false;
  #reflow: Reflow = "all";
  #settleMs = SETTLE_MS;
  /** Whether the line may start in the first row of the screen. */
  #mayBeAtTop = false;
  /** The last view and its drawing, cached because a busy room redraws the line constantly. */
  #view: InputView = { prompt: "", text: "", cursor: 0 };
  #layout: Layout | undefined;
  #drawing: string | undefined;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.resize(columns, rows);
  }

  get isStyled(): boolean {
    return this.#isStyled;
  }

  set isStyled(isStyled: boolean) {
    if (isStyled === this.#isStyled) return;
    this.#isStyled = isStyled;
    this.#isStale = true;
    this.#drawing = undefined;
  }

  get settleMs(): number {
    return this.#settleMs;
  }

  begin(): string {
    return BEGIN;
  }

  end(): string {
    return END;
  }

  report(text: string): void {
    const reflow = reflowOf(text);
    if (reflow === undefined) return;
    this.#reflow = reflow;
    this.#settleMs = settleMsOf(text);
  }

  resize(columns: number, rows: number): void {
    this.#rows = rows;
    this.#height = Math.max(1, Math.min(rows >> 1, MAX_ROWS));
    this.#columns = columns;
    this.#layout = undefined;
    if (!this.#shown) return;
    this.#mayBeAtTop = true;
    this.#isStale = true;
    this.#rowsAbove = columns === this.#shownColumns
      ? this.#shown.caretRow
      : rowsAboveCaret(this.#shown, columns, this.#reflow);
  }

  erase(): string {
    const erased = this.#eraseLine();
    // What follows is put above the line.
    this.#mayBeAtTop = false;
    return erased;
  }

  clear(): string {
    // tmux keeps what it clears in its history, and shows it again when the window grows.
    const erased = this.#eraseLine();
    this.#mayBeAtTop = true;
    return erased + ERASE_ALL;
  }

  update(view: InputView): string {
    const erased = this.#isStale ? this.#eraseLine() : "";
    this.#isStale = false;
    const shown = this.#shown;
    const next = this.#layOut(view);
    this.#shown = next;
    this.#shownColumns = this.#columns;
    this.#rowsAbove = next.caretRow;
    if (shown) return erased + this.#change(shown, next);
    this.#drawing ??= this.#print(next, 0, 0);
    return erased + this.#drawing;
  }

  rowsOf(view: InputView): number {
    return cutToHeight(layOut(view, this.#columns), this.#height).rows.length;
  }

  #eraseLine(): string {
    const shown = this.#shown;
    this.#shown = undefined;
    if (!shown || shown.rows.length === 1 && shown.rows[0].text === "") return "";
    const start = `${up(this.#rowsAbove)}\r`;
    // In the top left corner tmux would take that for clearing the screen.
    return start + (this.#mayBeAtTop ? `${ERASE_RIGHT} ${ERASE_BELOW}\r` : ERASE_BELOW);
  }

  #layOut(view: InputView): Layout {
    const isSame = view.text === this.#view.text && view.cursor === this.#view.cursor &&
      view.prompt === this.#view.prompt && view.status === this.#view.status;
    if (this.#layout && isSame) return this.#layout;
    this.#view = view;
    this.#drawing = undefined;
    const line = cutToHeight(layOut(view, this.#columns), this.#height);
    const { status } = view;
    const isShown = status !== undefined && this.#rows >= FEWEST_ROWS;
    return this.#layout = isShown ? withStatus(line, status, this.#columns) : line;
  }

  /** Turns one layout into another, with the cursor where the first one left it. */
  #change(shown: Layout, next: Layout): string {
    const status = this.#changeStatus(shown, next);
    if (status !== undefined) return status;
    const row = firstDifference(shown.rows, next.rows);
    if (row === undefined) {
      const isSame = shown.caretRow === next.caretRow && shown.caretPrefix === next.caretPrefix;
      return isSame ? "" : this.#moveFrom(shown, next, next.caretRow, next.caretColumn);
    }
    const index = this.#firstIndex(shown, next, row);
    const { text } = next.rows[row];
    const isHere = row === shown.caretRow && shown.caretPrefix === text.slice(0, index);
    const move = isHere ? "" : this.#moveFrom(shown, next, row, index);
    const isLonger = shown.rows.length > row + 1 || shown.rows[row].text.length > index;
    if (!isLonger) return move + this.#print(next, row, index);
    // Erase before printing, because after a full row the cursor is still on its last character.
    // But not from column 0: erasing there would detach the row from the one it is wrapped from.
    const kept = index === 0 && row > 0 ? graphemeEnd(text, 0) : index;
    const head = kept > 0 || row === 0 ? text.slice(index, kept) : " ";
    return move + head + ERASE_BELOW + (kept > 0 ? "" : "\r") + this.#print(next, row, kept);
  }

  /** The change of nothing but the status; `undefined` if anything else changes, too. */
  #changeStatus(shown: Layout, next: Layout): string | undefined {
    const { caretRow, caretPrefix, rows: [status, ...rows] } = next;
    const isOther = shown.hasStatus && next.hasStatus && shown.rows[0].text !== status.text;
    if (!isOther || caretRow !== shown.caretRow || caretPrefix !== shown.caretPrefix) {
      return undefined;
    }
    if (firstDifference(shown.rows.slice(1), rows) !== undefined) return undefined;
    return `${up(caretRow)}\r${this.#textOf(next, 0, 0)}${ERASE_RIGHT}` +
      `${down(caretRow)}\r${this.#toCaret(next)}`;
  }

  /** The index in a changed row from which to print. */
  #firstIndex(shown: Layout, next: Layout, row: number): number {
    const [from, to] = [shown.rows[row].text, next.rows[row].text];
    const isPrinted = to.startsWith(from) && shown.caretRow === row && shown.caretPrefix === from;
    const same = isPrinted && graphemeBoundary(to, from.length) === from.length
      ? from.length
      : commonAscii(from, to);
    if (row === 0 && (shown.hasStatus || next.hasStatus)) return 0;
    if (row === lineRow(next) && same < next.promptLength) return 0;
    // The cursor cannot be placed after a full row, and nothing would be printed to wrap it.
    return same === to.length && next.rows[row].columns === this.#columns ? 0 : same;
  }

  /** Prints the rest of the layout from where the cursor is, then moves the cursor to the caret. */
  #print(layout: Layout, fromRow: number, fromIndex: number): string {
    const { rows, caretRow, caretPrefix } = layout;
    const last = rows.length - 1;
    let text = "";
    for (let row = fromRow; row <= last; row++) {
      text += this.#textOf(layout, row, row === fromRow ? fromIndex : 0);
      if (row < last) text += lineBreak(rows[row], rows[row + 1]);
    }
    const isAtEnd = caretRow === last && caretPrefix === rows[last].text;
    return isAtEnd ? text : `${text}\r${up(last - caretRow)}${this.#toCaret(layout)}`;
  }

  /** Part of a row's text, with the prompt in bold, and the status in reverse video. */
  #textOf(layout: Layout, row: number, from: number, to?: number): string {
    const { rows, promptLength } = layout;
    const text = rows[row].text.slice(from, to);
    if (!this.isStyled || text === "") return text;
    if (row < lineRow(layout)) return REVERSE + text + RESET;
    if (row > lineRow(layout) || from > 0 || promptLength === 0) return text;
    return BOLD + text.slice(0, promptLength) + RESET + text.slice(promptLength);
  }

  /** Moves the cursor from its place in `shown` to one in the rows that `next` has in common. */
  #moveFrom(shown: Layout, next: Layout, row: number, column: number): string {
    const rows = row - shown.caretRow;
    const vertical = rows < 0 ? up(-rows) : down(rows);
    if (row === next.caretRow && column === next.caretColumn) {
      const isCertain = next.rows[row].isCertain && shown.rows[row].isCertain;
      if (rows === 0 && isCertain) return horizontal(column - shown.caretColumn);
      return `${vertical}\r${this.#toCaret(next)}`;
    }
    return `${vertical}\r${right(column)}`;
  }

  /** Moves from the start of the caret's row to the caret. */
  #toCaret(layout: Layout): string {
    const { rows, caretRow, caretColumn, caretPrefix } = layout;
    // If the width is uncertain, only printing the text again finds the terminal's own column.
    return rows[caretRow].isCertain
      ? right(caretColumn)
      : this.#textOf(layout, caretRow, 0, caretPrefix.length);
  }
}

/** The index of the line's first row. */
function lineRow({ hasStatus }: Layout): number {
  return hasStatus ? 1 : 0;
}

/** Moves from the end of a row to the start of the next. */
function lineBreak(row: ScreenRow, next: ScreenRow): string {
  if (!row.wraps) return "\r\n";
  // The terminal wraps only when it has something to print.
  return next.text === "" ? " \r" : "";
}
