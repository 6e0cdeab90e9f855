/**
 * The lines of IRC: `@tags :source VERB parameter parameter :last parameter` (RFC 1459 section 2.3,
 * and IRCv3 for the tags). Parsing takes what clients really send, and never throws; what is
 * formatted is always exactly one line.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Longest tags that a client may send, in bytes, with their `@` and space. */
export const MAX_CLIENT_TAG_BYTES = 4096;
/** Longest message without tags and line end, in bytes. */
export const MAX_BODY_BYTES = 510;

/** A message that was received. */
export interface IrcMessage {
  /** Values by name, e.g. `time` or `+example.com/key`; `""` for a tag without a value. */
  readonly tags: ReadonlyMap<string, string>;
  /** Who it is from, without the colon: `nick!user@host` or a server's name. */
  readonly source?: string;
  /** In upper case. */
  readonly verb: string;
  readonly params: readonly string[];
}

/** A message to send. */
export interface IrcReply {
  readonly tags?: ReadonlyMap<string, string>;
  readonly source?: string;
  readonly verb: string;
  readonly params: readonly string[];
  /**
   * Whether the last parameter always gets a colon. Clients expect it where the parameter is text.
   *
   * @default {only if needed}
   */
  readonly trailing?: boolean;
}

/** A UTF-16 unit has at most three bytes. */
const SURELY_FITTING = MAX_BODY_BYTES / 3;

const NO_TAGS: ReadonlyMap<string, string> = new Map();
const TAG_NAME = /^\+?(?:[\w.-]+\/)?[\w-]+$/;

/**
 * Parses a line without its end. Spaces may be repeated. A tag whose name is not valid is left out;
 * of two tags with the same name, the last counts.
 *
 * @returns `undefined` if there is no verb.
 */
export function parseIrcMessage(line: string): IrcMessage | undefined {
  let at = skipSpaces(line, 0);
  let tags = NO_TAGS;
  if (line[at] === "@") {
    const end = wordEnd(line, at);
    tags = parseTags(line.slice(at + 1, end));
    at = skipSpaces(line, end);
  }
  let source: string | undefined;
  if (line[at] === ":") {
    const end = wordEnd(line, at);
    source = line.slice(at + 1, end);
    at = skipSpaces(line, end);
  }
  const end = wordEnd(line, at);
  if (end === at) return undefined;
  const verb = line.slice(at, end).replace(/[a-z]+/g, (letters) => letters.toUpperCase());
  const params = parseParams(line, end);
  return source === undefined ? { tags, verb, params } : { tags, source, verb, params };
}

/**
 * Formats a message as a line without its end. NUL, CR and LF become spaces. A parameter other than
 * the last cannot be empty or contain a space, so it becomes `*`, or gets `_` for the space. From a
 * message that is longer than {@linkcode MAX_BODY_BYTES} besides its tags, the end of its text is
 * cut. If names leave no room for any text, the source is shortened to a nickname, or a numeric
 * reply goes to `*`. If that does not help, there is no source: clients take it for the server.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatIrcMessage } from "./irc_message.ts";
 *
 * const message = { source: "a!b@c", verb: "PRIVMSG", params: ["#lobby", "hello, world"] };
 * assertEquals(formatIrcMessage(message), ":a!b@c PRIVMSG #lobby :hello, world");
 * ```
 */
export function formatIrcMessage(message: IrcReply): string {
  const { tags } = message;
  let line = formatBody(message);
  if (line.length > SURELY_FITTING && Buffer.byteLength(line) > MAX_BODY_BYTES) {
    line = cut(formatBody(shortened(message)));
  }
  return tags && tags.size > 0 ? `@${formatTags(tags)} ${line}` : line;
}

function formatBody({ source, verb, params, trailing }: IrcReply): string {
  let line = source === undefined ? verb : `:${source} ${verb}`;
  const last = params.length - 1;
  for (let index = 0; index < last; index++) line += ` ${toMiddle(params[index])}`;
  if (last >= 0) {
    const param = params[last];
    line += trailing || needsColon(param) ? ` :${param}` : ` ${param}`;
  }
  return isOneLine(line) ? line : line.replace(/[\0\r\n]+/g, " ");
}

/** The first form of a message of which all fits but the text; the message itself if none does. */
function shortened(message: IrcReply): IrcReply {
  return formsOf(message).find(fitsWithoutText) ?? message;
}

