/**
 * Who keeps the line being typed on a screen. What it returns is to be written to the terminal,
 * all of it and in order, and nothing else may be, but after {@linkcode Painter.erase}.
 *
 * @module
 */

import type { InputView } from "./input_line.ts";

export interface Painter {
  /** Whether the prompt may stand out. */
  isStyled: boolean;
  /** Called once, before anything else. */
  begin(): string;
  /** Called when it is over, after {@linkcode Painter.erase}. */
  end(): string;
  /** Makes the screen show `view`, by as little as it takes; `""` where it does already. */
  update(view: InputView): string;
  /** Takes the line off the screen; the cursor is at the beginning of a free row then. */
  erase(): string;
  /** Takes everything off the screen. */
  clear(): string;
  /** Hears that the window has another size. */
  resize(columns: number, rows: number): void;
  /** Hears what the terminal says of itself. */
  report(text: string): void;
}
