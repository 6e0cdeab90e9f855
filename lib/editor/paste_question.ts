/**
 * The question asked after pasting several lines, before anything is sent.
 *
 * @module
 */

import type { QuotedBlock } from "./assistant.ts";

/** A paste that waits for an answer. */
export interface PasteQuestion {
  /** The whole text, including what was already typed before and after it. */
  readonly text: string;
  /** Its lines that are not blank. */
  readonly lines: readonly string[];
  /** The same as one message, or as few as can be; `undefined` if it can be none. */
  readonly block: QuotedBlock | undefined;
}

export function pastePrompt({ lines, block }: PasteQuestion): string {
  const count = block?.messages === 1 ? "one" : `${block?.messages} messages`;
  const few = block === undefined ? "" : `Enter: as ${count}, `;
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
