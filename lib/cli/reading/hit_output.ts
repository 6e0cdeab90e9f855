/**
 * Search hits as commands print them.
 *
 * @module
 */

import { terminalJson } from "../../codec/terminal_text.ts";
import { toEventJson } from "../../domain/event_json.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { SearchHit } from "../../domain/search/search.ts";
import { eventJson, eventLine } from "../../service/chat/text/event_format.ts";
import { markedText } from "../../service/chat/text/hit_text.ts";

/** A hit as lines for people, the events around it indented. */
export function hitText({ event, snippet, before, after }: SearchHit, colour: boolean): string {
  const beside = (events: readonly RoomEvent[]) => events.map((event) => `  ${eventLine(event)}\n`);
  const line = colour ? markedText({ event, snippet }, eventLine, "colour") : eventLine(event);
  return [...beside(before), `${line}\n`, ...beside(after)].join("");
}

/** A hit as a line of JSON: the event with its snippet, and the events around it if asked for. */
export function hitJson(
  { event, snippet, before, after }: SearchHit,
  hasContext: boolean,
): string {
  const context = hasContext
    ? { before: before.map(toEventJson), after: after.map(toEventJson) }
    : {};
  const more = terminalJson(JSON.stringify({ snippet, ...context }));
  return `${eventJson(event).slice(0, -1)},${more.slice(1)}\n`;
}
