/**
 * Finding one's own name in what others say.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { EventJson } from "../protocol.ts";

const WORD = /[\p{L}\p{M}\p{Nd}_.-]+/gu;
/** What ends a sentence is allowed in names, so it may or may not belong to one. */
const TRAILING = /[.-]+$/;

/** Where `name` is said in `text`: start and end of each place. */
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

/** Whether somebody else says `name`. What programs log names nobody. */
export function isMention({ kind, from, body }: EventJson, name: string): boolean {
  return (kind === "message" || kind === "action") && nameKey(from) !== nameKey(name) &&
    mentionsIn(body, name).length > 0;
}
