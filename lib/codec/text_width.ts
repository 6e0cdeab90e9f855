/**
 * The number of terminal columns that text takes.
 *
 * Terminals agree on ASCII, on most letters and on Chinese, Japanese and Korean. For emoji and
 * clusters of several code points it depends on the terminal and its age. Code that moves a cursor
 * has to know which of the two kinds a character is.
 *
 * @module
 */

import stringWidth from "string-width";

/** The width of a grapheme. */
export interface GraphemeWidth {
  /** In a current terminal. */
  readonly columns: number;
  /** In the terminal that gives it most. */
  readonly most: number;
  /** Whether all terminals agree on `columns`. */
  readonly isCertain: boolean;
}

const NARROW: GraphemeWidth = { columns: 1, most: 1, isCertain: true };
/** Widths in the cache. */
const MAX_KNOWN = 2000;
const known = new Map<string, GraphemeWidth>();

/** One character, without marks or with marks that all terminals recognise. */
const PLAIN = /^\P{M}[\u0300-\u036f]*$/u;
/**
 * Letters, except those that only occur within Hangul syllables. Ignores the few terminals that are
 * set up to show é in two columns.
 */
const LETTERS = /^(?![\u1160-\u11ff\ud7b0-\ud7ff])\p{L}/u;
const WIDE_EVERYWHERE = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\u3000-\u3020\uff01-\uff60]/u;
const NARROW_EVERYWHERE = /^[\p{L}\p{N}\p{P}\p{S} \u00a0]/u;
const PICTOGRAPH = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
/** Takes no column in any terminal: combining marks and format characters. */
const NO_COLUMN = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** The columns of a whole text in a current terminal. */
export function textWidth(text: string): number {
  return isPrintableAscii(text) ? text.length : stringWidth(text);
}

/** The width of a grapheme that is not a control character. */
export function graphemeWidth(grapheme: string): GraphemeWidth {
  if (isPrintableAscii(grapheme)) return NARROW;
  let width = known.get(grapheme);
  if (!width) {
    width = measure(grapheme);
    if (known.size >= MAX_KNOWN) known.clear();
    // Only short ones, because a grapheme may have any number of marks.
    if (grapheme.length <= 32) known.set(grapheme, width);
  }
  return width;
}

function measure(grapheme: string): GraphemeWidth {
  const columns = stringWidth(grapheme);
  if (isWidthCertain(grapheme, columns)) return { columns, most: columns, isCertain: true };
  // A terminal that does not know clusters shows each code point.
  let most = 0;
  for (const character of grapheme) {
    if (!NO_COLUMN.test(character)) most += mostColumns(character);
  }
  return { columns, most: Math.max(columns, most), isCertain: false };
}

function isWidthCertain(grapheme: string, columns: number): boolean {
  if (!PLAIN.test(grapheme) || PICTOGRAPH.test(grapheme)) return false;
  if (columns !== 1) return columns === 2 && WIDE_EVERYWHERE.test(grapheme);
  return LETTERS.test(grapheme) ||
    NARROW_EVERYWHERE.test(grapheme) &&
      stringWidth(grapheme, { ambiguousIsNarrow: false }) === columns;
}

function mostColumns(character: string): number {
  if (PICTOGRAPH.test(character)) return 2;
  // A digit in a cluster may be a keycap.
  if (character <= "9") return 2;
  return Math.max(1, stringWidth(character, { ambiguousIsNarrow: false }));
}

function isPrintableAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}
