/**
 * Events for people at terminals with colours, in the form of `eventLine`.
 *
 * @module
 */

import { terminalText } from "../../codec/terminal_text.ts";
import { levelOfEvent } from "../../domain/event_matcher.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import { sentenceParts } from "./sentence.ts";
import { coloured, dim, levelled } from "./styles.ts";

/** The event as `eventLine` writes it, with the colours of its sender and level. */
export function colouredLine(event: RoomEvent): string {
  const { kind, from, room, seq } = event;
  const place = dim(terminalText(`${new Date(event.at).toISOString()} ${room}#${seq}`));
  const { head, lines } = sentenceParts(event);
  const text = terminalText(lines.join(" / "));
  if (kind === "log") {
    return `${place} ${coloured(terminalText(from), from)}| ${levelled(text, levelOfEvent(event))}`;
  }
  if (kind !== "message" && kind !== "action") return `${place} ${dim(terminalText(head) + text)}`;
  const [before, after] = head.split(from);
  return `${place} ${before}${coloured(from, from)}${after}${text}`;
}
