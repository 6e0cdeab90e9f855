/**
 * Texts as searches see them: the text shown to people, and the text that a progress bar overwrote.
 *
 * @module
 */

import { hasRedraws, printedText, writtenText } from "../text/printed_text.ts";
import { fold } from "./words.ts";

/** The text as it is shown and, if some of it was overwritten, all of it. */
export function searchableTexts(text: string): string[] {
  const printed = printedText(text);
  if (printed === text) return [text];
  const written = writtenText(text);
  return printed === written ? [printed] : [printed, written];
}

/** The JSON with each string as searches see it. */
export function searchableJson(json: string): string {
  try {
    return JSON.stringify(
      JSON.parse(json),
      (_, value) => typeof value === "string" ? searchableTexts(value).join("\n") : value,
    );
  } catch {
    // A damaged row; `verify` reports it.
    return "";
  }
}

// deno-lint-ignore no-control-regex -- those of `printed_text.ts`, raw or as JSON escapes them
const CONTROL = /[\r\x0e\x0f\x1b]|\\(?:r|u00(?:0[ef]|1b))/;
const ESCAPE = /\\(?:u00(07|0e|0f|1b)|[r\\])/g;

/**
 * All words of a run, folded; `undefined` if they can only be found in the single events.
 *
 * @param text The texts of a run, raw or as JSON, with any separators between them.
 */
export function foldedRun(text: string): string | undefined {
  const folded = fold(text);
  if (!CONTROL.test(text)) return folded;
  const raw = text.replace(ESCAPE, unescape).replace(/\r+/g, withoutFinalReturns);
  return hasRedraws(raw) ? undefined : `${folded}\n${fold(writtenText(raw))}`;
}

/** Carriage returns at the end of a line or of a JSON string print nothing. */
function withoutFinalReturns(returns: string, start: number, text: string): string {
  const next = text[start + returns.length];
  return next === undefined || next === "\n" || next === '"' ? "" : returns;
}

function unescape(escape: string, code?: string): string {
  if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
  return escape === "\\r" ? "\r" : "\\";
}
