/**
 * The syslog of RFC 5424, after its priority.
 *
 * @module
 */

import type { Level } from "../level.ts";
import { parseStructuredData } from "./structured_data.ts";
import { type SyslogFields, type SyslogMessage, withoutMark } from "./syslog_message.ts";
import type { SyslogClock } from "./syslog_time.ts";

const ONE = 0x31;
const SPACE = 0x20;
const DASH = 0x2d;
const OPENING_BRACKET = 0x5b;

/** Longest part of a header: a host name; the others are shorter (section 6). */
const MAX_PART = 255;

/** "None" as an index; still negative after adding 1. */
const NONE = -2;

/** Section 6.2.3, and leap seconds, which the RFC forbids but senders write. */
const TIMESTAMP =
  /^\d{4}-(?:0\d|1[0-2])-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * The message whose header begins at `start`; `undefined` if it is of another kind. Without
 * structured data, or with malformed data, the text begins there.
 */
export function parseRfc5424(
  line: string,
  start: number,
  facility: string,
  level: Level,
  clock: SyslogClock,
  received: number,
): SyslogMessage | undefined {
  if (line.charCodeAt(start) !== ONE || line.charCodeAt(start + 1) !== SPACE) return undefined;
  const fields: Writable<SyslogFields> = { facility, level };
  const timeEnd = readTime(line, start + 2, clock, received, fields);
  const hostEnd = endOfPart(line, timeEnd + 1);
  const appEnd = endOfPart(line, hostEnd + 1);
  const procidEnd = endOfPart(line, appEnd + 1);
  const isCutShort = procidEnd > 0 && line.slice(procidEnd) === " -";
  const msgidEnd = isCutShort ? line.length : endOfPart(line, procidEnd + 1);
  if (msgidEnd < 0) return undefined;
  const host = partOf(line, timeEnd + 1, hostEnd);
  const app = partOf(line, hostEnd + 1, appEnd);
  const procid = partOf(line, appEnd + 1, procidEnd);
  const msgid = partOf(line, procidEnd + 1, msgidEnd);
  if (host !== undefined) fields.host = host;
  if (app !== undefined) fields.app = app;
  if (procid !== undefined) fields.procid = procid;
  if (msgid !== undefined) fields.msgid = msgid;
  const textStart = readData(line, msgidEnd + 1, fields);
  return { fields, text: withoutMark(line.slice(textStart)) };
}

/** Reads the time; returns its end, or a negative number if it is not understood. */
function readTime(
  line: string,
  start: number,
  clock: SyslogClock,
  received: number,
  fields: Writable<SyslogFields>,
): number {
  const end = endOfPart(line, start);
  const time = partOf(line, start, end);
  if (end < 0 || time === undefined) return end;
  if (time.length >= 20 && TIMESTAMP.test(time)) {
    fields.time = time;
    return end;
  }
  // Without a zone, with a space for the T, with more digits than the RFC allows.
  const found = clock.read(line, start, received);
  if (!found || line.charCodeAt(start + found.length - 1) !== SPACE) return NONE;
  fields.time = found.time;
  return start + found.length - 1;
}

/** Reads the structured data, if any; returns where the text begins. */
function readData(line: string, start: number, fields: Writable<SyslogFields>): number {
  let at = start;
  if (line.charCodeAt(at) === OPENING_BRACKET) {
    const found = parseStructuredData(line, at);
    if (!found) return start;
    fields.data = found.data;
    at = found.end;
  } else if (line.charCodeAt(at) === DASH && (at + 1 === line.length || line[at + 1] === " ")) {
    at++;
  }
  return line.charCodeAt(at) === SPACE ? at + 1 : at;
}

/** The end of the part that begins at `start`; negative if no part begins there. */
function endOfPart(line: string, start: number): number {
  if (start <= 0) return NONE;
  const end = line.indexOf(" ", start);
  return end <= start || end - start > MAX_PART ? NONE : end;
}

/** A part, or `undefined` for the nil value. */
function partOf(line: string, start: number, end: number): string | undefined {
  const isNil = end === start + 1 && line.charCodeAt(start) === DASH;
  return isNil ? undefined : line.slice(start, end);
}
