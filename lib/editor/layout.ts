/**
 * Breaks the line being typed into rows of the screen.
 *
 * Rows break where the terminal itself would wrap, so that a terminal which reflows its lines on a
 * window change still holds the line in one piece. A row that contains a character of uncertain
 * width is ended early, before the difference could matter. A newline in the text ends a row, too.
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
  /** Its width, or its likely width if that is not certain. */
  readonly columns: number;
  /** Whether every terminal gives it this width. */
  readonly isCertain: boolean;
  /** Whether the row is full and the terminal wraps to the next one by itself. */
  readonly wraps: boolean;
}

/** A line being typed, broken into rows. */
export interface Layout {
  /** At least one. */
  readonly rows: readonly ScreenRow[];
  /** The cursor's row, its column, and the text before it in that row. */
  readonly caretRow: number;
  readonly caretColumn: number;
  readonly caretPrefix: string;
  /** Whether the first row is the status, which is not part of the line. */
  readonly hasStatus: boolean;
  /** Length of the prompt in the line's first row; 0 if it is longer than that row. */
  readonly promptLength: number;
}

/** Widest character shown: a grapheme may have any number of code points. */
const MAX_CELL_COLUMNS = 20;

/** A character that is safe to print. `most` is its width on the terminal that makes it widest. */
interface Cell {
  readonly text: string;
  readonly columns: number;
  readonly most: number;
  readonly isCertain: boolean;
}

const JOINER = "\u200d";
/** Emoji, and the letters of scripts that use joiners: Arabic, Syriac, Mongolian and Brahmic. */
const JOINED =
  /^(\p{RGI_Emoji}$|[\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Mymr}\p{sc=Khmr}])/v;
const ASCII_CELLS = Array.from({ length: 0x7f }, (_, code): readonly Cell[] => [
  { text: String.fromCharCode(code), columns: 1, most: 1, isCertain: true },
]);

/** Lays out the line of a view in `columns` columns, at least 2. */
export function layOut({ prompt, text, cursor }: InputView, columns: number): Layout {
  const rows = new RowBuilder(columns);
  const start = prompt === "" ? "" : `${prompt} `;
  for (const character of graphemes(start)) rows.addAll(cellsOf(character, columns));
  const promptLength = rows.firstRowLength;
  let index = 0;
  for (const character of graphemes(text)) {
    const cells = character === "\n" ? [] : cellsOf(character, columns);
    if (index === cursor) rows.placeCaret(cells[0]);
    if (character === "\n") rows.endLine();
    else rows.addAll(cells);
    index += character.length;
  }
  if (index === cursor) rows.placeCaret(undefined);
  return { ...rows.finish(), hasStatus: false, promptLength };
}

/** Puts a status above a layout: as much of it as fits one row of `columns` columns. */
export function withStatus(layout: Layout, status: string, columns: number): Layout {
  const row = new RowBuilder(columns);
  for (const character of graphemes(status)) {
    if (!row.addIfFits(cellsOf(character, columns))) break;
  }
  return {
    ...layout,
    rows: [row.end(), ...layout.rows],
    caretRow: layout.caretRow + 1,
    hasStatus: true,
  };
}

/** Cuts a layout to at most `height` rows, those around the cursor. */
export function cutToHeight(layout: Layout, height: number): Layout {
  const { rows, caretRow } = layout;
  if (rows.length <= height) return layout;
  const top = Math.min(Math.max(0, caretRow - height + 2), rows.length - height);
  const cut = rows.slice(top, top + height);
  cut[height - 1] = { ...cut[height - 1], wraps: false };
  return {
    ...layout,
    rows: cut,
    caretRow: caretRow - top,
    promptLength: top === 0 ? layout.promptLength : 0,
  };
}

/** The cells of a grapheme: one, or several if it is escaped (`^C`, `<U+200B>`). */
function cellsOf(grapheme: string, columns: number): readonly Cell[] {
  const code = grapheme.length === 1 ? grapheme.charCodeAt(0) : 0;
  if (code >= 0x20 && code < 0x7f) return ASCII_CELLS[code];
  const harmless = terminalText(withoutStrayJoiners(withoutRawBytes(grapheme)));
  const { columns: width } = graphemeWidth(harmless);
  const shown = width === 0 ? writeOutInvisible(harmless) : harmless;
  const parts = shown === grapheme ? [grapheme] : graphemes(shown);
  return parts.map((text) => {
    const cell = { text, ...graphemeWidth(text) };
    const isTooWide = cell.most > Math.min(columns, MAX_CELL_COLUMNS);
    return isTooWide ? { text: "\ufffd", columns: 1, most: 2, isCertain: false } : cell;
  });
}

/**
 * Escapes zero-width joiners that join nothing: a terminal with its own idea of grapheme clusters
 * could swallow the character after one. Joiners between emoji and in `JOINED` scripts stay.
 */
function withoutStrayJoiners(grapheme: string): string {
  if (!grapheme.includes(JOINER) || JOINED.test(grapheme)) return grapheme;
  return grapheme.replaceAll(JOINER, writeOutInvisible(JOINER));
}

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

  /** Length of the text so far, or 0 once it is longer than a row. */
  get firstRowLength(): number {
    return this.#rows.length === 0 ? this.#text.length : 0;
  }

  addAll(cells: readonly Cell[]): void {
    for (const cell of cells) {
      this.#makeRoom(cell.most, cell.isCertain);
      this.#add(cell);
    }
  }

  /** Adds cells to the current row and returns `true`, or returns `false` if they do not fit. */
  addIfFits(cells: readonly Cell[]): boolean {
    const more = cells.reduce((sum, { most }) => sum + most, 0);
    // A full row would leave the cursor in a place that differs between terminals.
    if (this.#most + more >= this.#columns) return false;
    cells.forEach((cell) => this.#add(cell));
    return true;
  }

  /** The only row. */
  end(): ScreenRow {
    this.endLine();
    return this.#rows[0];
  }

  #add(cell: Cell): void {
    this.#text += cell.text;
    this.#width += cell.columns;
    this.#most += cell.most;
    this.#isCertain &&= cell.isCertain;
  }

  /** Ends the row, however long it is. */
  endLine(): void {
    this.#endRow(false);
  }

  /** Places the cursor before a cell, or after the last one of a line, where it needs a free column too. */
  placeCaret(before: Cell | undefined): void {
    this.#makeRoom(before?.most ?? 1, before?.isCertain ?? true);
    this.#caret = {
      caretRow: this.#rows.length,
      caretColumn: this.#width,
      caretPrefix: this.#text,
    };
  }

  finish(): Omit<Layout, "promptLength" | "hasStatus"> {
    this.#endRow(false);
    return { rows: this.#rows, ...this.#caret! };
  }

  #makeRoom(most: number, isCertain: boolean): void {
    if (this.#most + most > this.#columns) this.#endRow(this.#isCertain && isCertain);
  }

  #endRow(wraps: boolean): void {
    const { length } = this.#rows;
    this.#rows[length] = {
      text: this.#text,
      columns: this.#width,
      isCertain: this.#isCertain,
      wraps,
    };
    this.#text = "";
    this.#width = this.#most = 0;
    this.#isCertain = true;
  }
}
