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

/** The parts of a header between the time and the data. */
interface Names {
  readonly host?: string;
  readonly app?: string;
  readonly procid?: string;
  readonly msgid?: string;
}

/** Reads messages, one after the other. */
export class Rfc5424Parser {
  readonly #clock: SyslogClock;
  /** The names in the last message, which most senders repeat, and how they stood there. */
  #last: { readonly text: string; readonly names: Names } | undefined;

  constructor(clock: SyslogClock) {
    this.#clock = clock;
  }

  /**
   * The message whose header begins at `start`; `undefined` if it is of another kind. Without
   * structured data, or with malformed data, the text begins there.
   */
  parse(
    line: string,
    start: number,
    facility: string,
    level: Level,
    received: number,
  ): SyslogMessage | undefined {
    if (line.charCodeAt(start) !== ONE || line.charCodeAt(start + 1) !== SPACE) return undefined;
    const end = endOfPart(line, start + 2);
    const time = readTime(line, start + 2, end, this.#clock, received);
    if (!time) return undefined;
    const names = this.#readNames(line, time.end);
    if (!names) return undefined;
    const fields = fieldsOf(facility, level, time.text, names.names);
    const textStart = readData(line, names.end + 1, fields);
    return { fields, text: withoutMark(line.slice(textStart)) };
  }

  /** Reads the names behind the time. */
  #readNames(line: string, start: number): { names: Names; end: number } | undefined {
    const last = this.#last;
    // Takes half as long as `startsWith`.
    if (last && line.slice(start, start + last.text.length) === last.text) {
      return { names: last.names, end: start + last.text.length - 1 };
    }
    const hostEnd = endOfPart(line, start + 1);
    const appEnd = endOfPart(line, hostEnd + 1);
    const procidEnd = endOfPart(line, appEnd + 1);
    const isCutShort = procidEnd > 0 && line.slice(procidEnd) === " -";
    const end = isCutShort ? line.length : endOfPart(line, procidEnd + 1);
    if (end < 0) return undefined;
    // Of a copy, because parts of the line would keep its whole chunk in memory.
    const text = copyOf(line.slice(start, end + 1));
    const part = (from: number, to: number) => partOf(text, from - start, to - start);
    const names = {
      host: part(start + 1, hostEnd),
      app: part(hostEnd + 1, appEnd),
      procid: part(appEnd + 1, procidEnd),
      msgid: part(procidEnd + 1, end),
    };
    if (!isCutShort) this.#last = { text, names };
    return { names, end };
  }
}

/** The same text in memory of its own. */
function copyOf(text: string): string {
  return (" " + text).slice(1);
}

function fieldsOf(
  facility: string,
  level: Level,
  time: string | undefined,
  { host, app, procid, msgid }: Names,
): Writable<SyslogFields> {
  const isUsual = time !== undefined && host !== undefined && app !== undefined;
  // At once, because an object that grows takes twice the memory.
  if (isUsual && procid !== undefined && msgid === undefined) {
    return { facility, level, time, host, app, procid };
  }
  const fields: Writable<SyslogFields> = { facility, level };
  if (time !== undefined) fields.time = time;
  if (host !== undefined) fields.host = host;
  if (app !== undefined) fields.app = app;
  if (procid !== undefined) fields.procid = procid;
  if (msgid !== undefined) fields.msgid = msgid;
  return fields;
}

/** Reads the time from `start` to `end`; `undefined` if it is not understood. */
function readTime(
  line: string,
  start: number,
  end: number,
  clock: SyslogClock,
  received: number,
): { readonly text: string | undefined; readonly end: number } | undefined {
  if (end < 0) return undefined;
  const text = partOf(line, start, end);
  if (text === undefined || text.length >= 20 && TIMESTAMP.test(text)) return { text, end };
  // Without a zone, with a space for the T, with more digits than the RFC allows.
  const found = clock.read(line, start, received);
  if (!found || line.charCodeAt(start + found.length - 1) !== SPACE) return undefined;
  return { text: found.time, end: start + found.length - 1 };
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
