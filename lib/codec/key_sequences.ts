/**
 * The keys that control characters and escape sequences stand for. An unknown sequence is not a
 * key, but must never end up in the text.
 *
 * @module
 */

const ARROWS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
};
/** The keys of `CSI number ~` (xterm, VT220; the second numbers for home and end are rxvt's). */
const TILDES: Readonly<Record<string, string>> = {
  1: "home",
  3: "delete",
  4: "end",
  5: "page-up",
  6: "page-down",
  7: "home",
  8: "end",
};
/** rxvt's arrows with Ctrl. */
const RXVT: Readonly<Record<string, string>> = {
  a: "C-up",
  b: "C-down",
  c: "C-right",
  d: "C-left",
  M: "enter",
};

/** The key of a control character. Backspace and Enter each send one of two. */
export function keyOfControl(byte: number): string | undefined {
  switch (byte) {
    case 0x00:
      return undefined; // a terminal's padding, and Ctrl-Space
    case 0x08:
    case 0x7f:
      return "backspace";
    case 0x09:
      return "tab";
    case 0x0a:
    case 0x0d:
      return "enter";
    default:
      return `C-${String.fromCharCode(byte | 0x40).toLowerCase()}`;
  }
}

/** The key of `CSI parameters final`. */
export function keyOfCsi(parameters: string, final: string, isMeta: boolean): string | undefined {
  const [first, modifiers = "1"] = parameters.split(";");
  if (!/^\d*$/.test(first) || !/^\d+$/.test(modifiers)) return undefined;
  const key = final === "~" ? TILDES[first] : ARROWS[final];
  return key && withModifiers(key, Number(modifiers), isMeta);
}

/** The key of `ESC O final`. */
export function keyOfSs3(final: string, isMeta: boolean): string | undefined {
  const key = ARROWS[final];
  return key ? withModifiers(key, 1, isMeta) : RXVT[final];
}

/** The start of xterm's bracketed paste: `CSI 200 ~`. */
export function isPasteBegin(parameters: string, final: string): boolean {
  return parameters === "200" && final === "~";
}

/** xterm sends the modifier keys as bits, plus one: Shift, Alt, Ctrl. Shift is ignored. */
function withModifiers(key: string, modifiers: number, isMeta: boolean): string {
  const bits = modifiers - 1;
  const alt = isMeta || (bits & 2) !== 0 ? "M-" : "";
  const control = (bits & 4) !== 0 ? "C-" : "";
  return control + alt + key;
}
