/**
 * Keeps the line being typed on the screen of a terminal that moves its cursor as told (ECMA-48),
 * which is nearly every one: over several rows, redrawing no more than has changed.
 *
 * @module
 */

import { graphemeBoundary, graphemeEnd } from "../codec/grapheme.ts";
import type { InputView } from "./input_line.ts";
import { down, horizontal, right, up } from "./cursor_moves.ts";
import { cutToHeight, type Layout, layOut, type ScreenRow } from "./layout.ts";
import type { Painter } from "./painter.ts";
import { commonAscii, firstDifference } from "./row_difference.ts";
import { rowsAboveCaret } from "./reflow.ts";
import { type Reflow, reflowOf } from "./terminal_report.ts";

/** xterm's bracketed paste mode on, and the question which terminal it is (secondary DA). */
const BEGIN = "\x1b[?2004h\x1b[>c";
const END = "\x1b[?2004l";
const ERASE_BELOW = "\x1b[J";
const ERASE_ALL = "\x1b[H\x1b[2J";
const BOLD = "\x1b[1m";
const PLAIN = "\x1b[0m";
/** Of a window's rows the line being typed takes at most half, and not more than that many. */
const MOST_ROWS = 12;

export class AnsiPainter implements Painter {
  #isStyled = true;
  #columns: number;
  #height = 1;
  /** What is on the screen. */
  #shown: Layout | undefined;
  #shownColumns = 0;
  /** How many rows above the cursor the line begins. */
  #rowsAbove = 0;
  /** Whether the terminal may have moved what is on the screen. */
  #isStale = false;
  #reflow: Reflow = "all";
  /** The view drawn last, and what draws it anew: in a busy room it is asked for over and over. */
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

  begin(): string {
    return BEGIN;
  }

  end(): string {
    return END;
  }

  report(text: string): void {
    this.#reflow = reflowOf(text) ?? this.#reflow;
  }

  resize(columns: number, rows: number): void {
    this.#height = Math.max(1, Math.min(rows >> 1, MOST_ROWS));
    this.#columns = columns;
    this.#layout = undefined;
    if (!this.#shown) return;
    this.#isStale = true;
    this.#rowsAbove = columns === this.#shownColumns
      ? this.#shown.caretRow
      : rowsAboveCaret(this.#shown, columns, this.#reflow);
  }

  erase(): string {
    const shown = this.#shown;
    this.#shown = undefined;
    if (!shown || shown.rows.length === 1 && shown.rows[0].text === "") return "";
    return `${up(this.#rowsAbove)}\r${ERASE_BELOW}`;
  }

  clear(): string {
    this.#shown = undefined;
    return ERASE_ALL;
  }

  update(view: InputView): string {
    const erased = this.#isStale ? this.erase() : "";
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

  #layOut(view: InputView): Layout {
    const isSame = view.text === this.#view.text && view.cursor === this.#view.cursor &&
      view.prompt === this.#view.prompt;
    if (this.#layout && isSame) return this.#layout;
    this.#view = view;
    this.#drawing = undefined;
    return this.#layout = cutToHeight(layOut(view, this.#columns), this.#height);
  }

  /** From one layout to another, the cursor being where the first one has it. */
  #change(shown: Layout, next: Layout): string {
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
    // Erased before printing: on a full row the cursor is on its last character. But not from a
    // row's beginning, for that would part it from the row that it goes on from.
    const kept = index === 0 && row > 0 ? graphemeEnd(text, 0) : index;
    const head = kept > 0 || row === 0 ? text.slice(index, kept) : " ";
    return move + head + ERASE_BELOW + (kept > 0 ? "" : "\r") + this.#print(next, row, kept);
  }

  /** Up to which character both have the same in a row that differs, if it can be gone on there. */
  #firstIndex(shown: Layout, next: Layout, row: number): number {
    const [from, to] = [shown.rows[row].text, next.rows[row].text];
    const isPrinted = to.startsWith(from) && shown.caretRow === row && shown.caretPrefix === from;
    const same = isPrinted && graphemeBoundary(to, from.length) === from.length
      ? from.length
      : commonAscii(from, to);
    if (row === 0 && same < next.promptLength) return 0;
    // At the end of a full row there is no place for the cursor, and nothing makes it go on.
    return same === to.length && next.rows[row].columns === this.#columns ? 0 : same;
  }

  /** Prints from a place on, where the cursor is, and puts the cursor where it belongs. */
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

  /** A row's text from a place on, with its prompt in bold. */
  #textOf({ rows, promptLength }: Layout, row: number, from: number, to?: number): string {
    const text = rows[row].text.slice(from, to);
    if (row > 0 || from > 0 || promptLength === 0 || !this.isStyled) return text;
    return BOLD + text.slice(0, promptLength) + PLAIN + text.slice(promptLength);
  }

  /** From the cursor's place in `shown` to a place in the rows that it has in common with `next`. */
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

  /** From the beginning of the cursor's row to the cursor. */
  #toCaret(layout: Layout): string {
    const { rows, caretRow, caretColumn, caretPrefix } = layout;
    // Only by printing what is before it can the cursor be brought to where the terminal has it.
    return rows[caretRow].isCertain
      ? right(caretColumn)
      : this.#textOf(layout, caretRow, 0, caretPrefix.length);
  }
}

/** From the end of a row to the beginning of the next. */
function lineBreak(row: ScreenRow, next: ScreenRow): string {
  if (!row.goesOn) return "\r\n";
  // The terminal goes on once there is something to print.
  return next.text === "" ? " \r" : "";
}
