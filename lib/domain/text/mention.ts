/**
 * Mentions of a person's name in what others say.
 *
 * @module
 */

import { nameKey } from "../name.ts";
import { isMessage, type RoomEvent } from "../room_event.ts";
import { withoutTrailing } from "./trailing.ts";

const WORD = /[\p{L}\p{M}\p{Nd}_.-]+/gu;
/** Names may contain these, but at the end of a word they are more likely punctuation. */
const TRAILING = ".-";

/** Finds `name` in `text`; returns the start and end of each mention. */
export function mentionsIn(text: string, name: string): [start: number, end: number][] {
  if (name === "") return [];
  const key = nameKey(name);
  const found: [number, number][] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const bare = withoutTrailing(word, TRAILING);
    if (nameKey(word) === key) found.push([index, index + word.length]);
    else if (bare !== word && nameKey(bare) === key) found.push([index, index + bare.length]);
  }
  return found;
}

/** Whether another person mentions `name`, or answers what they said. Log lines never count. */
export function isMention(
  event: Pick<RoomEvent, "kind" | "from" | "body" | "about">,
  name: string,
): boolean {
  if (!isMessage(event)) return false;
  const { from, body, about } = event;
  const key = nameKey(name);
  if (nameKey(from) === key) return false;
  return mentionsIn(body, name).length > 0 || (about !== undefined && nameKey(about.from) === key);
}
