/**
 * Events as exports and commands print them. The output depends on nothing but the event: not on
 * the machine's time zone or language. It contains no terminal control sequences.
 *
 * @module
 */

import { terminalJson, terminalText } from "../../codec/terminal_text.ts";
import { eventToJson, toEventJson } from "../../domain/event_json.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import { sentence } from "./sentence.ts";

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
 * - `text` is for people: the time in UTC, room and number, and the event as a sentence.
 * - `csv` (RFC 4180) has the whole event, with control characters written out.
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
