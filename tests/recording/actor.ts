/** A person at a real terminal program, who types at human speed. */

import { SeededRandom } from "../support/random.ts";
import { ScreenTerminal } from "../support/screen_terminal.ts";
import { TerminalProgram } from "../support/terminal_program.ts";
import type { View, Window } from "./film.ts";

export class Actor implements AsyncDisposable {
  readonly window: Window;
  readonly #program: TerminalProgram;
  readonly #screen: ScreenTerminal;
  readonly #random = new SeededRandom(7);

  private constructor(window: Window, program: TerminalProgram, screen: ScreenTerminal) {
    this.window = window;
    this.#program = program;
    this.#screen = screen;
  }

  /** Starts a program in a window. */
  static async enter(
    window: Window,
    command: readonly [string, ...string[]],
  ): Promise<Actor> {
    const { columns, rows } = window;
    const screen = new ScreenTerminal({ columns, rows });
    const program = await TerminalProgram.run(command, {
      terminal: { columns, rows },
      onOutput: (bytes) => void screen.write(bytes),
    });
    screen.onReply = (text) => void program.type(text);
    return new Actor(window, program, screen);
  }

  get view(): View {
    const { row, column } = this.#screen.cursor;
    const top = this.#screen.lines.length - this.window.rows;
    return { rows: this.#screen.styledRows, cursor: { row: row - top, column } };
  }

  /** Clears the screen. */
  async forget(): Promise<void> {
    await this.#screen.write("\x1b[H\x1b[2J\x1b[3J");
    this.#screen.clear();
  }

  /** Types key by key; `\r` is Enter, `\t` Tab. */
  async type(text: string): Promise<void> {
    for (const key of text) {
      await this.#program.type(key);
      await pause(45 + this.#random.int(70));
    }
  }

  /** Types at once. */
  async put(text: string): Promise<void> {
    await this.#program.type(text);
  }

  /** Waits until a text is shown. */
  async expect(text: string): Promise<void> {
    await this.#program.expect(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    this.#screen.close();
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
