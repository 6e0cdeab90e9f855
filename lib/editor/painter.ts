/**
 * Draws the line being typed. Everything a painter returns must be written to the terminal, in
 * order; other output may be written only after {@linkcode Painter.erase}.
 *
 * @module
 */

import type { InputView } from "./input_line.ts";

export interface Painter {
  /** Whether the prompt is bold. */
  isStyled: boolean;
  /** How many milliseconds nothing should be drawn after a change of the window. */
  readonly settleMs: number;
  /** Called once, before anything else. */
  begin(): string;
  /** Called last, after {@linkcode Painter.erase}. */
  end(): string;
  /** Shows `view` with as few bytes as possible; `""` if it is already shown. */
  update(view: InputView): string;
  /** How many rows the line of `view` takes, without its status. */
  rowsOf(view: InputView): number;
  /** Removes the line from the screen, and leaves the cursor at the start of an empty row. */
  erase(): string;
  /** Clears the screen. */
  clear(): string;
  /** Called when the window changes size. */
  resize(columns: number, rows: number): void;
  /** Called with each device report of the terminal. */
  report(text: string): void;
}
