/**
 * Masks as people write them on IRC: `*` is any text, `?` is one character, and everything else is
 * itself.
 *
 * @module
 */

/** Whether a mask has wildcards, so that it may match several texts. */
export function hasWildcards(mask: string): boolean {
  return mask.includes("*") || mask.includes("?");
}

/**
 * Whether a mask matches a whole text. Both are compared as they are; pass them in the form that
 * `nameKey()` gives them to compare names.
 *
 * It goes back to the last `*` at most, so the steps it takes are at most the product of the two
 * lengths. A regular expression made from the mask would take exponentially many for some masks.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { matchesMask } from "./irc_mask.ts";
 *
 * assert(matchesMask("*!*@*.example.com", "ann!~ann@host.example.com"));
 * assert(!matchesMask("j?ck", "jaack"));
 * ```
 */
export function matchesMask(mask: string, text: string): boolean {
  let atMask = 0;
  let atText = 0;
  /** The last `*` passed, and the end of what it stands for so far. */
  let star = -1;
  let starEnd = 0;
  while (atText < text.length) {
    const wanted = mask[atMask];
    if (wanted === "*") {
      star = atMask++;
      starEnd = atText;
    } else if (wanted === "?") {
      atMask++;
      atText += characterLength(text, atText);
    } else if (wanted !== undefined && wanted === text[atText]) {
      atMask++;
      atText++;
    } else if (star !== -1) {
      atMask = star + 1;
      starEnd += characterLength(text, starEnd);
      atText = starEnd;
    } else {
      return false;
    }
  }
  while (mask[atMask] === "*") atMask++;
  return atMask === mask.length;
}

/** The length of the character at `index`, in UTF-16 units: `?` is never half of one. */
function characterLength(text: string, index: number): number {
  return text.codePointAt(index)! > 0xffff ? 2 : 1;
}
