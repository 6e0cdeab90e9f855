/**
 * The syslog of RFC 3164, which only describes existing practice: `Nov 21 06:59:28 host tag[pid]:
 * text`, in which any part except the text may be missing, with the additions of well-known
 * devices.
 *
 * @module
 */

import type { Level } from "../level.ts";
import { type SyslogFields, type SyslogMessage, withoutMark } from "./syslog_message.ts";
import type { SyslogClock } from "./syslog_time.ts";

const MAX_PART = 255;
const SPACE = 0x20;

/** The sequence number of Cisco's devices, or the bare colon some of them put in its place. */
const SEQUENCE = /^(?:(\d{1,10}): |: ?)/;
/** A host that Cisco's devices write between the sequence number and the time. */
const HOST_BEFORE_TIME = /^([\w.-]{1,255}): (?=[*.]?(?:\d{4}[ -]|[A-Za-z]{3} ))/;
/** AIX writes this in place of the host when it forwards another host's message. */
const FORWARDED = /^Message forwarded from (\S{1,255}): /;
/** syslogd writes this in place of further copies of a message; it is no host and no tag. */
const REPEATED = /^last message (?:repeated|buffered) /;
/** A tag without a colon: rsyslog leaves it out for RFC 5424 messages without a process. */
const BARE_TAG = /^[a-z][\w./-]{1,47}(?= )/;

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * The message whose header begins at `start`. Without a time, only a tag with its colon is taken
 * for a header; the rest is text.
 */
export function parseRfc3164(
  line: string,
  start: number,
  facility: string,
  level: Level,
  clock: SyslogClock,
  received: number,
): SyslogMessage {
  const fields: Writable<SyslogFields> = { facility, level };
  const finish = (at: number) => ({ fields, text: withoutMark(line.slice(at)) });
  let at = start;
  while (line.charCodeAt(at) === SPACE) at++;
  const timeAt = skipPreamble(line, at, fields);
  const claimed = clock.read(line, timeAt, received);
  if (!claimed) return parseWithoutTime(line, { start, at, timeAt }, fields);
  fields.time = claimed.time;
  at = timeAt + claimed.length;
  if (fields.host !== undefined) return finish(readTagAndSpace(line, at, fields));
  const forwarded = FORWARDED.exec(line.slice(at, at + MAX_PART + 25));
  if (forwarded) {
    fields.host = forwarded[1];
    return finish(readTagAndSpace(line, at + forwarded[0].length, fields));
  }
  if (isRepetition(line, at)) return finish(at);
  // A local socket has no host: a name followed by a colon and a space is a tag.
  const tag = readTag(line, at);
  if (tag && isEndOrSpace(line, tag.end)) return finish(take(tag, line, fields));
  const end = line.indexOf(" ", at);
  if (end <= at || end - at > MAX_PART) return finish(at);
  fields.host = line.slice(at, end);
  return finish(readTagAndSpace(line, end + 1, fields));
}

/**
 * Without a time, Cisco's tags are recognised by their percent sign, and all others by their colon.
 */
function parseWithoutTime(
  line: string,
  { start, at, timeAt }: { start: number; at: number; timeAt: number },
  fields: Writable<SyslogFields>,
): SyslogMessage {
  const isCisco = line.startsWith("%", timeAt);
  const bare = isCisco ? fields : { facility: fields.facility, level: fields.level };
  const textStart = readColonTag(line, isCisco ? timeAt : at, bare) ?? start;
  return { fields: bare, text: withoutMark(line.slice(textStart)) };
}

/** Reads what Cisco's devices write before the time; returns where the time may begin. */
function skipPreamble(line: string, start: number, fields: Writable<SyslogFields>): number {
  const code = line.charCodeAt(start);
  if (code !== 0x3a && !(code >= 0x30 && code <= 0x39)) return start;
  const sequence = SEQUENCE.exec(line.slice(start, start + 13));
  if (!sequence) return start;
  let at = start + sequence[0].length;
  // RFC 5424 section 7.3.1 has a place for the number.
  if (sequence[1] !== undefined) fields.data = { meta: { sequenceId: sequence[1] } };
  const host = HOST_BEFORE_TIME.exec(line.slice(at, at + MAX_PART + 8));
  if (host && !/^[*.]?[A-Za-z]{3}$/.test(host[1])) {
    fields.host = host[1];
    at += host[0].length;
  }
  return at;
}

/** Reads a tag that ends in a colon and a space; returns where the text begins, if there is one. */
function readColonTag(
  line: string,
  at: number,
  fields: Writable<SyslogFields>,
): number | undefined {
  const tag = readTag(line, at);
  const isTag = tag && line[tag.end - 1] === ":" && isEndOrSpace(line, tag.end) &&
    /^%?[\w./-]*[A-Za-z][\w./-]*$/.test(tag.name);
  return isTag ? take(tag, line, fields) : undefined;
}

/** Reads the tag after a host; returns where the text begins. */
function readTagAndSpace(line: string, start: number, fields: Writable<SyslogFields>): number {
  if (isRepetition(line, start)) return start;
  // Cisco's ASA sets the colon apart: `host : %ASA-6-302013: text`.
  const at = line.startsWith(": %", start) ? start + 2 : start;
  const tag = readTag(line, at);
  if (tag) return take(tag, line, fields);
  const [name] = BARE_TAG.exec(line.slice(at, at + 64)) ?? [];
  if (name === undefined) return at;
  fields.app = name;
  return at + name.length + 1;
}

function take(tag: Tag, line: string, fields: Writable<SyslogFields>): number {
  fields.app = tag.name;
  if (tag.procid !== undefined) fields.procid = tag.procid;
  return line.startsWith(" ", tag.end) ? tag.end + 1 : tag.end;
}

interface Tag {
  readonly name: string;
  readonly procid: string | undefined;
  /** The index after it. */
  readonly end: number;
}

/**
 * A name, perhaps with a process in brackets, and a colon. With brackets the colon may be missing:
 * rsyslog leaves it out when it forwards RFC 5424 messages.
 */
function readTag(line: string, start: number): Tag | undefined {
  let at = start;
  const limit = Math.min(line.length, start + MAX_PART);
  for (; at < limit; at++) {
    const character = line[at];
    if (character === ":" || character === "[" || character === " ") break;
  }
  if (at === start || at === limit) return undefined;
  const name = line.slice(start, at);
  if (line[at] === ":") return { name, procid: undefined, end: at + 1 };
  if (line[at] !== "[") return undefined;
  const close = line.indexOf("]", at);
  if (close === -1 || close - at > MAX_PART) return undefined;
  const procid = line.slice(at + 1, close);
  if (line[close + 1] === ":") return { name, procid, end: close + 2 };
  return /^\d+$/.test(procid) && isEndOrSpace(line, close + 1)
    ? { name, procid, end: close + 1 }
    : undefined;
}

function isRepetition(line: string, at: number): boolean {
  return line.charCodeAt(at) === 0x6c && REPEATED.test(line.slice(at, at + 24));
}

function isEndOrSpace(line: string, at: number): boolean {
  return at === line.length || line[at] === " ";
}
