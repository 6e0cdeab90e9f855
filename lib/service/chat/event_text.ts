/**
 * Events as lines of text.
 *
 * @module
 */

import { levelOfEvent } from "../../domain/event_matcher.ts";
import { mentionsIn } from "../../domain/mention.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { WatchWords } from "../../domain/watch_words.ts";
import { blockRows, firstLines } from "./block_rows.ts";
import { sentence, sentenceParts, spokenWords } from "./sentence.ts";
import { coloured, dim, levelled } from "./styles.ts";
import type { Level } from "../../level.ts";
import { clockTime, dayAndTime, dayName } from "../../domain/wording.ts";

/** How a reader wants events written. */
export interface View {
  /** Whether this is the reader's current room; lines of other rooms are prefixed with the room. */
  readonly isCurrent: boolean;
  readonly time: boolean;
  readonly colour: boolean;
  /** In columns; 0 for no wrapping. */
  readonly width: number;
  /** Whether a screen reader reads it aloud. */
  readonly isSpoken: boolean;
  /** The reader's name, if the events mention it and it is to be highlighted. */
  readonly name?: string;
  /** Words that stand out like the name. */
  readonly words?: WatchWords;
  /** Whether the first event is on another day than the event shown before it. */
  readonly startsDay: boolean;
}

/** The event as one or more lines, each with its end. */
export function eventText(event: RoomEvent, view: View): string {
  if (view.isSpoken) return spokenText(event, view);
  const time = view.time ? `${clockTime(event.at)} ` : "";
  const room = view.isCurrent ? "" : `#${event.room} `;
  const { head, lines } = sentenceParts(event);
  const start = time + room + head;
  // Most events, for most readers of plain lines.
  if (view.width === 0 && lines.length === 1 && !view.colour) return `${start}${lines[0]}\r\n`;
  const isWindow = view.width > 0;
  const reference = `${view.isCurrent ? "" : event.room}#${event.seq}`;
  const rows = blockRows(start, isWindow ? firstLines(lines, reference) : lines, view.width);
  if (!view.colour) return `${rows.join("\r\n")}\r\n`;
  // Without a window, each row begins with the name.
  const parts = isWindow ? [rows] : rows.map((row) => [row]);
  for (const part of parts) {
    colour(part, event, time.length, time.length + room.length, view);
  }
  return `${parts.flat().join("\r\n")}\r\n`;
}

/**
 * The event with its number and time, as history shows it.
 *
 * @param room Names the room, unless it is the reader's current one.
 */
export function numberedEventText(event: RoomEvent, isSpoken = false, room?: string): string {
  const time = dayAndTime(event.at);
  if (isSpoken) return `${spokenWords(event, room)}, #${event.seq}, ${time}`;
  return `${room ?? ""}#${event.seq} ${time} ${sentence(event)}`;
}

/** The same as rows, each line of a block on its own. @param width As in {@linkcode blockRows}. */
export function numberedEventRows(
  event: RoomEvent,
  { width = 0, isSpoken = false, room = "" } = {},
): string[] {
  if (isSpoken) return blockRows("", [numberedEventText(event, true, room || undefined)], width);
  const { head, lines } = sentenceParts(event);
  return blockRows(`${room}#${event.seq} ${dayAndTime(event.at)} ${head}`, lines, width);
}

/** The separator between the events of two days. */
export function dayText(at: number, view: View): string {
  if (view.isSpoken) return `${dayName(at)}\r\n`;
  return `${rule(dayName(at), view.colour)}\r\n`;
}

/** A labelled separator line. */
export function rule(text: string, isColoured: boolean): string {
  const line = `--- ${text} ---`;
  return isColoured ? dim(line) : line;
}

function spokenText(event: RoomEvent, view: View): string {
  const words = spokenWords(event, view.isCurrent ? undefined : event.room);
  return `${words}${view.time ? `, ${clockTime(event.at)}` : ""}\r\n`;
}

/** @param nameAt The offset of the sentence in the first line. */
function colour(
  lines: string[],
  event: RoomEvent,
  timeLength: number,
  nameAt: number,
  { name = "", words }: View,
): void {
  const { kind, from } = event;
  const start = kind === "message" ? 1 : kind === "action" ? 2 : kind === "log" ? 0 : -1;
  if (start === -1) {
    lines.forEach((line, index) => lines[index] = dim(line));
    return;
  }
  const level = kind === "log" ? levelOfEvent(event) : undefined;
  const style = (text: string) => {
    const names = kind === "log" || from === name ? [] : mentionsIn(text, name);
    const ranges = from === name ? [] : words?.find(text).map(({ start, end }) => [start, end]);
    return emphasized(text, [...names, ...ranges ?? []], level);
  };
  const [first] = lines;
  const time = timeLength > 0 ? dim(first.slice(0, timeLength - 1)) + " " : "";
  const at = nameAt + start;
  const end = at + from.length;
  // After the name come "> ", " " or "| ". If wrapping broke the name, leave it uncoloured.
  const text = end + (kind === "action" ? 1 : 2);
  lines[0] = first.startsWith(from, at)
    ? time + first.slice(timeLength, at) + coloured(from, from) + first.slice(end, text) +
      style(first.slice(text))
    : time + first.slice(timeLength);
  for (let index = 1; index < lines.length; index++) {
    const [margin] = /^ */.exec(lines[index])!;
    lines[index] = margin + style(lines[index].slice(margin.length));
  }
}

/** A text in the style of its level, if it has one, with the ranges in bold. */
function emphasized(text: string, ranges: readonly number[][], level: Level | undefined): string {
  let styled = "";
  let shown = 0;
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    if (end <= shown) continue;
    const from = Math.max(start, shown);
    styled += levelled(text.slice(shown, from), level) +
      levelled(text.slice(from, end), level, true);
    shown = end;
  }
  return styled + levelled(text.slice(shown), level);
}
