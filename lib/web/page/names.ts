/**
 * The colours of names on the page.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";

/** Number of name colours: `.hue-0` to `.hue-11` in `style.css`. */
export const HUES = 12;

/** The colour of a name, from 0 to `HUES - 1`; the same for everybody. */
export function nameHue(name: string): number {
  // FNV-1a spreads names that differ in one letter.
  let hash = 0x811c9dc5;
  for (const character of nameKey(name)) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return (hash >>> 0) % HUES;
}
