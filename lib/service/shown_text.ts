/**
 * Text from peers as a terminal shows it to people.
 *
 * @module
 */

import { terminalText } from "../codec/terminal_text.ts";
import { printedText } from "../domain/text/printed_text.ts";

/** The text without its own colours and redraws, harmless for terminals. */
export function shownText(text: string): string {
  return terminalText(printedText(text));
}
