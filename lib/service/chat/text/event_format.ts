/**
 * Events as exports and commands print them. The output depends on nothing but the event: not on
 * the machine's time zone or language. It contains no terminal control sequences.
 *
 * @module
 */

import { terminalJson, terminalLines, terminalText } from "../../../codec/terminal_text.ts";
import { eventToJson, toEventJson } from "../../../domain/event_json.ts";
import { isMessage, type RoomEvent } from "../../../domain/room_event.ts";
import { sentence, sentenceParts } from "./sentence.ts";

export const FORMATS = ["jsonl", "text", "csv"] as const;
export type Format = typeof FORMATS[number];

/** Formats events, each with its line end, after a header. */
export interface EventFormat {
  readonly header: string;
  line(event: RoomEvent): string;
}

const CSV_COLUMNS = ["id", "room", "seq", "at", "kind", "from", "body", "fields", "via"] as const;

/**
 * - `jsonl` has the whole event, with every character as it is.
 * - `text` is for people: the time in UTC, room and number, and the event as a sentence. Each line of
 *   a block has them.
 * - `csv` (RFC 4180) has the whole event, with control characters written out, except the newlines
 *   of blocks.
 */
export const EVENT_FORMATS: Readonly<Record<Format, EventFormat>> = {
  jsonl: { header: "", line: (event) => `${eventJson(event)}\n` },
  text: { header: "", line: eventLines },
  csv: {
    header: `${CSV_COLUMNS.join(",")}\r\n`,
    line(event) {
      const json = toEventJson(event);
      // All of them: there is no column for the number that a reply answers.
      const fields = event.fields && JSON.stringify(event.fields);
      // What people say may have several lines; other newlines are like other control characters.
      const cells = CSV_COLUMNS.map((column) => {
        if (column === "body") {
          return cell(json.body, isMessage(event) ? terminalLines : terminalText);
        }
        return cell(column === "fields" ? fields : json[column]);
      });
      return `${cells.join(",")}\r\n`;
    },
  },
};

/** The event as JSON, without a line end. */
export function eventJson(event: RoomEvent): string {
  return terminalJson(eventToJson(event));
}

/** The event as a person reads it on one line, without a line end. */
export function eventLine(event: RoomEvent): string {
  return terminalText(placeOf(event) + sentence(event));
}

/** The same with a line for each line of a block. */
function eventLines(event: RoomEvent): string {
  const { head, lines } = sentenceParts(event);
  const start = placeOf(event) + head;
  return lines.map((line) => `${terminalText(start + line)}\n`).join("");
}

function placeOf({ at, room, seq }: RoomEvent): string {
  return `${new Date(at).toISOString()} ${room}#${seq} `;
}

function cell(value: string | number | undefined, shown = terminalText): string {
  if (value === undefined) return "";
  const text = shown(String(value));
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
