/**
 * Events as lines of text.
 *
 * @module
 */

import { isMessage, type RoomEvent } from "../../../domain/room_event.ts";
import { levelOfEvent } from "../../../domain/search/event_matcher.ts";
import type { WatchWords } from "../../../domain/search/watch_words.ts";
import { BREAK_SIGN } from "../../../domain/text/block.ts";
import { mentionsIn } from "../../../domain/text/mention.ts";
import { clockTime, dayAndTime, dayName } from "../../../domain/wording.ts";
import type { Level } from "../../../level.ts";
import { blockRows, firstLines, shift, styledRows } from "./block_rows.ts";
import {
  BOLD_CODE,
  formattedLines,
  paint,
  type StyledLine,
  type StyleRange,
} from "./formatted_lines.ts";
import { sentence, sentenceParts, spokenWords } from "./sentence.ts";
import { coloured, dim, levelled } from "./styles.ts";

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
  /** Whether reactions are shown; otherwise they have no line. */
  readonly hasReactions: boolean;
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
  const first = isWindow ? firstLines(lines, reference) : lines;
  if (!view.colour) return `${blockRows(start, first, view.width).join("\r\n")}\r\n`;
  const rows = isMessage(event)
    ? styledRows(start, formattedLines(first), view.width)
    : blockRows(start, first, view.width).map((text) => ({ text, styles: [] }));
  // Without a window, each row begins with the name.
  const parts = isWindow ? [rows] : rows.map((row) => [row]);
  const nameAt = time.length + room.length;
  return parts.flatMap((part) => colouredRows(part, event, time.length, nameAt, view))
    .map((row) => `${row}\r\n`).join("");
}

/**
 * The event with its number and time on one line.
 *
 * @param view.room Names the room, unless it is the reader's current one.
 */
export function numberedEventText(
  event: RoomEvent,
  { room, isSpoken = false, colour = false }: {
    readonly room?: string;
    readonly isSpoken?: boolean;
    readonly colour?: boolean;
  } = {},
): string {
  const time = dayAndTime(event.at);
  if (isSpoken) return `${spokenWords(event, room)}, #${event.seq}, ${time}`;
  const written = colour ? styledSentence(event) : sentence(event);
  return `${room ?? ""}#${event.seq} ${time} ${written}`;
}

/** The event on one line, with bold, italic and code shown as such. */
function styledSentence(event: RoomEvent): string {
  if (!isMessage(event)) return sentence(event);
  const { head, lines } = sentenceParts(event);
  return head + formattedLines(lines).map(({ text, styles }) => paint(text, styles))
    .join(BREAK_SIGN);
}

/** The same as rows, each line of a block on its own. @param width As in {@linkcode blockRows}. */
export function numberedEventRows(
  event: RoomEvent,
  { width = 0, isSpoken = false, colour = false, room = "" } = {},
): string[] {
  if (isSpoken) {
    return blockRows("", [numberedEventText(event, { isSpoken, room: room || undefined })], width);
  }
  const { head, lines } = sentenceParts(event);
  const start = `${room}#${event.seq} ${dayAndTime(event.at)} ${head}`;
  if (!colour || !isMessage(event)) return blockRows(start, lines, width);
  return styledRows(start, formattedLines(lines), width)
    .map(({ text, styles }) => paint(text, styles));
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

/**
 * Rows in the colours of the event: one with its beginning, and those that continue it.
 *
 * @param nameAt The offset of the sentence in the first row.
 */
function colouredRows(
  rows: readonly StyledLine[],
  event: RoomEvent,
  timeLength: number,
  nameAt: number,
  view: View,
): string[] {
  const { kind, from } = event;
  const start = kind === "message" ? 1 : kind === "action" ? 2 : kind === "log" ? 0 : -1;
  if (start === -1) return rows.map(({ text }) => dim(text));
  const style = styleOf(event, view);
  const [first, ...others] = rows;
  const { text: row } = first;
  const time = timeLength > 0 ? dim(row.slice(0, timeLength - 1)) + " " : "";
  const at = nameAt + start;
  const end = at + from.length;
  // After the name come "> ", " " or "| ". If wrapping broke the name, leave it uncoloured.
  const text = end + (kind === "action" ? 1 : 2);
  const shown = row.startsWith(from, at)
    ? row.slice(timeLength, at) + coloured(from, from) + row.slice(end, text) + style(first, text)
    : row.slice(timeLength);
  return [
    time + shown,
    ...others.map((row) => {
      const [margin] = /^ */.exec(row.text)!;
      return margin + style(row, margin.length);
    }),
  ];
}

/** Styles the text of a row from an index on: its formatting, and what the reader looks out for. */
function styleOf(
  event: RoomEvent,
  { name = "", words }: View,
): (row: StyledLine, from: number) => string {
  const { kind, from: sender } = event;
  const level = kind === "log" ? levelOfEvent(event) : undefined;
  return ({ text: row, styles }, from) => {
    const text = row.slice(from);
    const names = kind === "log" || sender === name ? [] : mentionsIn(text, name);
    const found = sender === name ? [] : words?.find(text).map(({ start, end }) => [start, end]);
    const ranges = [...names, ...found ?? []];
    if (kind === "log") return emphasized(text, ranges, level);
    const marks = ranges.map(([start, end]): StyleRange => ({ start, end, code: BOLD_CODE }));
    return paint(text, [...shift(styles, -from), ...marks]);
  };
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
