/**
 * Where the characters of a line being typed are on the screen, row by row.
 *
 * A row is broken as the terminal itself breaks it, so that a terminal that wraps its lines anew
 * when its window changes has the line in one piece. Where it is not certain how wide a terminal
 * has a character, the row is made to end before it could matter.
 *
 * @module
 */

import { graphemes } from "../codec/grapheme.ts";
import { withoutRawBytes } from "../codec/raw_text.ts";
import { terminalText, writeOutInvisible } from "../codec/terminal_text.ts";
import { graphemeWidth } from "../codec/text_width.ts";
import type { InputView } from "./input_line.ts";

/** A row of the screen. */
export interface ScreenRow {
  readonly text: string;
  /** Its width, if that is certain; else what is likely. */
  readonly columns: number;
  /** Whether all terminals have it so wide. */
  readonly isCertain: boolean;
  /** Whether the terminal goes on in the next row by itself once this one is full. */
  readonly goesOn: boolean;
}

/** A line being typed, as it is to be on the screen. */
export interface Layout {
  /** At least one. */
  readonly rows: readonly ScreenRow[];
  /** The cursor's row, and what is before it there. */
  readonly caretRow: number;
  readonly caretColumn: number;
  readonly caretPrefix: string;
  /** How much of the first row is prompt; 0 where it does not end there. */
  readonly promptLength: number;
}

/** More columns than a character may take: one of any number of code points is not shown. */
const MOST_COLUMNS = 20;

/** A character to be shown, harmless. */
interface Cell {
  readonly text: string;
  readonly columns: number;
  readonly most: number;
  readonly isCertain: boolean;
}

const JOINER = "\u200d";
/** Emoji, and letters of scripts that join: Arabic and its kin, those of India and around it. */
const JOINED =
  /^(\p{RGI_Emoji}$|[\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Mymr}\p{sc=Khmr}])/v;
const ASCII_CELLS = Array.from({ length: 0x7f }, (_, code): readonly Cell[] => [
  { text: String.fromCharCode(code), columns: 1, most: 1, isCertain: true },
]);

/** Lays a view out in so many columns, at least 2. */
export function layOut({ prompt, text, cursor }: InputView, columns: number): Layout {
  const rows = new RowBuilder(columns);
  const start = prompt === "" ? "" : `${prompt} `;
  for (const character of graphemes(start)) rows.addAll(cellsOf(character, columns));
  const promptLength = rows.firstRowLength;
  let index = 0;
  for (const character of graphemes(text)) {
    const cells = cellsOf(character, columns);
    if (index === cursor) rows.placeCaret(cells[0]);
    rows.addAll(cells);
    index += character.length;
  }
  if (index === cursor) rows.placeCaret(undefined);
  return { ...rows.finish(), promptLength };
}

/** The rows of a layout that a window of so many rows has room for: those around the cursor. */
export function cutToHeight(layout: Layout, height: number): Layout {
  const { rows, caretRow } = layout;
  if (rows.length <= height) return layout;
  const top = Math.min(Math.max(0, caretRow - height + 2), rows.length - height);
  const cut = rows.slice(top, top + height);
  cut[height - 1] = { ...cut[height - 1], goesOn: false };
  return {
    ...layout,
    rows: cut,
    caretRow: caretRow - top,
    promptLength: top === 0 ? layout.promptLength : 0,
  };
}

/** A grapheme; or the several characters in which a control character is written out. */
function cellsOf(grapheme: string, columns: number): readonly Cell[] {
  const code = grapheme.length === 1 ? grapheme.charCodeAt(0) : 0;
  if (code >= 0x20 && code < 0x7f) return ASCII_CELLS[code];
  const harmless = terminalText(withoutStrayJoiners(withoutRawBytes(grapheme)));
  const { columns: width } = graphemeWidth(harmless);
  const shown = width === 0 ? writeOutInvisible(harmless) : harmless;
  const parts = shown === grapheme ? [grapheme] : graphemes(shown);
  return parts.map((text) => {
    const cell = { text, ...graphemeWidth(text) };
    const isTooWide = cell.most > Math.min(columns, MOST_COLUMNS);
    return isTooWide ? { text: "\ufffd", columns: 1, most: 2, isCertain: false } : cell;
  });
}

/**
 * Writes out joiners that join nothing: terminals with clusters of their own would have what
 * follows vanish. Those between emoji, and within the letters of some scripts, stay.
 */
function withoutStrayJoiners(grapheme: string): string {
  if (!grapheme.includes(JOINER) || JOINED.test(grapheme)) return grapheme;
  return grapheme.replaceAll(JOINER, writeOutInvisible(JOINER));
}

/** Fills row after row. */
class RowBuilder {
  readonly #columns: number;
  readonly #rows: ScreenRow[] = [];
  #text = "";
  #width = 0;
  #most = 0;
  #isCertain = true;
  #caret: Pick<Layout, "caretRow" | "caretColumn" | "caretPrefix"> | undefined;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** How much text there is, or 0 where it is more than a row. */
  get firstRowLength(): number {
    return this.#rows.length === 0 ? this.#text.length : 0;
  }

  addAll(cells: readonly Cell[]): void {
    for (const cell of cells) {
      this.#makeRoom(cell.most, cell.isCertain);
      this.#text += cell.text;
      this.#width += cell.columns;
      this.#most += cell.most;
      this.#isCertain &&= cell.isCertain;
    }
  }

  /** The cursor is here, before a cell, or after the last one, where it needs a column as well. */
  placeCaret(before: Cell | undefined): void {
    this.#makeRoom(before?.most ?? 1, before?.isCertain ?? true);
    this.#caret = {
      caretRow: this.#rows.length,
      caretColumn: this.#width,
      caretPrefix: this.#text,
    };
  }

  finish(): Omit<Layout, "promptLength"> {
    this.#endRow(false);
    return { rows: this.#rows, ...this.#caret! };
  }

  #makeRoom(most: number, isCertain: boolean): void {
    if (this.#most + most > this.#columns) this.#endRow(this.#isCertain && isCertain);
  }

  #endRow(goesOn: boolean): void {
    const { length } = this.#rows;
    this.#rows[length] = {
      text: this.#text,
      columns: this.#width,
      isCertain: this.#isCertain,
      goesOn,
    };
    this.#text = "";
    this.#width = this.#most = 0;
    this.#isCertain = true;
  }
}
