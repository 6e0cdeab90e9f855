/**
 * What somebody said as messages of IRC: one for each line, more where a line is too long, and all
 * in one batch for clients that take that (IRCv3 draft/multiline).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type IrcReply, MAX_BODY_BYTES } from "../../../codec/irc_message.ts";
import type { Draft } from "../../../domain/room_event.ts";
import { Form } from "./event_tags.ts";
import { shownOnIrc } from "./shown_on_irc.ts";
import { splitText } from "./split_text.ts";
import { withTags } from "./tagged_message.ts";

/** The tag of a message that continues the line before it. */
export const CONCAT_TAG = "draft/multiline-concat";

/** A text, who says it, and where. */
export interface SaidText {
  readonly source: string;
  readonly verb: "PRIVMSG" | "NOTICE";
  readonly target: string;
  readonly text: string;
  /** Put around each message, for an action. */
  readonly wrapping?: Wrapping;
  /** Where the author's client has cut long lines: indices in the text. */
  readonly cuts?: readonly number[];
}

export interface Wrapping {
  readonly before: string;
  readonly after: string;
}

export const ACTION_WRAPPING: Wrapping = { before: "\x01ACTION ", after: "\x01" };

const NO_WRAPPING: Wrapping = { before: "", after: "" };

/** Also as earlier versions stored them. */
const LINE_END = /\r\n|[\r\n\u2028\u2029]/;
const HAS_LINE_END = /[\r\n\u2028\u2029]/;

/** With fewer UTF-16 units in source and text, a text fits one message in nearly any alphabet. */
const ROUGHLY_FITS = 120;

/** With fewer UTF-16 units in these, a message fits in any alphabet: each has up to three bytes. */
const SURELY_FITTING = (MAX_BODY_BYTES - ": PRIVMSG  :\x01ACTION \x01".length) / 3;

/** A piece of a text that fits one message. */
interface TextPiece {
  readonly text: string;
  /** Whether it continues the line of the piece before it. */
  readonly isContinued: boolean;
}

/** Whether a message answers nothing and must not be answered by a program is known by its fields. */
export function verbOf(fields: Draft["fields"]): "PRIVMSG" | "NOTICE" {
  return fields?.notice === true ? "NOTICE" : "PRIVMSG";
}

/** Where the author's client has cut long lines, if it is known. */
export function cutsOf(fields: Draft["fields"]): readonly number[] | undefined {
  const cuts = fields?.cuts;
  return Array.isArray(cuts) && cuts.every((cut) => Number.isSafeInteger(cut)) ? cuts : undefined;
}

/**
 * Converts a text to one message for each line that is not blank, without tags. A single line that
 * fits only without its author's user name and host is sent whole, from the nickname alone.
 */
export function textMessages(given: SaidText): IrcReply[] {
  const said = inOneMessage(given);
  const pieces = piecesOf(said);
  // As nearly all texts are.
  if (pieces.length === 1) return [toMessage(said, pieces[0])];
  // Clients that know no blocks are sent no blank lines.
  const shown = pieces.filter(({ text }) => text !== "");
  return (shown.length > 0 ? shown : pieces.slice(0, 1)).map((piece) => toMessage(said, piece));
}

/**
 * A text as messages with tags.
 *
 * @param form The form of the client's lines; see `event_tags.ts`.
 * @param batch A name that no open batch has.
 */
export function taggedTextMessages(
  said: SaidText,
  tags: ReadonlyMap<string, string>,
  form: number,
  batch: string,
): IrcReply[] {
  if ((form & Form.MULTILINE) !== 0 && !said.wrapping) {
    const pieces = piecesOf(said);
    if (pieces.length > 1) return toBatch(said, pieces, tags, batch);
  }
  return withTags(textMessages(said), tags);
}

/** Whether messages are one text in a batch of its own. */
export function isTextBatch([first]: readonly IrcReply[]): boolean {
  return first?.verb === "BATCH";
}

function toBatch(
  said: SaidText,
  pieces: readonly TextPiece[],
  tags: ReadonlyMap<string, string>,
  batch: string,
): IrcReply[] {
  const { source, target } = said;
  const inside = new Map([["batch", batch]]);
  const continued = new Map([["batch", batch], [CONCAT_TAG, ""]]);
  return [
    { tags, source, verb: "BATCH", params: [`+${batch}`, "draft/multiline", target] },
    ...pieces.map((piece) => ({
      ...toMessage(said, piece),
      tags: piece.isContinued ? continued : inside,
    })),
    { source, verb: "BATCH", params: [`-${batch}`] },
  ];
}

function toMessage({ source, verb, target, wrapping = NO_WRAPPING }: SaidText, piece: TextPiece) {
  const params = [target, wrapping.before + piece.text + wrapping.after];
  return { source, verb, params, trailing: true };
}

/** Shortens the source to the nickname if the text fits one message only that way. */
function inOneMessage(said: SaidText): SaidText {
  const { source, text } = said;
  const isShort = source.length + text.length < ROUGHLY_FITS;
  if (isShort || text.length > MAX_BODY_BYTES || said.cuts) return said;
  const shown = shownOnIrc(text);
  if (HAS_LINE_END.test(shown)) return said;
  const bytes = Buffer.byteLength(shown);
  if (bytes <= roomFor(said)) return said;
  const [nick] = source.split("!", 1);
  return bytes <= roomFor({ ...said, source: nick }) ? { ...said, source: nick } : said;
}

/** Whether a text fits one message in whatever alphabet; `false` if that takes counting bytes. */
export function surelyFits(source: string, target: string, text: string): boolean {
  return source.length + target.length + text.length < SURELY_FITTING;
}

/** How many bytes of text fit one message. */
export function roomFor(message: Omit<SaidText, "text">): number {
  const { source, verb, target, wrapping: { before, after } = NO_WRAPPING } = message;
  return MAX_BODY_BYTES - Buffer.byteLength(`:${source} ${verb} ${target} :${before}${after}`);
}

function piecesOf(said: SaidText): TextPiece[] {
  const { source, target, text, cuts } = said;
  const shown = shownOnIrc(text);
  const isOneLine = !HAS_LINE_END.test(shown);
  if (isOneLine && !cuts && surelyFits(source, target, shown)) {
    return [{ text: shown, isContinued: false }];
  }
  const room = roomFor(said);
  if (isOneLine && !cuts) {
    return splitText(shown, room).map((text, index) => ({ text, isContinued: index > 0 }));
  }
  const lines = isOneLine ? [shown] : shown.split(LINE_END);
  const pieces: TextPiece[] = [];
  let start = 0;
  for (const line of lines) {
    const parts = cuts ? cutLine(line, start, cuts) : [line];
    const fitting = parts.flatMap((part) => splitText(part, room));
    fitting.forEach((text, index) => pieces.push({ text, isContinued: index > 0 }));
    start += line.length + 1;
  }
  return pieces;
}

/** @param start The index of the line in the text. */
function cutLine(line: string, start: number, cuts: readonly number[]): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const cut of cuts) {
    const at = cut - start;
    if (at <= from || at >= line.length) continue;
    parts.push(line.slice(from, at));
    from = at;
  }
  return [...parts, line.slice(from)];
}
