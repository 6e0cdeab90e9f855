/**
 * A terminal without a window: xterm.js, the terminal of many editors and browsers, with the screen
 * it would show.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import unicode11Addon from "@xterm/addon-unicode11";
import headless from "@xterm/headless";

/** Part of a row with the same style. */
export interface StyledText {
  readonly text: string;
  /** One of the terminal's 16 colours; `undefined` for the default. */
  readonly colour: number | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
  /** Its first column. */
  readonly column: number;
}

/** The Unicode version for character widths: of 2012, of 2018, or with grapheme clusters of 2024. */
export type UnicodeVersion = typeof UNICODE_VERSIONS[number];
export const UNICODE_VERSIONS = ["6", "11", "15-graphemes"] as const;

/**
 * This module reads its tables from the beginning of the memory that small buffers share, where
 * others may be before it, and then may never end. Without that memory, it has a buffer of its own.
 */
const { poolSize } = Buffer;
Buffer.poolSize = 0;
const { default: graphemesAddon } = await import("@xterm/addon-unicode-graphemes");
Buffer.poolSize = poolSize;

export interface ScreenTerminalOptions {
  readonly columns: number;
  readonly rows: number;
  /** @default {"11"} */
  readonly unicode?: UnicodeVersion;
}

export class ScreenTerminal {
  /** Called with its answers to device attribute requests. */
  onReply: ((text: string) => void) | undefined;
  readonly #terminal: InstanceType<typeof headless.Terminal>;

  constructor({ columns, rows, unicode = "11" }: ScreenTerminalOptions) {
    this.#terminal = new headless.Terminal({
      cols: columns,
      rows,
      scrollback: 100_000,
      allowProposedApi: true,
      logLevel: "off",
    });
    if (unicode === "11") this.#terminal.loadAddon(new unicode11Addon.Unicode11Addon());
    if (unicode === "15-graphemes") {
      this.#terminal.loadAddon(new graphemesAddon.UnicodeGraphemesAddon());
    }
    this.#terminal.unicode.activeVersion = unicode;
    this.#terminal.onData((text) => text && this.onReply?.(text));
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  /** Whether bracketed paste mode is on. */
  get isPasteBracketed(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
  }

  /** Writes text; resolves once it is on the screen. */
  write(data: string | Uint8Array): Promise<void> {
    // xterm.js shows text at once after input, otherwise only after a timer.
    this.#terminal.input("");
    return new Promise((resolve) => this.#terminal.write(data, resolve));
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** All rows including the scrollback, without columns at their ends that were never written. */
  get lines(): string[] {
    return this.linesFrom(0);
  }

  /** The rows from `row` to the end of the screen. */
  linesFrom(first: number): string[] {
    const { active } = this.#terminal.buffer;
    const lines: string[] = [];
    for (let row = first; row < active.length; row++) {
      lines.push(active.getLine(row)!.translateToString(true));
    }
    return lines;
  }

  /** The rows of the screen with their styles. */
  get styledRows(): StyledText[][] {
    const { active } = this.#terminal.buffer;
    const rows: StyledText[][] = [];
    for (let row = active.baseY; row < active.baseY + this.#terminal.rows; row++) {
      const line = active.getLine(row)!;
      const parts: StyledText[] = [];
      for (let column = 0; column < this.#terminal.cols; column++) {
        const cell = line.getCell(column)!;
        if (cell.getWidth() === 0) continue;
        const colour = cell.isFgPalette() ? cell.getFgColor() : undefined;
        const style = { colour, isBold: !!cell.isBold(), isDim: !!cell.isDim() };
        const text = cell.getChars() || " ";
        const last = parts.at(-1);
        const goesOn = last && last.colour === style.colour && last.isBold === style.isBold &&
          last.isDim === style.isDim && !/[^\x20-\x7e]/.test(last.text + text);
        if (goesOn) parts[parts.length - 1] = { ...last, text: last.text + text };
        else parts.push({ text, column, ...style });
      }
      rows.push(parts.filter(({ text }) => text.trim() !== ""));
    }
    return rows;
  }

  /** All rows, with wrapped rows joined. */
  get paragraphs(): string[] {
    const { active } = this.#terminal.buffer;
    const paragraphs: string[] = [];
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row)!;
      const text = line.translateToString(true);
      if (line.isWrapped) paragraphs[paragraphs.length - 1] += text;
      else paragraphs.push(text);
    }
    return paragraphs;
  }

  /** The cursor's row in {@linkcode ScreenTerminal.lines}, and its column. */
  get cursor(): { readonly row: number; readonly column: number } {
    const { active } = this.#terminal.buffer;
    return { row: active.baseY + active.cursorY, column: active.cursorX };
  }

  /** The text of the cursor's row before the cursor, including trailing spaces. */
  get textBeforeCursor(): string {
    const { row, column } = this.cursor;
    return this.#terminal.buffer.active.getLine(row)!.translateToString(false, 0, column);
  }

  /** Clears all rows except the cursor's, which becomes the first. */
  clear(): void {
    this.#terminal.clear();
  }

  close(): void {
    this.#terminal.dispose();
  }
}

/** The output of a program as a terminal shows it, without empty rows at the end. */
export async function rowsOf(
  { shown }: { readonly shown: string },
  size: { readonly columns: number; readonly rows: number },
): Promise<string[]> {
  const terminal = new ScreenTerminal(size);
  await terminal.write(Uint8Array.from(shown, (byte) => byte.charCodeAt(0)));
  const rows = terminal.lines.map((row) => row.trimEnd());
  terminal.close();
  while (rows.at(-1) === "") rows.pop();
  return rows;
}
