/**
 * The question asked after pasting several lines, before anything is sent.
 *
 * @module
 */

/** A paste that waits for an answer. */
export interface PasteQuestion {
  /** The non-empty lines, including what was already typed before and after them. */
  readonly lines: readonly string[];
  /** All lines as one message, if they fit in one. */
  readonly block: string | undefined;
}

export function pastePrompt({ lines, block }: PasteQuestion): string {
  const one = block === undefined ? "" : " b: as one block,";
  return `Send ${lines.length} lines? m: as ${lines.length} messages,${one} c: cancel`;
}

/** The answer for a key; `undefined` if the key is not an answer. */
export function pasteAnswer(name: string): "messages" | "block" | "cancel" | undefined {
  switch (name.toLowerCase()) {
    case "m":
      return "messages";
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
