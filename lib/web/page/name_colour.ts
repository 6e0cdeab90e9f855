/**
 * The same colour for the same name, always and for everybody.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";

/** How many there are: `.hue-0` and so on in `style.css`. */
export const HUES = 12;

/** The number of the name's colour, from 0. */
export function nameHue(name: string): number {
  // FNV-1a, which spreads names that differ in one letter.
  let hash = 0x811c9dc5;
  for (const character of nameKey(name)) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return (hash >>> 0) % HUES;
}
