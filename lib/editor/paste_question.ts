/**
 * What becomes of a paste of many lines: nothing of it is sent before somebody has said how.
 *
 * @module
 */

/** A paste that waits for an answer. */
export interface PasteQuestion {
  /** The lines, with what was typed before and after them; none is empty. */
  readonly lines: readonly string[];
  /** All of it as one message, where that can be had. */
  readonly block: string | undefined;
}

/** What is asked. */
export function pastePrompt({ lines, block }: PasteQuestion): string {
  const one = block === undefined ? "" : " b: as one block,";
  return `Pasted ${lines.length} lines. m: send as ${lines.length} messages,${one} c: cancel?`;
}

/** What a key means as an answer; `undefined` for nothing. */
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
