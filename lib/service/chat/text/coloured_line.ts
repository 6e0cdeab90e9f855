/**
 * Events for people at terminals with colours, in the form of the text format.
 *
 * @module
 */

import { terminalText } from "../../../codec/terminal_text.ts";
import { isMessage, type RoomEvent } from "../../../domain/room_event.ts";
import { levelOfEvent } from "../../../domain/search/event_matcher.ts";
import { formattedLines, paint } from "./formatted_lines.ts";
import { sentenceParts } from "./sentence.ts";
import { coloured, dim, levelled } from "./styles.ts";

/**
 * The event as the text format writes it, with the colours of its sender and level: a line for each
 * line of a block, without the last line end.
 */
export function colouredLine(event: RoomEvent): string {
  const { kind, from, room, seq } = event;
  const place = dim(terminalText(`${new Date(event.at).toISOString()} ${room}#${seq}`));
  const { head, lines } = sentenceParts(event);
  const text = terminalText(lines[0]);
  if (kind === "log") {
    return `${place} ${coloured(terminalText(from), from)}| ${levelled(text, levelOfEvent(event))}`;
  }
  if (!isMessage(event)) return `${place} ${dim(terminalText(head) + text)}`;
  const [before, after] = head.split(from);
  const start = `${place} ${before}${coloured(from, from)}${after}`;
  return formattedLines(lines.map((line) => terminalText(line)))
    .map(({ text, styles }) => start + paint(text, styles)).join("\n");
}
