/**
 * How something that was found reads on a line.
 *
 * @module
 */

import { terminalText } from "../../codec/terminal_text.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { SearchHit } from "../../domain/search.ts";
import { numberedEventText } from "./event_text.ts";
import { messagePart } from "./sentence.ts";

/** Stands for the body while the line is made; nothing that it can be taken for follows it. */
const PLACE = "%";
const MARKS = { plain: ["*", "*"], colour: ["\x1b[1;4m", "\x1b[0m"], spoken: ["", ""] } as const;

/**
 * The room and number of a hit, when it was said, and the part of it that matters, marked; for those
 * who listen, what was said comes first and nothing is marked.
 */
export function hitText(hit: SearchHit, { colour = false, reader = false } = {}): string {
  const { room } = hit.event;
  if (!reader) return room + markedText(hit, numberedEventText, colour ? "colour" : "plain");
  return markedText(hit, (event) => numberedEventText(event, true, room), "spoken");
}

/** What `text` makes of a hit's event, with only the part of the body that matters, marked. */
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
  // Without one it reads differently: joined, cleared the topic.
  if (body === "") return text(event);
  const line = text({ ...event, body: PLACE });
  const at = line.lastIndexOf(PLACE);
  return line.slice(0, at) + body + line.slice(at + PLACE.length);
}
