/**
 * Text from peers as people are shown it on a terminal.
 *
 * @module
 */

import { terminalText } from "../codec/terminal_text.ts";
import { printedText } from "../domain/printed_text.ts";

/** What the text says, without its own colours and redraws, and harmless for terminals. */
export function shownText(text: string): string {
  return terminalText(printedText(text));
}
