/**
 * User-perceived characters (Unicode's extended grapheme clusters, UAX #29): `é` in two code
 * points, a family of seven.
 *
 * @module
 */

/** Created on first use: loading its tables takes as long as loading twenty other files. */
let segmenter: Intl.Segmenter | undefined;

/** Below this, no character joins with another, except CR with LF. */
const FIRST_JOINING = 0x300;
const CR = 0x0d;

/** The graphemes of a text. */
export function graphemes(text: string): string[] {
  if (isSimple(text)) return text.split("");
  return Array.from(segment(text), ({ segment }) => segment);
}

/** The start of the grapheme that ends at or contains `index`; 0 at the beginning. */
export function graphemeStart(text: string, index: number): number {
  if (index <= 1) return 0;
  const isAlone = text.charCodeAt(index - 1) < FIRST_JOINING &&
    text.charCodeAt(index - 2) < FIRST_JOINING && text.charCodeAt(index - 2) !== CR;
  if (isAlone) return index - 1;
  return segmentsOf(text).containing(index - 1)!.index;
}

/** The end of the grapheme that begins at or contains `index`; the text's length at the end. */
export function graphemeEnd(text: string, index: number): number {
  if (index >= text.length - 1) return text.length;
  const isAlone = text.charCodeAt(index) < FIRST_JOINING &&
    text.charCodeAt(index + 1) < FIRST_JOINING && text.charCodeAt(index) !== CR;
  if (isAlone) return index + 1;
  const { index: start, segment } = segmentsOf(text).containing(index)!;
  return start + segment.length;
}

/** The first position from `index` on that is between two graphemes. */
export function graphemeBoundary(text: string, index: number): number {
  if (index <= 0 || index >= text.length) return index;
  if (text.charCodeAt(index) < FIRST_JOINING && text.charCodeAt(index - 1) !== CR) return index;
  const { index: start, segment } = segmentsOf(text).containing(index)!;
  return start === index ? index : start + segment.length;
}

/**
 * The text that was asked about last, and its segments: moving by words asks about each grapheme of
 * one text, and its segments hold a copy of it in memory that is freed late.
 */
let latestText = "";
let latestSegments: Intl.Segments | undefined;

function segmentsOf(text: string): Intl.Segments {
  if (!latestSegments || text !== latestText) {
    latestText = text;
    latestSegments = segment(text);
  }
  return latestSegments;
}

function segment(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
}

function isSimple(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= FIRST_JOINING || unit === CR) return false;
  }
  return true;
}
