/**
 * Keeps the line being typed on a terminal of which nothing is known but that it has a carriage
 * return: in one row, of which as much is shown as there is room for.
 *
 * @module
 */

import { graphemeBoundary } from "../codec/grapheme.ts";
import { textWidth } from "../codec/text_width.ts";
import type { InputView } from "./input_line.ts";
import { type Layout, layOut } from "./layout.ts";
import type { Painter } from "./painter.ts";

export class DumbPainter implements Painter {
  isStyled = false;
  #columns: number;
  /** What is on the screen, and what of it is before the cursor. */
  #shown: { readonly text: string; readonly prefix: string } | undefined;

  constructor(columns: number) {
    this.#columns = columns;
  }

  begin(): string {
    return "";
  }

  end(): string {
    return "";
  }

  report(): void {}

  resize(columns: number): void {
    this.#columns = columns;
  }

  erase(): string {
    if (!this.#shown) return "";
    const { text } = this.#shown;
    this.#shown = undefined;
    return text === "" ? "" : `\r${this.#blanks(text, "")}\r`;
  }

  /** A terminal that cannot clear its screen begins on a new row. */
  clear(): string {
    this.#shown = undefined;
    return "\r\n";
  }

  update(view: InputView): string {
    // The last column stays free: in some terminals it takes the cursor to the next row.
    const next = rowWithCaret(layOut(view, this.#columns - 1));
    const shown = this.#shown;
    this.#shown = next;
    if (!shown) return next.text + this.#back(next);
    if (shown.text === next.text && shown.prefix === next.prefix) return "";
    const isAtEnd = shown.prefix === shown.text && next.prefix === next.text;
    if (isAtEnd && isContinued(shown.text, next.text)) return next.text.slice(shown.text.length);
    if (isAtEnd && isContinued(next.text, shown.text)) {
      const removed = textWidth(shown.text) - textWidth(next.text);
      return "\b".repeat(removed) + " ".repeat(removed) + "\b".repeat(removed);
    }
    const blanks = this.#blanks(shown.text, next.text);
    const end = blanks === "" && next.prefix === next.text ? "" : `\r${next.prefix}`;
    return `\r${next.text}${blanks}${end}`;
  }

  #back({ text, prefix }: { readonly text: string; readonly prefix: string }): string {
    return prefix === text ? "" : `\r${prefix}`;
  }

  /** What covers the rest of a text once another one has been printed over it. */
  #blanks(text: string, over: string): string {
    const most = this.#columns - 1 - textWidth(over);
    return " ".repeat(Math.max(0, Math.min(textWidth(text) - textWidth(over), most)));
  }
}

/** The row that the cursor is in, of those that there would be on a better terminal. */
function rowWithCaret({ rows, caretRow, caretPrefix }: Layout) {
  return { text: rows[caretRow].text, prefix: caretPrefix };
}

function isContinued(text: string, longer: string): boolean {
  return longer.startsWith(text) && graphemeBoundary(longer, text.length) === text.length;
}
