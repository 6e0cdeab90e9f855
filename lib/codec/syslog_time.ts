/**
 * Times in syslog headers, as devices and daemons really write them: those of RFC 3164, with or
 * without a year and a zone, and those of ISO 8601, with or without the `T` and the zone. Missing
 * parts are filled in.
 *
 * @module
 */

/** The moment (milliseconds since 1970) at which a clock shows that time; months from 0. */
export type ToEpoch = (
  year: number,
  month: number,
  day: number,
  hours: number,
  minutes: number,
  seconds: number,
) => number;

const MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
/** Minutes east of Greenwich. Abbreviations that mean several zones (`IST`) are left out. */
const ZONES: Readonly<Record<string, number>> = {
  ...{ Z: 0, UTC: 0, GMT: 0, WET: 0, WEST: 60, BST: 60, CET: 60, CEST: 120, EET: 120, EEST: 180 },
  ...{ MSK: 180, EST: -300, EDT: -240, CST: -360, CDT: -300, MST: -420, MDT: -360, PST: -480 },
  ...{ PDT: -420, AKST: -540, AKDT: -480, HST: -600, SGT: 480, HKT: 480, JST: 540, KST: 540 },
  ...{ AEST: 600, AEDT: 660, NZST: 720, NZDT: 780 },
};
const ZONE = `[+-]\\d\\d:?\\d\\d|(?:${Object.keys(ZONES).join("|")})(?![\\w-])`;
const CLOCK = "([01]\\d|2[0-3]):([0-5]\\d):([0-6]\\d)(?:[.,](\\d{1,12}))?";
const YEAR = "((?:19|20)\\d\\d)(?![^ :])";
/** A colon ends the times of Cisco's devices, which mark a clock that is not set by `*` or `.`. */
const END = "(?::? |:?$)";
const BSD_TIME = new RegExp(
  `^[*.]?(?:(\\d{4}) )?([a-z]{3}) {1,2}(\\d{1,2}) (?:(\\d{4}) )?${CLOCK}` +
    `(?: (${ZONE})(?: ${YEAR})?| ${YEAR}(?: (${ZONE}))?)?${END}`,
  "i",
);
const ISO_TIME = new RegExp(
  `^[*.]?(\\d{4})-(\\d\\d)-(\\d\\d)[T ]${CLOCK}(?: ?(${ZONE}))?${END}`,
  "i",
);
/** Characters in `Mmm dd hh:mm:ss `, and the most in a time with every optional part. */
const USUAL_TIME = 16;
const MAX_TIME = 64;

/** How far a sender's clock, or its zone, may be ahead. */
const AHEAD_MS = 24 * 60 * 60 * 1000;
/** 29 February comes every four years, or eight. */
const YEARS_BACK = 9;
/** How long a completed time is cached: many messages carry the same one. */
const MEMO_MS = 60 * 60 * 1000;
const MOST_KNOWN = 128;

/** A time that was read. */
export interface ReadTime {
  /** RFC 3339. */
  readonly time: string;
  /** Its length in characters, including the space after it. */
  readonly length: number;
}

/** Reads times, and fills in a missing year and zone. */
export class SyslogClock {
  readonly #toEpoch: ToEpoch;
  readonly #known = new Map<string, { readonly at: number; readonly time: string }>();

  /** @param toEpoch The senders' time zone. @default {that of this machine} */
  constructor(toEpoch: ToEpoch = (...parts) => new Date(...parts).getTime()) {
    this.#toEpoch = toEpoch;
  }

  /**
   * The time at `start`, or `undefined`. A missing year is the latest one that puts the time no
   * more than a day after the message was received: a backlog may be old, but nothing is logged in
   * advance.
   *
   * @param received When the message arrived, milliseconds since 1970.
   */
  read(line: string, start: number, received: number): ReadTime | undefined {
    const usual = line.slice(start, start + USUAL_TIME);
    const known = this.#known.get(usual);
    if (known && Math.abs(received - known.at) < MEMO_MS && !mayGoOn(line, start + USUAL_TIME)) {
      return { time: known.time, length: USUAL_TIME };
    }
    const text = line.slice(start, start + MAX_TIME);
    const bsd = BSD_TIME.exec(text);
    const match = bsd ?? ISO_TIME.exec(text);
    if (!match) return undefined;
    const time = bsd ? this.#completeBsd(bsd, received) : this.#completeIso(match);
    if (time === undefined) return undefined;
    if (match[0] === usual) {
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.set(usual, { at: received, time });
    }
    return { time, length: match[0].length };
  }

  #completeBsd(match: RegExpExecArray, received: number): string | undefined {
    const [, year1, name, day, year2, hours, minutes, seconds, fraction, ...rest] = match;
    const [zone1, year3, year4, zone2] = rest;
    const month = MONTHS.indexOf(name.toLowerCase());
    if (month % 3 !== 0) return undefined;
    const givenYear = year1 ?? year2 ?? year3 ?? year4;
    const zone = zone1 ?? zone2;
    const latest = new Date(received).getUTCFullYear() + 1;
    let year = givenYear === undefined ? latest : Number(givenYear);
    const earliest = givenYear === undefined ? latest - YEARS_BACK : year;
    for (; year >= earliest; year--) {
      if (!hasDay(year, month / 3, Number(day))) continue;
      const clock = [hours, minutes, seconds].map(Number) as [number, number, number];
      const at = this.#epochOf([year, month / 3, Number(day), ...clock], zone);
      if (givenYear === undefined && at > received + AHEAD_MS) continue;
      return utcText(at, fraction);
    }
    return undefined;
  }

  #completeIso(match: RegExpExecArray): string | undefined {
    const [, year, month, day, hours, minutes, seconds, fraction, zone] = match;
    if (!hasDay(Number(year), Number(month) - 1, Number(day))) return undefined;
    const offset = zone === undefined ? undefined : ZONES[zone.toUpperCase()];
    if (zone === undefined || offset) {
      const clock = [hours, minutes, seconds].map(Number) as [number, number, number];
      const at = this.#epochOf([Number(year), Number(month) - 1, Number(day), ...clock], zone);
      return utcText(at, fraction);
    }
    const suffix = offset === 0 ? "Z" : zone.replace(/(\d\d):?(\d\d)$/, "$1:$2");
    const rest = fraction === undefined ? "" : `.${fraction}`;
    return `${year}-${month}-${day}T${hours}:${minutes}:${seconds}${rest}${suffix}`;
  }

  #epochOf(parts: Parameters<ToEpoch>, zone: string | undefined): number {
    return zone === undefined ? this.#toEpoch(...parts) : Date.UTC(...parts) - offsetMs(zone);
  }
}

/** Whether a year or a zone follows the usual 16 characters. */
function mayGoOn(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  // Most host names and tags begin with a lower-case letter, and are told apart by this alone.
  if (code > 0x5a) return false;
  const [part] = /^[^ :]{0,6}/.exec(line.slice(at, at + 6))!;
  return /^(?:19|20)\d\d$|^[+-]\d\d:?\d/.test(part) || part in ZONES;
}

function offsetMs(zone: string): number {
  const named = ZONES[zone.toUpperCase()];
  if (named !== undefined) return named * 60_000;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

function utcText(at: number, fraction: string | undefined): string {
  const text = new Date(at).toISOString();
  return `${text.slice(0, text.indexOf("."))}${fraction ? `.${fraction}` : ""}Z`;
}

function hasDay(year: number, month: number, day: number): boolean {
  return month >= 0 && day >= 1 && new Date(Date.UTC(year, month, day)).getUTCMonth() === month;
}
