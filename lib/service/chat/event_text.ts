/**
 * How an event reads on a line. Everything that came from a peer is made harmless here, on the
 * way out.
 *
 * @module
 */

import { terminalText } from "../../codec/terminal_text.ts";
import { nameKey } from "../../domain/name.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import { wrap } from "./wrap.ts";

/** What decides how an event is written, besides the event. */
export interface View {
  /** Whether the reader talks in this room; lines of other rooms say which one it was. */
  readonly isCurrent: boolean;
  readonly time: boolean;
  readonly colour: boolean;
  /** Columns, 0 for no wrapping. */
  readonly width: number;
}

const RESET = "\x1b[0m";
// The six colours that are readable on black and on white.
const COLOURS = [31, 32, 33, 34, 35, 36];

/** The event as one or more lines, each with its end. */
export function eventText(event: RoomEvent, view: View): string {
  let prefix = view.time ? `${clockTime(event.at)} ` : "";
  if (!view.isCurrent) prefix += `#${event.room} `;
  const text = prefix + sentence(event);
  const lines = view.width > 0 ? wrap(text, view.width).join("\r\n") : text;
  return `${view.colour ? colourName(lines, prefix, event) : lines}\r\n`;
}

/** The event as history shows it, with its number and time. */
export function numberedEventText(event: RoomEvent): string {
  return `#${event.seq} ${dayAndTime(event.at)} ${sentence(event)}`;
}

/** The event without any decoration. */
export function sentence(event: RoomEvent): string {
  const { kind, from } = event;
  const body = terminalText(event.body);
  switch (kind) {
    case "message":
      return `<${from}> ${body}`;
    case "action":
      return `* ${from} ${body}`;
    case "log":
      return `${terminalText(from)}| ${body}`;
    case "join":
      return `* ${from} joined`;
    case "part":
      return body === "" ? `* ${from} left` : `* ${from} left (${body})`;
    case "topic":
      return body === "" ? `* ${from} cleared the topic` : `* ${from} set the topic: ${body}`;
    case "notice":
      return `* ${body}`;
    case "gap":
      return `* gap: ${body}`;
  }
}

function colourName(text: string, prefix: string, { kind, from }: RoomEvent): string {
  const start = kind === "message" ? 1 : kind === "action" ? 2 : kind === "log" ? 0 : -1;
  // Where wrapping broke the name itself there is nothing to colour.
  if (start === -1 || !text.startsWith(from, prefix.length + start)) return text;
  const at = prefix.length + start;
  const end = at + from.length;
  return `${text.slice(0, at)}\x1b[${colourOf(from)}m${from}${RESET}${text.slice(end)}`;
}

/** The same colour for the same person, always. */
function colourOf(name: string): number {
  let hash = 0;
  for (const character of nameKey(name)) hash = (hash * 31 + character.codePointAt(0)!) % 9973;
  return COLOURS[hash % COLOURS.length];
}

function clockTime(at: number): string {
  const date = new Date(at);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

function dayAndTime(at: number): string {
  const date = new Date(at);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join("-");
  return `${day} ${clockTime(at)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
