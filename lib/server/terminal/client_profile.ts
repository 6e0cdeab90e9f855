/**
 * What a telnet client has told us about itself, and the decision that depends on it: whether its
 * lines are edited here or by the client.
 *
 * @module
 */

import { NAWS, SUPPRESS_GO_AHEAD, TERMINAL_TYPE } from "../../codec/telnet_code.ts";
import type { OptionState } from "../../codec/telnet_option.ts";
import { type TerminalTraits, traitsOf } from "../../codec/terminal_type.ts";

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/** Assumed if the client gives no size, or an impossible one. */
const USUAL_SIZE: WindowSize = { columns: 80, rows: 24 };
const FEWEST_COLUMNS = 10;
const FEWEST_ROWS = 2;
const MOST = 1000;

const NO_TYPES: readonly string[] = [];
const NO_TRAITS = traitsOf(NO_TYPES);

/** Knows the state of telnet's options. */
interface Options {
  state(option: number, side: "us" | "him"): OptionState;
}

export class ClientProfile {
  /** Whether the client has refused to let us echo. */
  hasRefused = false;
  /** Whether the user wants the client to edit lines. */
  wantsLines = false;
  readonly #options: Options;
  /** As the client gave it; `undefined` if it never did. */
  #size: WindowSize | undefined;
  #types: readonly string[] = NO_TYPES;
  #hasAllTypes = false;
  #traits = NO_TRAITS;

  constructor(options: Options) {
    this.#options = options;
  }

  get traits(): TerminalTraits {
    return this.#traits;
  }

  /** The size of its window, or the usual one if the client's is not plausible. */
  get size(): WindowSize {
    return believableSize(this.#size?.columns, this.#size?.rows);
  }

  /** The width of its window if the client gave a plausible one. */
  get columns(): number | undefined {
    return this.size.columns === this.#size?.columns ? this.size.columns : undefined;
  }

  noteSize(size: WindowSize): void {
    this.#size = size;
  }

  noteType(name: string): void {
    this.#types = [...this.#types, name];
    this.#traits = traitsOf(this.#types);
  }

  noteAllTypes(): void {
    this.#hasAllTypes = true;
  }

  /** Whether the client should edit lines, as far as is known. */
  get keepsLines(): boolean {
    const { editsLines, isScreenReader } = this.#traits;
    return this.hasRefused || this.wantsLines || editsLines || isScreenReader ||
      this.#hasNoTerminal;
  }

  /** Whether lines should be edited here; `undefined` until that is known. */
  get suitsCharacterMode(): boolean | undefined {
    if (this.keepsLines) return false;
    const goAhead = this.#options.state(SUPPRESS_GO_AHEAD, "us");
    if (goAhead === "NO") return false;
    return goAhead === "YES" && !this.#isNameDue && !this.#isSizeDue ? true : undefined;
  }

  /**
   * A client without a terminal name and without a window size has no terminal, whatever it agrees
   * to.
   */
  get #hasNoTerminal(): boolean {
    const isNameless = this.#options.state(TERMINAL_TYPE, "him") === "NO";
    return isNameless && this.#size?.columns === 0 && this.#size.rows === 0;
  }

  /** Game clients give their own name first; only the third name tells what they are. */
  get #isNameDue(): boolean {
    return this.#options.state(TERMINAL_TYPE, "him") === "YES" && !this.#hasAllTypes &&
      !traitsOf(this.#types.slice(0, 1)).isAnsi;
  }

  /**
   * A client that agrees to send its size and then does not is running in a pipe, where nobody
   * types.
   */
  get #isSizeDue(): boolean {
    return this.#options.state(NAWS, "him") === "YES" && !this.#size;
  }
}

/** Replaces widths and heights that no window has, such as 0 and 65535, by the usual ones. */
export function believableSize(columns = 0, rows = 0): WindowSize {
  return {
    columns: columns >= FEWEST_COLUMNS && columns <= MOST ? columns : USUAL_SIZE.columns,
    rows: rows >= FEWEST_ROWS && rows <= MOST ? rows : USUAL_SIZE.rows,
  };
}
