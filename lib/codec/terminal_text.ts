/**
 * Makes text harmless for terminals. Text is stored as it arrived; this is done on output.
 *
 * @module
 */

// C0 and DEL, C1, line and paragraph separators, and bidirectional controls (marks, embeddings,
// overrides, isolates): everything that can move a cursor, change a mode, end a line, or show text in
// another order.
// deno-lint-ignore no-control-regex
const UNSAFE = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const ALL_UNSAFE = new RegExp(UNSAFE.source, "g");

/**
 * `text` with every control character written out: C0 in caret notation (`^[` for ESC), others as
 * `<U+009B>`, a tab as four spaces.
 */
export function terminalText(text: string): string {
  return UNSAFE.test(text) ? text.replace(ALL_UNSAFE, writeOut) : text;
}

/** The same, line by line, for text whose line breaks are our own. */
export function terminalLines(text: string): string {
  return UNSAFE.test(text) ? text.split("\n").map(terminalText).join("\n") : text;
}

/** Writes out every character of a text as `<U+200B>`, because it is invisible. */
export function writeOutInvisible(text: string): string {
  return Array.from(text, (character) => codePointName(character)).join("");
}

/**
 * JSON with the same meaning as `json` that is harmless for terminals: what {@linkcode
 * terminalText} writes out is escaped. In JSON such characters only occur in strings.
 */
export function terminalJson(json: string): string {
  return UNSAFE.test(json) ? json.replace(ALL_UNSAFE, escape) : json;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function writeOut(character: string): string {
  const code = character.charCodeAt(0);
  if (character === "\t") return "    ";
  if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}`;
  return codePointName(character);
}

function codePointName(character: string): string {
  return `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}>`;
}
