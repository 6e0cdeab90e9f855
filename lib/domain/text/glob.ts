/**
 * Patterns with `*` for any text and `?` for any character.
 *
 * @module
 */

const SURROGATE_PAIR = 0xffff;

/**
 * Whether a pattern matches all of a text. Compares case: fold both first.
 *
 * Remembers only the last `*`, because what an earlier one matched need never be looked at again.
 * So it takes at most as many steps as the product of both lengths.
 */
export function globMatches(pattern: string, text: string): boolean {
  let at = 0;
  let position = 0;
  let afterStar = -1;
  let retry = 0;
  while (position < text.length) {
    const wanted = pattern[at];
    if (wanted === "*") {
      afterStar = ++at;
      if (at === pattern.length) return true;
      retry = position;
    } else if (wanted === "?") {
      at++;
      position += text.codePointAt(position)! > SURROGATE_PAIR ? 2 : 1;
    } else if (wanted === text[position]) {
      at++;
      position++;
    } else if (afterStar >= 0) {
      at = afterStar;
      position = ++retry;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** A pattern as a function that is quicker for the usual kinds. */
export function compileGlob(pattern: string): (text: string) => boolean {
  const [, before, inner, after] = /^(\*?)([^*?]*)(\*?)$/.exec(pattern) ?? [];
  if (inner === undefined) return (text) => globMatches(pattern, text);
  if (inner === "" && before + after !== "") return () => true;
  if (before === "") {
    return after === "" ? (text) => text === inner : (text) => text.startsWith(inner);
  }
  return after === "" ? (text) => text.endsWith(inner) : (text) => text.includes(inner);
}

/** Whether a text has characters that make it a pattern. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}
