/**
 * Events as commands print them. The same event is the same bytes, whoever prints it, wherever the
 * machine is and whatever its language; and none of them does anything to a terminal.
 *
 * @module
 */

import { terminalJson, terminalText } from "../../codec/terminal_text.ts";
import { eventToJson, toEventJson } from "../../domain/event_json.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import { sentence } from "./sentence.ts";

/** The forms that there are. */
export const FORMATS = ["jsonl", "text", "csv"] as const;
export type Format = typeof FORMATS[number];

/** A form of events: what stands before all, and each with its line end. */
export interface EventFormat {
  readonly header: string;
  line(event: RoomEvent): string;
}

const CSV_COLUMNS = ["id", "room", "seq", "at", "kind", "from", "body", "fields", "via"] as const;

/**
 * - `jsonl` has all of an event, every character as it is.
 * - `text` is for people: time in UTC, room and number, what was said.
 * - `csv` (RFC 4180) has all of an event, but for control characters, which are written out.
 */
export const EVENT_FORMATS: Readonly<Record<Format, EventFormat>> = {
  jsonl: { header: "", line: (event) => `${eventJson(event)}\n` },
  text: { header: "", line: (event) => `${eventLine(event)}\n` },
  csv: {
    header: `${CSV_COLUMNS.join(",")}\r\n`,
    line(event) {
      const json = toEventJson(event);
      const fields = json.fields && JSON.stringify(json.fields);
      const cells = CSV_COLUMNS.map((column) => cell(column === "fields" ? fields : json[column]));
      return `${cells.join(",")}\r\n`;
    },
  },
};

/** The event as JSON, without a line end. */
export function eventJson(event: RoomEvent): string {
  return terminalJson(eventToJson(event));
}

/** The event as a person reads it, without a line end. */
export function eventLine(event: RoomEvent): string {
  const at = new Date(event.at).toISOString();
  return terminalText(`${at} ${event.room}#${event.seq} ${sentence(event)}`);
}

function cell(value: string | number | undefined): string {
  if (value === undefined) return "";
  const text = terminalText(String(value));
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
