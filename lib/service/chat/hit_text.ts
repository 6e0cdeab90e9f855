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
const MARKS = { plain: ["*", "*"], colour: ["\x1b[1;4m", "\x1b[0m"] } as const;

/** The room and number of a hit, when it was said, and the part of it that matters, marked. */
export function hitText(hit: SearchHit, { colour = false } = {}): string {
  return hit.event.room + markedText(hit, numberedEventText, { colour });
}

/** What `text` makes of a hit's event, with only the part of the body that matters, marked. */
export function markedText(
  { event, snippet }: Pick<SearchHit, "event" | "snippet">,
  text: (event: RoomEvent) => string,
  { colour }: { readonly colour: boolean },
): string {
  const [begin, end] = MARKS[colour ? "colour" : "plain"];
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
