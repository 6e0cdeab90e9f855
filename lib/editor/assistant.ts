/**
 * What a service may do for those who type its lines at a terminal.
 *
 * @module
 */

/** One way in which a word may go on. */
export interface Candidate {
  /** The whole word. */
  readonly text: string;
  /** What a list shows, if it is more than that; may hold what others wrote. */
  readonly label?: string;
}

/** All ways in which the word before the cursor may go on. */
export interface Completion {
  /** Where the word begins. */
  readonly start: number;
  readonly candidates: readonly Candidate[];
  /** What follows the word once it is certain, such as a space. */
  readonly suffix: string;
}

/** Asked whenever there is something to know; it must not wait. */
export interface Assistant {
  /** What stands before the line being typed, without the space after it; `""` for nothing. */
  readonly prompt: string;
  /** How the text before the cursor may go on. */
  complete(before: string): Completion | undefined;
  /** Whether a line need not stay where it was typed, because the service shows it again. */
  isShownAgain(line: string): boolean;
  /**
   * The line that says pasted text as it stands, whatever the service would otherwise take it for;
   * of several lines as one, or `undefined` where that cannot be.
   */
  quote(lines: readonly string[]): string | undefined;
  /** Called when the person means to go: Ctrl-D, or Ctrl-C twice. */
  leave(): void;
}
