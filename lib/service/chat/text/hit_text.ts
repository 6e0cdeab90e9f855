/**
 * Search hits as lines of text.
 *
 * @module
 */

import { terminalText } from "../../../codec/terminal_text.ts";
import { tombstoneOf } from "../../../domain/redaction.ts";
import { isMessage, type RoomEvent, type RoomEventKind } from "../../../domain/room_event.ts";
import {
  formattedSnippet,
  type FormattedSnippetPart,
} from "../../../domain/search/formatted_snippet.ts";
import type { SearchHit } from "../../../domain/search/search.ts";
import { printedText } from "../../../domain/text/printed_text.ts";
import { numberedEventText } from "./event_text.ts";
import { codesOf } from "./formatted_lines.ts";
import { messagePart } from "./sentence.ts";

/** A placeholder for the body. The last one in the line is ours: no `%` follows it. */
const PLACE = "%";
/** How matches are marked: with stars, in bold and underlined, or not at all. */
type Marks = "plain" | "colour" | "spoken";
const MATCH_CODES = ["1", "4"];

/** Between hits with the events around them. */
export const HIT_RULE = "--";
/** Characters shown of each event around a hit. */
const MAX_CONTEXT_CHARACTERS = 300;

/**
 * The lines of a hit: its room, number and time, and the relevant part of its text with the matches
 * marked; before and after it, indented, the events around it. For screen readers the text comes
 * first and nothing is marked.
 */
export function hitLines(
  hit: SearchHit,
  { colour = false, reader = false, isHere = false } = {},
): string[] {
  const text = (event: RoomEvent) =>
    numberedEventText(event, { isSpoken: reader, room: isHere ? undefined : event.room, colour });
  const beside = (event: RoomEvent) => (reader ? "" : "  ") + text(shortened(event));
  const marks = reader ? "spoken" : colour ? "colour" : "plain";
  return [...hit.before.map(beside), markedText(hit, text, marks), ...hit.after.map(beside)];
}

/** A log line can be very long. */
function shortened(event: RoomEvent): RoomEvent {
  if (event.body.length <= MAX_CONTEXT_CHARACTERS) return event;
  const body = printedText(event.body).slice(0, MAX_CONTEXT_CHARACTERS);
  return { ...event, body: `${body.replace(/[\ud800-\udbff]$/, "")}\u2026` };
}

/** Formats a hit's event with `text`, with its snippet in place of the body. */
export function markedText(
  { event, snippet }: Pick<SearchHit, "event" | "snippet">,
  text: (event: RoomEvent) => string,
  marks: Marks,
): string {
  const body = snippetText(snippet, event.kind, marks);
  // An empty body changes the sentence: "joined", "cleared the topic".
  // The text of a pin or a reaction is followed by what it is about.
  const isAct = !isMessage(event) && event.about !== undefined;
  if (body === "" || isAct || tombstoneOf(event)) return text(event);
  const line = text({ ...event, body: PLACE });
  const at = line.lastIndexOf(PLACE);
  return line.slice(0, at) + body + line.slice(at + PLACE.length);
}

/** A snippet on one line, with people's formatting, except where stars mark matches. */
function snippetText(snippet: SearchHit["snippet"], kind: RoomEventKind, marks: Marks): string {
  const parts: readonly FormattedSnippetPart[] = isMessage({ kind }) && marks !== "plain"
    ? formattedSnippet(snippet)
    : snippet;
  return parts.map((part) => {
    const { text, isMatch } = part;
    const safe = kind === "log" ? terminalText(text) : messagePart(text);
    if (marks === "plain") return isMatch ? `*${safe}*` : safe;
    const codes = marks === "colour" ? [...isMatch ? MATCH_CODES : [], ...codesOf(part)] : [];
    return codes.length === 0 ? safe : `\x1b[${[...new Set(codes)].join(";")}m${safe}\x1b[0m`;
  }).join("");
}
