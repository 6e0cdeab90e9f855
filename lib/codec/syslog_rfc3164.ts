/**
 * The syslog of RFC 3164, which only describes what was seen: `Nov 21 06:59:28 host tag[pid]: text`
 * with everything but the text left out now and then, and the time written in several ways.
 *
 * @module
 */

import type { Level } from "../level.ts";
import { type SyslogFields, type SyslogMessage, withoutMark } from "./syslog_message.ts";
import { isTimestamp } from "./syslog_rfc5424.ts";

/** The moment (milliseconds since 1970) at which a clock shows that time; months from 0. */
export type ToEpoch = (
  year: number,
  month: number,
  day: number,
  hours: number,
  minutes: number,
  seconds: number,
) => number;

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
/** Some devices mark a clock that is not set, by `*` or `.`; some give the year or a fraction. */
const TIME =
  /^[*.]?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?([01]\d|2[0-3]):([0-5]\d):([0-6]\d)(?:\.(\d{1,9}))?:? /;
/** The characters of `Mmm dd hh:mm:ss `, and with all that may be added to it. */
const USUAL_TIME = 16;
const MAX_TIME = 40;
const MAX_PART = 255;

/** A sender's clock, or its zone, may be wrong by so much. */
const AHEAD_MS = 24 * 60 * 60 * 1000;
/** 29 February comes every four years, or eight. */
const YEARS_BACK = 9;
/** So long what was found out about a time holds. */
const MEMO_MS = 60 * 60 * 1000;
const MOST_KNOWN = 128;

interface ReadTime {
  readonly time: string;
  readonly length: number;
}

/** Supplies what times of RFC 3164 lack: the year, and the zone. */
export class Rfc3164Clock {
  readonly #toEpoch: ToEpoch;
  /** Messages come many to a second, and from several hosts in turn. */
  readonly #known = new Map<string, { readonly at: number; readonly time: string }>();

  constructor(toEpoch: ToEpoch = (...parts) => new Date(...parts).getTime()) {
    this.#toEpoch = toEpoch;
  }

  /**
   * The time at `start`, with the number of characters that it takes; `undefined` for none. The year
   * is the latest in which the message did not happen long after it came: backlogs are sent, and
   * nothing is logged in advance.
   */
  read(line: string, start: number, received: number): ReadTime | undefined {
    const usual = line.slice(start, start + USUAL_TIME);
    const known = this.#known.get(usual);
    if (known && Math.abs(received - known.at) < MEMO_MS) {
      return { time: known.time, length: USUAL_TIME };
    }
    const match = TIME.exec(line.slice(start, start + MAX_TIME));
    const time = match && this.#complete(match, received);
    if (!time) return undefined;
    if (match[0] === usual) {
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.set(usual, { at: received, time });
    }
    return { time, length: match[0].length };
  }

  #complete(match: RegExpExecArray, received: number): string | undefined {
    const [, name, day, givenYear, hours, minutes, seconds, fraction] = match;
    const month = MONTHS.indexOf(name);
    if (month % 3 !== 0) return undefined;
    const latest = new Date(received).getUTCFullYear() + 1;
    let year = givenYear === undefined ? latest : Number(givenYear);
    const earliest = givenYear === undefined ? latest - YEARS_BACK : year;
    for (; year >= earliest; year--) {
      if (!hasDay(year, month / 3, Number(day))) continue;
      const at = this.#toEpoch(
        year,
        month / 3,
        Number(day),
        Number(hours),
        Number(minutes),
        Number(seconds),
      );
      if (givenYear === undefined && at > received + AHEAD_MS) continue;
      const text = new Date(at).toISOString();
      return `${text.slice(0, text.indexOf("."))}${fraction ? `.${fraction}` : ""}Z`;
    }
    return undefined;
  }
}

function hasDay(year: number, month: number, day: number): boolean {
  return day >= 1 && new Date(Date.UTC(year, month, day)).getUTCMonth() === month;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * The message whose header begins at `start`. Without a time at its beginning there is no telling
 * a host from a word, so then all of it is text.
 */
export function parseRfc3164(
  line: string,
  start: number,
  facility: string,
  level: Level,
  clock: Rfc3164Clock,
  received: number,
): SyslogMessage {
  const fields: Writable<SyslogFields> = { facility, level };
  const claimed = readTime(line, start, clock, received);
  if (!claimed) return { fields, text: withoutMark(line.slice(start)) };
  fields.time = claimed.time;
  let at = start + claimed.length;
  let tag = readTag(line, at);
  // What comes by a local socket has no host: a name followed by a colon and a space is no host.
  if (!tag || !isEndOrSpace(line, tag.end)) {
    const end = line.indexOf(" ", at);
    if (end <= at || end - at > MAX_PART) return { fields, text: withoutMark(line.slice(at)) };
    fields.host = line.slice(at, end);
    at = end + 1;
    tag = readTag(line, at);
  }
  if (!tag) return { fields, text: withoutMark(line.slice(at)) };
  fields.app = tag.name;
  if (tag.procid !== undefined) fields.procid = tag.procid;
  const textStart = line.startsWith(" ", tag.end) ? tag.end + 1 : tag.end;
  return { fields, text: withoutMark(line.slice(textStart)) };
}

function readTime(
  line: string,
  start: number,
  clock: Rfc3164Clock,
  received: number,
): ReadTime | undefined {
  const found = clock.read(line, start, received);
  if (found) return found;
  // What rsyslog and syslog-ng send where they are told to write times in full.
  const end = line.indexOf(" ", start);
  const time = end === -1 || end - start > MAX_TIME ? "" : line.slice(start, end);
  return isTimestamp(time) ? { time, length: time.length + 1 } : undefined;
}

interface Tag {
  readonly name: string;
  readonly procid: string | undefined;
  /** What is behind it. */
  readonly end: number;
}

/**
 * A name, perhaps with a process in brackets, and a colon. Where there are brackets rsyslog leaves
 * the colon out when it forwards what came as RFC 5424.
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

function isEndOrSpace(line: string, at: number): boolean {
  return at === line.length || line[at] === " ";
}
