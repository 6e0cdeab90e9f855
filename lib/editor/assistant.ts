/**
 * What a service can offer to people who type its lines at a terminal.
 *
 * @module
 */

/** One possible completion of a word. */
export interface Candidate {
  /** The whole word. */
  readonly text: string;
  /** What a list shows instead of `text`; may contain text from other people. */
  readonly label?: string;
}

/** All possible completions of the word before the cursor. */
export interface Completion {
  /** Index of the word's first character. */
  readonly start: number;
  readonly candidates: readonly Candidate[];
  /** What to insert after a completed word, such as a space. */
  readonly suffix: string;
}

/** A text that is sent as few messages. */
export interface QuotedBlock {
  /** How many. */
  readonly messages: number;
  /** The lines by which the service gets it, and takes none of it for a command. */
  readonly lines: readonly string[];
}

/** Answers the line editor; every method is synchronous. */
export interface Assistant {
  /** Shown before the line being typed, followed by a space; `""` for no prompt. */
  readonly prompt: string;
  /** A row to show above the line, where the terminal can; may contain text from other people. */
  readonly status?: string;
  /** Completes the text before the cursor. */
  complete(before: string): Completion | undefined;
  /** Whether a line is removed from where it was typed, because the service shows it again. */
  isShownAgain(line: string): boolean;
  /** Whether a line holds a password, so that nothing of it may be remembered or left on screen. */
  isSecret?(line: string): boolean;
  /** Escapes a pasted line, so that the service does not take it for a command. */
  quote(line: string): string;
  /**
   * A pasted text of several lines as one message, or as few as the service allows; `undefined` if a
   * line is too long for any.
   */
  quoteBlock?(text: string): QuotedBlock | undefined;
  /** The lines of one message that was typed, and may be a command; or why not, in a sentence. */
  typedBlock?(text: string): readonly string[] | string;
  /** How to send pasted lines; asks if `block` is set but one message is too short. @default {"ask"} */
  readonly pasteAs?: "ask" | "block" | "lines";
  /**
   * Whether keys are offered to {@linkcode Assistant.takeKey} before they edit the line, which is
   * not shown meanwhile.
   */
  readonly wantsKeys?: boolean;
  /** Whether {@linkcode Assistant.press} would take the Escape key. */
  readonly wantsEscape?: boolean;
  /** Takes a key, or a typed character; returns `false` if it should edit the line after all. */
  takeKey?(name: string): boolean;
  /**
   * Takes a named key before it edits the line, unless the text is hidden.
   *
   * @returns `true` if the key is done with, a line that it stands for, or `false` for a key that
   * should edit the line.
   */
  press?(name: string): boolean | string;
  /** Called on Ctrl-D, or on Ctrl-C twice. */
  leave(): void;
}
