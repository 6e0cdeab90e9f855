/**
 * Texts as a terminal prints them. Programs write colours, and progress bars that return to the
 * start of the line. Texts are stored as received; code that shows, searches or measures one calls
 * this file first.
 *
 * @module
 */

// deno-lint-ignore-file no-control-regex -- this file is about control characters

import { withoutTrailing } from "./trailing.ts";

const ESC = "\\x1b";
/** Sequences that change how text looks, or put a link on it. They take no room. */
const STYLES = [
  `${ESC}\\[[\\d:;<=>?]*m`, // SGR: colours, bold and the like
  `${ESC}\\[\\?[\\d;]*[hl]`, // modes, such as hiding the cursor
  `${ESC}[()*+][0-9A-Za-z]`, // character sets; tput's sgr0 writes one
  `${ESC}\\]8;[^\\x07\\x1b]*(?:\\x07|${ESC}\\\\)`, // OSC 8: hyperlinks
  "[\\x0e\\x0f]", // shift out and in
].join("|");
/** Sequences with which progress bars move in a line or erase it: a number and a function. */
const MOVE = `${ESC}\\[(\\d*)([A-GK])`;

const CONTROL = /[\r\x0e\x0f\x1b]/;
const ALL_STYLES = new RegExp(STYLES, "g");
const ALL_MOVES = new RegExp(MOVE, "g");
const MOVE_HERE = new RegExp(MOVE, "y");
/** Characters after which later text may overwrite other text. */
const REDRAW = new RegExp(`\\r|${ESC}\\[\\d*[CDG]`);
const MARK = /^[\p{M}\u200d]/u;
const WIDE = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\u3000-\u3020\uff01-\uff60]/u;
/** Below this are neither marks nor wide characters. */
const FIRST_MARK = 0x300;
/** Moves to the right make a text at most this much longer. */
const MAX_BLANKS = 200;

/**
 * The text that is on the screen in the end: without styles, and without text that was overwritten.
 * Control characters of other kinds are kept.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printedText } from "./printed_text.ts";
 *
 * assertEquals(printedText("\x1b[31mERROR\x1b[0m: full"), "ERROR: full");
 * assertEquals(printedText("loading  9%\rloading 10%\r"), "loading 10%");
 * ```
 */
export function printedText(text: string): string {
  if (!CONTROL.test(text)) return text;
  const plain = text.replace(ALL_STYLES, "");
  return REDRAW.test(plain)
    ? plain.split("\n").map(printLine).join("\n")
    : plain.replace(ALL_MOVES, "");
}

/**
 * Everything that was ever on the screen: without styles, but with each `\r` and the text after it.
 */
export function writtenText(text: string): string {
  return CONTROL.test(text) ? text.replace(ALL_STYLES, "").replace(ALL_MOVES, "") : text;
}

/** Whether some of the text may overwrite other text. */
export function hasRedraws(text: string): boolean {
  return REDRAW.test(text);
}

/** The line as a terminal that is wide enough shows it. */
function printLine(line: string): string {
  const text = withoutTrailing(line, "\r");
  if (!REDRAW.test(text)) return text.replace(ALL_MOVES, "");
  const cells: string[] = [];
  let column = 0;
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at)!;
    const character = String.fromCodePoint(code);
    at += character.length;
    if (character === "\r") column = 0;
    else if (character === "\x1b") {
      MOVE_HERE.lastIndex = at - 1;
      const move = MOVE_HERE.exec(text);
      if (!move) continue;
      column = follow(move, cells, column, text.length + MAX_BLANKS);
      at = MOVE_HERE.lastIndex;
    } else if (code >= FIRST_MARK && column > 0 && MARK.test(character)) {
      cells[column - 1] += character;
    } else {
      cells[column++] = character;
      // The second half of a wide character.
      if (code >= FIRST_MARK && WIDE.test(character)) cells[column++] = "";
    }
  }
  return cells.join("").trimEnd();
}

/** Moves or erases according to a sequence; returns the new column. */
function follow(
  [, number, move]: RegExpExecArray,
  cells: string[],
  column: number,
  maxColumn: number,
): number {
  const count = Math.max(1, Number(number));
  switch (move) {
    case "C": {
      const end = Math.min(column + count, maxColumn);
      while (cells.length < end) cells.push(" ");
      return end;
    }
    case "D":
      return Math.max(0, column - count);
    case "E":
    case "F":
      return 0;
    case "G":
      return Math.min(count - 1, cells.length);
    case "K":
      erase(number, cells, column);
      return column;
    default:
      return column;
  }
}

function erase(number: string, cells: string[], column: number): void {
  if (number === "" || number === "0") cells.length = Math.min(cells.length, column);
  else cells.fill(" ", 0, number === "1" ? column + 1 : cells.length);
}
