/**
 * Converts signs of formatting to those of IRC: toggles for bold, italic and monospace text
 * (https://modern.ircdocs.horse/formatting).
 *
 * @module
 */

import { type FormattedPiece, parseFormatting } from "../../domain/formatting.ts";

const BOLD = "\x02";
const ITALIC = "\x1d";
const MONOSPACE = "\x11";
// deno-lint-ignore no-control-regex -- the toggles
const TOGGLES = /[\x02\x11\x1d]/g;
/** The most bytes that {@linkcode carryFormatting} adds to a piece. */
export const CARRIED_BYTES = 6;

/** Replaces signs with toggles. A text that already has toggles is returned unchanged. */
export function formattedForIrc(text: string): string {
  if (!/[`*]/.test(text) || hasToggles(text)) return text;
  return parseFormatting(text).flatMap((part): string[] =>
    part.type === "code"
      ? part.lines.map((text) => text === "" ? "" : MONOSPACE + text + MONOSPACE)
      : part.lines.map((pieces) => pieces.map(toggled).join(""))
  ).join("\n");
}

export function hasToggles(text: string): boolean {
  return text.search(TOGGLES) !== -1;
}

/** Closes open formatting at the end of each piece of a line, and reopens it in the next one. */
export function carryFormatting(pieces: readonly string[]): readonly string[] {
  if (pieces.length === 1) return pieces;
  let open = "";
  return pieces.map((piece) => {
    const before = open;
    for (const [toggle] of piece.matchAll(TOGGLES)) {
      open = open.includes(toggle) ? open.replace(toggle, "") : open + toggle;
    }
    return before + piece + open;
  });
}

function toggled({ text, isBold, isItalic, isCode }: FormattedPiece): string {
  const toggles = (isBold ? BOLD : "") + (isItalic ? ITALIC : "") + (isCode ? MONOSPACE : "");
  return toggles + text + toggles;
}
