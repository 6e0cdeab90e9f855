/**
 * The syslog of RFC 5424, after its priority.
 *
 * @module
 */

import type { Level } from "../level.ts";
import { parseStructuredData } from "./structured_data.ts";
import { type SyslogFields, type SyslogMessage, withoutMark } from "./syslog_message.ts";

const ONE = 0x31;
const SPACE = 0x20;
const DASH = 0x2d;
const OPENING_BRACKET = 0x5b;

/** Longest part of a header: that of a host name, the others are shorter (section 6). */
const MAX_PART = 255;

/** Added to 1 it is no place in a line either. */
const NONE = -2;

/** Section 6.2.3. With a leap second, which the RFC forbids, because senders do not know that. */
const TIMESTAMP =
  /^\d{4}-(?:0\d|1[0-2])-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Whether a text is a time with all that belongs to it, as RFC 5424 and RFC 3339 write it. */
export function isTimestamp(text: string): boolean {
  return text.length >= 20 && TIMESTAMP.test(text);
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** The message whose header begins at `start`; `undefined` where it is not of this kind. */
export function parseRfc5424(
  line: string,
  start: number,
  facility: string,
  level: Level,
): SyslogMessage | undefined {
  if (line.charCodeAt(start) !== ONE || line.charCodeAt(start + 1) !== SPACE) return undefined;
  const timeEnd = endOfPart(line, start + 2);
  const hostEnd = endOfPart(line, timeEnd + 1);
  const appEnd = endOfPart(line, hostEnd + 1);
  const procidEnd = endOfPart(line, appEnd + 1);
  const msgidEnd = endOfPart(line, procidEnd + 1);
  if (msgidEnd < 0) return undefined;
  const fields: Writable<SyslogFields> = { facility, level };
  const time = partOf(line, start + 2, timeEnd);
  const host = partOf(line, timeEnd + 1, hostEnd);
  const app = partOf(line, hostEnd + 1, appEnd);
  const procid = partOf(line, appEnd + 1, procidEnd);
  const msgid = partOf(line, procidEnd + 1, msgidEnd);
  if (time !== undefined) {
    if (!isTimestamp(time)) return undefined;
    fields.time = time;
  }
  if (host !== undefined) fields.host = host;
  if (app !== undefined) fields.app = app;
  if (procid !== undefined) fields.procid = procid;
  if (msgid !== undefined) fields.msgid = msgid;
  let at = msgidEnd + 1;
  if (line.charCodeAt(at) === OPENING_BRACKET) {
    const found = parseStructuredData(line, at);
    if (!found) return undefined;
    fields.data = found.data;
    at = found.end;
  } else if (line.charCodeAt(at) === DASH) {
    at++;
  } else {
    return undefined;
  }
  if (at === line.length) return { fields, text: "" };
  if (line.charCodeAt(at) !== SPACE) return undefined;
  return { fields, text: withoutMark(line.slice(at + 1)) };
}

/** Where the part that begins at `start` ends; less than 0 where there is none. */
function endOfPart(line: string, start: number): number {
  if (start <= 0) return NONE;
  const end = line.indexOf(" ", start);
  return end <= start || end - start > MAX_PART ? NONE : end;
}

/** A part, unless it is the nil value. */
function partOf(line: string, start: number, end: number): string | undefined {
  const isNil = end === start + 1 && line.charCodeAt(start) === DASH;
  return isNil ? undefined : line.slice(start, end);
}
