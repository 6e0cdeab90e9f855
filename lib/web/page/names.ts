/**
 * Names on the page: their colours, and mentions of one's own name.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { EventJson } from "../protocol.ts";

/** Number of name colours: `.hue-0` to `.hue-11` in `style.css`. */
export const HUES = 12;

const WORD = /[\p{L}\p{M}\p{Nd}_.-]+/gu;
/** Names may contain these, but at the end of a word they are more likely punctuation. */
const TRAILING = /[.-]+$/;

/** The colour of a name, from 0 to `HUES - 1`; the same for everybody. */
export function nameHue(name: string): number {
  // FNV-1a spreads names that differ in one letter.
  let hash = 0x811c9dc5;
  for (const character of nameKey(name)) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return (hash >>> 0) % HUES;
}

/** Finds `name` in `text`; returns the start and end of each mention. */
export function mentionsIn(text: string, name: string): [start: number, end: number][] {
  if (name === "") return [];
  const key = nameKey(name);
  const found: [number, number][] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const bare = word.replace(TRAILING, "");
    if (nameKey(word) === key) found.push([index, index + word.length]);
    else if (nameKey(bare) === key) found.push([index, index + bare.length]);
  }
  return found;
}

/** Whether another person mentions `name`. Log lines never count. */
export function isMention({ kind, from, body }: EventJson, name: string): boolean {
  return (kind === "message" || kind === "action") && nameKey(from) !== nameKey(name) &&
    mentionsIn(body, name).length > 0;
}
