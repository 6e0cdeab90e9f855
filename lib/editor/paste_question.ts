/**
 * The question asked after pasting several lines, before anything is sent.
 *
 * @module
 */

/** A paste that waits for an answer. */
export interface PasteQuestion {
  /** The whole text, including what was already typed before and after it. */
  readonly text: string;
  /** Its lines that are not blank. */
  readonly lines: readonly string[];
  /** The lines that make it one message, or as few as can be; `undefined` if it can be none. */
  readonly blocks: readonly (readonly string[])[] | undefined;
}

export function pastePrompt({ lines, blocks }: PasteQuestion): string {
  const count = blocks?.length === 1 ? "one" : `${blocks?.length} messages`;
  const few = blocks === undefined ? "" : `Enter: as ${count}, `;
  return `Send ${lines.length} lines? ${few}l: line by line, Esc: cancel`;
}

/** The answer for a key; `undefined` if the key is not an answer. */
export function pasteAnswer(name: string): "lines" | "block" | "cancel" | undefined {
  switch (name.toLowerCase()) {
    case "l":
    case "m":
      return "lines";
    case "enter":
    case "b":
      return "block";
    case "c":
    case "escape":
    case "c-c":
    case "c-d":
    case "c-g":
      return "cancel";
    default:
      return undefined;
  }
}