/** A message, and what can be sent in its place where names leave too little of a line. */
export function formsOf(message: IrcReply): readonly IrcReply[] {
  const { source, verb, params } = message;
  if (/^\d{3}$/.test(verb)) {
    // Clients know their own names; RFC 2812 section 2.3 makes the source optional.
    const toNobody = { ...message, params: ["*", ...params.slice(1)] };
    return [message, toNobody, { ...toNobody, source: undefined }];
  }
  const fromNick = { ...message, source: source?.split("!", 1)[0] };
  // The account and the real name of IRCv3 `extended-join` are left out. With two names and a
  // channel, whom it concerns is worth more than who did it.
  const last = verb === "JOIN"
    ? { ...fromNick, params: params.slice(0, 1), trailing: false }
    : { ...message, source: undefined };
  return [message, fromNick, last];
}

/** Whether all of a message but its text fits a line, perhaps in the shorter form. */
export function fitsIrcLine(message: IrcReply): boolean {
  return fitsWithoutText(shortened(message));
}

function fitsWithoutText(message: IrcReply): boolean {
  const { params, trailing } = message;
  const hasText = params.length > 0 && (trailing || needsColon(params.at(-1)!));
  const rest = hasText ? { ...message, params: params.with(-1, "") } : message;
  return Buffer.byteLength(formatBody(rest)) <= MAX_BODY_BYTES;
}

/** Formats tags without the `@` in front. */
function formatTags(tags: ReadonlyMap<string, string>): string {
  let text = "";
  for (const [name, value] of tags) {
    if (text !== "") text += ";";
    text += value === "" ? name : `${name}=${escapeTagValue(value)}`;
  }
  return text;
}

const ESCAPED = /[;\s\\\0]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  ";": "\\:",
  " ": "\\s",
  "\\": "\\\\",
  "\r": "\\r",
  "\n": "\\n",
  "\0": "",
};
const UNESCAPES: Readonly<Record<string, string>> = { ":": ";", s: " ", r: "\r", n: "\n" };

/** Escapes a value of a tag. A NUL has no escape, and is left out. */
export function escapeTagValue(value: string): string {
  return value.replace(ESCAPED, (character) => ESCAPES[character] ?? character);
}

/** Reverses {@linkcode escapeTagValue}. A backslash before any other character is left out. */
export function unescapeTagValue(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(/\\([^]?)/gu, (_, character) => UNESCAPES[character] ?? character);
}

/** The size of a line's tags in bytes, with their `@` and one space; 0 if it has none. */
export function tagBytes(line: string): number {
  if (line[0] !== "@") return 0;
  const end = wordEnd(line, 0);
  return Buffer.byteLength(line.slice(0, end)) + (end < line.length ? 1 : 0);
}

function parseTags(text: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of text.split(";")) {
    const equals = tag.indexOf("=");
    const name = equals === -1 ? tag : tag.slice(0, equals);
    if (TAG_NAME.test(name)) {
      tags.set(name, equals === -1 ? "" : unescapeTagValue(tag.slice(equals + 1)));
    }
  }
  return tags;
}

function parseParams(line: string, from: number): string[] {
  const params: string[] = [];
  for (let at = skipSpaces(line, from); at < line.length;) {
    if (line[at] === ":") {
      params.push(line.slice(at + 1));
      break;
    }
    const end = wordEnd(line, at);
    params.push(line.slice(at, end));
    at = skipSpaces(line, end);
  }
  return params;
}

function skipSpaces(line: string, from: number): number {
  let at = from;
  while (line[at] === " ") at++;
  return at;
}

function wordEnd(line: string, from: number): number {
  const end = line.indexOf(" ", from);
  return end === -1 ? line.length : end;
}

function needsColon(param: string): boolean {
  return param === "" || param[0] === ":" || param.includes(" ") || !isOneLine(param);
}

function toMiddle(param: string): string {
  if (!needsColon(param)) return param;
  return param.replace(/^:+/, "").replace(/[ \0\r\n]/g, "_") || "*";
}

/** The beginning of a line that fits, in whole characters. */
function cut(line: string): string {
  if (Buffer.byteLength(line) <= MAX_BODY_BYTES) return line;
  const bytes = Buffer.from(line);
  let end = MAX_BODY_BYTES;
  // RFC 3629 section 3: all bytes of a character but its first begin with the bits 10.
  while ((bytes[end] & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", 0, end);
}

function isOneLine(text: string): boolean {
  return !text.includes("\n") && !text.includes("\r") && !text.includes("\0");
}
