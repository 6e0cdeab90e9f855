/**
 * Search hits as lines of text.
 *
 * @module
 */

import { terminalText } from "../../codec/terminal_text.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { SearchHit } from "../../domain/search.ts";
import { numberedEventText } from "./event_text.ts";
import { messagePart } from "./sentence.ts";

/** A placeholder for the body. The last one in the line is ours: no `%` follows it. */
const PLACE = "%";
const MARKS = { plain: ["*", "*"], colour: ["\x1b[1;4m", "\x1b[0m"], spoken: ["", ""] } as const;

/**
 * A hit's room, number and time, and the relevant part of its text with the matches marked. For
 * screen readers the text comes first and nothing is marked.
 */
export function hitText(hit: SearchHit, { colour = false, reader = false } = {}): string {
  const { room } = hit.event;
  if (!reader) return room + markedText(hit, numberedEventText, colour ? "colour" : "plain");
  return markedText(hit, (event) => numberedEventText(event, true, room), "spoken");
}

/** Formats a hit's event with `text`, with its snippet in place of the body. */
export function markedText(
  { event, snippet }: Pick<SearchHit, "event" | "snippet">,
  text: (event: RoomEvent) => string,
  marks: keyof typeof MARKS,
): string {
  const [begin, end] = MARKS[marks];
  const body = snippet.map(({ text, isMatch }) => {
    const safe = event.kind === "message" ? messagePart(text) : terminalText(text);
    return isMatch ? begin + safe + end : safe;
  }).join("");
  // An empty body changes the sentence: "joined", "cleared the topic".
  if (body === "") return text(event);
  const line = text({ ...event, body: PLACE });
  const at = line.lastIndexOf(PLACE);
  return line.slice(0, at) + body + line.slice(at + PLACE.length);
}
