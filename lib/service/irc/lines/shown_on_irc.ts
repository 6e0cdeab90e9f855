/**
 * Text as IRC clients may be sent it. Some of them print what they get to a terminal as it is.
 *
 * @module
 */

/** All control characters and bidirectional overrides but line ends, and IRC's own formatting. */
// deno-lint-ignore no-control-regex -- that is what it is about
const UNSAFE = /[\0\x05-\x0e\x10\x12-\x15\x17-\x1c\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
// deno-lint-ignore no-control-regex -- as above
const LINE_ENDS_APART = /(?![\r\n])[\0\x05-\x1c\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** The text with a visible sign for each character that could do harm on a terminal. */
export function shownOnIrc(text: string): string {
  if (!LINE_ENDS_APART.test(text)) return text;
  return text.replace(UNSAFE, (character) => {
    if (character === "\r" || character === "\n") return character;
    if (character === "\t") return " ";
    return character < " " ? String.fromCharCode(0x2400 + character.charCodeAt(0)) : "\ufffd";
  });
}
