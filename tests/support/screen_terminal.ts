/**
 * A terminal without a window: xterm.js, which people have in editors and browsers, as it would
 * show what it is sent.
 *
 * @module
 */

import graphemesAddon from "@xterm/addon-unicode-graphemes";
import unicode11Addon from "@xterm/addon-unicode11";
import headless from "@xterm/headless";

/** A part of a row that looks the same all along. */
export interface StyledText {
  readonly text: string;
  /** Of the terminal's 16; `undefined` for the usual one. */
  readonly colour: number | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
  /** Where it begins, in columns. */
  readonly column: number;
}

/** How wide it has characters: as in 2012, as in 2018, or by clusters as in 2024. */
export type UnicodeVersion = "6" | "11" | "15-graphemes";

export interface ScreenTerminalOptions {
  readonly columns: number;
  readonly rows: number;
  /** @default {"11"} */
  readonly unicode?: UnicodeVersion;
}

export class ScreenTerminal {
  /** What it answers when asked who it is. */
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

  /** Whether pastes are put between brackets. */
  get isPasteBracketed(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
  }

  /** Shows something; resolves once it is to be seen. */
  write(data: string | Uint8Array): Promise<void> {
    // What follows on input is shown at once, anything else after a timer.
    this.#terminal.input("");
    return new Promise((resolve) => this.#terminal.write(data, resolve));
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** All rows there have been, without the columns at their ends that nothing was written to. */
  get lines(): string[] {
    return this.linesFrom(0);
  }

  /** The rows from a number on, down to the last one of the screen. */
  linesFrom(first: number): string[] {
    const { active } = this.#terminal.buffer;
    const lines: string[] = [];
    for (let row = first; row < active.length; row++) {
      lines.push(active.getLine(row)!.translateToString(true));
    }
    return lines;
  }

  /** The rows of the screen as they look. */
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

  /** The same, with what the terminal has wrapped in one piece. */
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

  /** The number of the cursor's row among {@linkcode ScreenTerminal.lines}, and its column. */
  get cursor(): { readonly row: number; readonly column: number } {
    const { active } = this.#terminal.buffer;
    return { row: active.baseY + active.cursorY, column: active.cursorX };
  }

  /** What is in the cursor's row before the cursor, with spaces at the end. */
  get textBeforeCursor(): string {
    const { row, column } = this.cursor;
    return this.#terminal.buffer.active.getLine(row)!.translateToString(false, 0, column);
  }

  /** Forgets all rows but that of the cursor, which is then the first one. */
  clear(): void {
    this.#terminal.clear();
  }

  close(): void {
    this.#terminal.dispose();
  }
}
