/**
 * Draws the line being typed in one row, for terminals that understand nothing but carriage return
 * and backspace.
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
  readonly settleMs = 0;
  #columns: number;
  /** The text on the screen, and the part of it before the cursor. */
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

  rowsOf(): number {
    return 1;
  }

  erase(): string {
    if (!this.#shown) return "";
    const { text } = this.#shown;
    this.#shown = undefined;
    return text === "" ? "" : `\r${this.#blanks(text, "")}\r`;
  }

  /** Starts a new row, because this terminal cannot clear its screen. */
  clear(): string {
    this.#shown = undefined;
    return "\r\n";
  }

  update(view: InputView): string {
    // Printing in the last column moves the cursor to the next row on some terminals.
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

  /** The spaces that cover the rest of `text` after `over` has been printed on top of it. */
  #blanks(text: string, over: string): string {
    const most = this.#columns - 1 - textWidth(over);
    return " ".repeat(Math.max(0, Math.min(textWidth(text) - textWidth(over), most)));
  }
}

/** The only row shown: the cursor's. */
function rowWithCaret({ rows, caretRow, caretPrefix }: Layout) {
  return { text: rows[caretRow].text, prefix: caretPrefix };
}

function isContinued(text: string, longer: string): boolean {
  return longer.startsWith(text) && graphemeBoundary(longer, text.length) === text.length;
}
