/**
 * Events as sentences. Text that came from peers is made harmless here, on the way out.
 *
 * @module
 */

import { terminalText } from "../../../codec/terminal_text.ts";
import { canBeUndone } from "../../../domain/access/moderation/moderation_record.ts";
import { readableBody } from "../../../domain/redaction.ts";
import { type About, namedNumber, type RoomEvent } from "../../../domain/room_event.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import { BREAK_SIGN, isBlock, linesOf } from "../../../domain/text/block.ts";
import { isUnkept } from "../../../domain/unlogged.ts";
import { groupDigits, happening } from "../../../domain/wording.ts";
import { shownText } from "../../shown_text.ts";
import type { Viewer } from "../screen.ts";
import { formattedLines } from "./formatted_lines.ts";

/** Characters of what is quoted of another event. */
const MAX_QUOTED = 48;

/** Names listed in a greeting; `/who` lists more. */
const MAX_NAMES = 20;

/** An event in two parts: who and what. */
export interface SentenceParts {
  /** With the separator: `<jack> `. */
  readonly head: string;
  /** At least one; several if the event is a block. */
  readonly lines: readonly string[];
}

/** The event as text to read. */
export function sentenceParts(event: RoomEvent): SentenceParts {
  const { from } = event;
  const kind = kindToRead(event);
  const body = readableBody(event);
  switch (kind) {
    case "message":
      return { head: `<${from}> `, lines: saidLines(event, body) };
    case "action":
      return { head: `* ${from} `, lines: saidLines(event, body) };
    case "log":
      return { head: `${terminalText(from)}| `, lines: [shownText(body)] };
    default:
      return {
        head: "* ",
        lines: [
          happening({ ...event, kind }, shownText(body)) + aboutTail(event) + undoHint(event),
        ],
      };
  }
}

/** The lines of something said, the first with what it answers. */
function saidLines(event: RoomEvent, body: string): string[] {
  // Most messages, and each is told to many.
  if (!isBlock(body)) return [replyHead(event) + shownText(body)];
  const [first, ...rest] = linesOf(body).map(shownText);
  return [replyHead(event) + first, ...rest];
}

/** What a reply answers, in front of its text: `[#12 <jack> the disk is full] `; `""` for others. */
export function replyHead(event: RoomEvent): string {
  if (event.fields === undefined) return "";
  const number = event.kind === "redaction" ? undefined : namedNumber(event);
  return number === undefined ? "" : `[#${number}${quoted(event.about)}] `;
}

/** What was pinned, after the number. */
function aboutTail({ kind, about }: RoomEvent): string {
  return kind === "pin" || kind === "react" ? quoted(about) : "";
}

/** What an event says that another one is about, after its number. */
export function quoted(about: About | undefined): string {
  if (about === undefined) return "";
  const { kind, from, body } = about;
  if (kind === "gap") return `, ${body}`;
  const { head, lines } = sentenceParts({ ...NO_EVENT, kind, from, body });
  return ` ${shortened(head + lines.join(BREAK_SIGN))}`;
}

/** Stands around what is quoted. */
const NO_EVENT = { id: 0, room: "", seq: 0, at: 0 };

function shortened(text: string): string {
  const characters = [...text];
  if (characters.length <= MAX_QUOTED) return text;
  return `${characters.slice(0, MAX_QUOTED - 1).join("").trimEnd()}…`;
}

/** How to take back what an act of moderation did. */
function undoHint(event: RoomEvent): string {
  return event.kind === "moderation" && canBeUndone(event) ? ` /undo #${event.seq} undoes it.` : "";
}

/** What an event is told as: one that was not kept is a gap, whatever it was. */
function kindToRead(event: RoomEvent): RoomEvent["kind"] {
  return event.body === "" && isUnkept(event) ? "gap" : event.kind;
}

/** The event on one line, without any decoration. */
export function sentence(event: RoomEvent): string {
  const { head, lines } = sentenceParts(event);
  return head + lines.join(BREAK_SIGN);
}

/** Part of what a message shows, on one line, as {@linkcode sentence} writes it. */
export function messagePart(text: string): string {
  return linesOf(text).map(terminalText).join(BREAK_SIGN);
}

/** The event for screen readers, without signs that would be spelt out. */
export function spokenWords(event: RoomEvent, room?: string): string {
  const { from } = event;
  const kind = kindToRead(event);
  const body = readableBody(event);
  const where = room === undefined ? "" : ` in ${room}`;
  switch (kind) {
    case "message":
      return `${from}${where}${spokenReply(event)}: ${spokenText(body)}`;
    case "action":
      return `${from}${where}${spokenReply(event)} ${spokenText(body)}`;
    case "log":
      return `${terminalText(from)}${where}: ${shownText(body)}`;
    default:
      return (room === undefined ? "" : `In ${room}: `) +
        happening({ ...event, kind }, shownText(body));
  }
}

/** What somebody said, without the signs that format it. */
function spokenText(body: string): string {
  return formattedLines(linesOf(body).map(shownText)).map(({ text }) => text).join("; ");
}

/** What a reply answers, for screen readers. */
export function spokenReply(event: RoomEvent): string {
  const number = namedNumber(event);
  if (number === undefined) return "";
  const { about } = event;
  if (!about) return `, answering #${number},`;
  const what = about.kind === "gap" ? about.body : spokenWords({ ...NO_EVENT, ...about });
  return `, answering #${number}, ${what},`;
}

/**
 * Says who else is in the room, to somebody who has just joined it. It lists the members as of the
 * last event shown; later joins and parts are told when they are shown.
 */
export function greeting({ name, present }: RoomStream, { origin }: Viewer): string {
  const names: string[] = [];
  for (const [each, nickname] of present) {
    if (names.length === MAX_NAMES) break;
    if (each !== origin) names.push(nickname);
  }
  const others = present.size - (present.has(origin) ? 1 : 0);
  if (others === 0) return `You are in #${name}. Nobody else is here yet.`;
  const more = others - names.length;
  const rest = more === 0 ? "" : ` and ${groupDigits(more)} other${more === 1 ? "" : "s"}`;
  return `You are in #${name} with ${names.join(", ")}${rest}.`;
}

/** Says where somebody is who has just left a room. */
export function whereabouts({ currentRoom }: Pick<Viewer, "currentRoom">): string {
  return currentRoom
    ? `You are now talking in #${currentRoom.name}.`
    : "You are not in any room. Join one with /join ROOM.";
}
