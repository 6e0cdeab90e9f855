/**
 * What a telnet client has said of itself, and what follows from it: whether its lines are better
 * edited here, or by the client.
 *
 * @module
 */

import { NAWS, SUPPRESS_GO_AHEAD, TERMINAL_TYPE } from "../codec/telnet_code.ts";
import type { OptionState } from "../codec/telnet_option.ts";
import { type TerminalTraits, traitsOf } from "../codec/terminal_type.ts";

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/** What is assumed of a window that nobody has measured, or measured wrongly. */
const USUAL_SIZE: WindowSize = { columns: 80, rows: 24 };
const FEWEST_COLUMNS = 10;
const FEWEST_ROWS = 2;
const MOST = 1000;

export class ClientProfile {
  /** Whether the client would not have us echo. */
  hasRefused = false;
  /** Whether its user would have lines edited there. */
  wantsLines = false;
  readonly #state: (option: number, side: "us" | "him") => OptionState;
  /** As the client gave it; `undefined` if it never did. */
  #size: WindowSize | undefined;
  readonly #types: string[] = [];
  #hasAllTypes = false;
  #traits = traitsOf([]);

  /** @param state How it stands with an option of telnet. */
  constructor(state: (option: number, side: "us" | "him") => OptionState) {
    this.#state = state;
  }

  get traits(): TerminalTraits {
    return this.#traits;
  }

  /** The size of its window, as far as it can be believed. */
  get size(): WindowSize {
    return believableSize(this.#size?.columns, this.#size?.rows);
  }

  /** How wide its window is, if it said so and can be believed. */
  get columns(): number | undefined {
    return this.size.columns === this.#size?.columns ? this.size.columns : undefined;
  }

  noteSize(size: WindowSize): void {
    this.#size = size;
  }

  noteType(name: string): void {
    this.#types.push(name);
    this.#traits = traitsOf(this.#types);
  }

  noteAllTypes(): void {
    this.#hasAllTypes = true;
  }

  /** Whether lines are better left to it, by all that is known so far. */
  get keepsLines(): boolean {
    const { editsLines, isScreenReader } = this.#traits;
    return this.hasRefused || this.wantsLines || editsLines || isScreenReader ||
      this.#hasNoTerminal;
  }

  /** Whether lines should be edited here; `undefined` as long as that cannot be told. */
  get suitsCharacterMode(): boolean | undefined {
    if (this.keepsLines) return false;
    const goAhead = this.#state(SUPPRESS_GO_AHEAD, "us");
    if (goAhead === "NO") return false;
    return goAhead === "YES" && !this.#isNameDue && !this.#isSizeDue ? true : undefined;
  }

  /** A client that knows neither its terminal nor its window has none, whatever it agrees to. */
  get #hasNoTerminal(): boolean {
    const isNameless = this.#state(TERMINAL_TYPE, "him") === "NO";
    return isNameless && this.#size?.columns === 0 && this.#size.rows === 0;
  }

  /** Game clients begin with their own name, and only the third one tells what they are. */
  get #isNameDue(): boolean {
    return this.#state(TERMINAL_TYPE, "him") === "YES" && !this.#hasAllTypes &&
      !traitsOf(this.#types.slice(0, 1)).isAnsi;
  }

  /** A client that agrees to tell a size and does not is in a pipe, and nobody types. */
  get #isSizeDue(): boolean {
    return this.#state(NAWS, "him") === "YES" && !this.#size;
  }
}

/** The usual size in place of a width or a height that no window has, such as 0 and 65535. */
function believableSize(columns = 0, rows = 0): WindowSize {
  return {
    columns: columns >= FEWEST_COLUMNS && columns <= MOST ? columns : USUAL_SIZE.columns,
    rows: rows >= FEWEST_ROWS && rows <= MOST ? rows : USUAL_SIZE.rows,
  };
}
