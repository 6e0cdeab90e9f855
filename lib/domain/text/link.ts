/**
 * Finds links in text.
 *
 * @module
 */

import { withoutTrailing } from "./trailing.ts";

const LINK = /https?:\/\/[^\s<>"'`]+/gi;
/** Punctuation that ends a sentence rather than a link. */
const AFTER_LINK = ".,:;!?…*_~";

/** Finds links to `http:` and `https:`; returns the start and end of each. */
export function linksIn(text: string): [start: number, end: number][] {
  if (!text.includes("://")) return [];
  return Array.from(text.matchAll(LINK), ({ 0: match, index }) => [
    index,
    index + trimLink(match).length,
  ]);
}

/** Removes the punctuation after a link. */
function trimLink(link: string): string {
  let trimmed = withoutTrailing(link, AFTER_LINK);
  // A closing bracket belongs to the link only if its opening bracket does.
  for (const [opening, closing] of ["()", "[]", "{}"]) {
    let excess = count(trimmed, closing) - count(trimmed, opening);
    for (; excess > 0 && trimmed.endsWith(closing); excess--) {
      trimmed = withoutTrailing(trimmed.slice(0, -1), AFTER_LINK);
    }
  }
  return trimmed;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
