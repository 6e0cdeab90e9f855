/**
 * Syslog messages, as `logger`, rsyslog and devices send them: RFC 5424, and RFC 3164 as devices
 * really send it. Text in, a record out; transports and framing are not known here.
 *
 * @module
 */

import { LEVELS } from "../level.ts";
import { parseRfc3164 } from "./syslog_rfc3164.ts";
import { Rfc5424Parser } from "./syslog_rfc5424.ts";
import type { SyslogMessage } from "./syslog_message.ts";
import { SyslogClock, type ToEpoch } from "./syslog_time.ts";

export type { SyslogFields, SyslogMessage } from "./syslog_message.ts";

/** RFC 5424 section 6.2.1, by the names of `syslog.h`. */
const FACILITIES: readonly string[] = [
  "kern",
  "user",
  "mail",
  "daemon",
  "auth",
  "syslog",
  "lpr",
  "news",
  "uucp",
  "cron",
  "authpriv",
  "ftp",
  "ntp",
  "audit",
  "alert",
  "clock",
  ...Array.from({ length: 8 }, (_, number) => `local${number}`),
];

const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const ZERO = 0x30;
const NINE = 0x39;

export interface SyslogParserOptions {
  /**
   * The moment at which a clock in the sender's time zone shows that time.
   *
   * @default {that of the machine's time zone}
   */
  readonly toEpoch?: ToEpoch;
}

/**
 * Reads messages, one after the other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SyslogParser } from "./syslog.ts";
 *
 * const parser = new SyslogParser();
 * const line = "<155>1 2026-11-21T06:59:27.4Z web1 nginx 77 - - upstream timed out";
 * assertEquals(parser.parse(line, Date.now()), {
 *   fields: {
 *     facility: "local3",
 *     level: "err",
 *     time: "2026-11-21T06:59:27.4Z",
 *     host: "web1",
 *     app: "nginx",
 *     procid: "77",
 *   },
 *   text: "upstream timed out",
 * });
 * assertEquals(parser.parse("upstream timed out", Date.now()), undefined);
 * ```
 */
export class SyslogParser {
  readonly #clock: SyslogClock;
  readonly #rfc5424: Rfc5424Parser;

  constructor({ toEpoch }: SyslogParserOptions = {}) {
    this.#clock = new SyslogClock(toEpoch);
    this.#rfc5424 = new Rfc5424Parser(this.#clock);
  }

  /**
   * Parses the message in `line`; `undefined` if it does not begin with a priority. Nothing is
   * lost, whatever else is wrong with it: anything not understood stays in the text.
   *
   * @param received When the message arrived, milliseconds since 1970. Used to fill in a missing
   * year.
   */
  parse(line: string, received: number): SyslogMessage | undefined {
    const start = endOfPriority(line);
    if (start === -1) return undefined;
    const priority = numberAt(line, 1, start - 1);
    const facility = FACILITIES[priority >> 3];
    const level = LEVELS[priority & 7];
    return this.#rfc5424.parse(line, start, facility, level, received) ??
      parseRfc3164(line, start, facility, level, this.#clock, received);
  }
}

/** The number whose digits stand from `start` up to, not including, `end`. */
function numberAt(line: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + line.charCodeAt(at) - ZERO;
  return value;
}

/**
 * The end of `<PRI>` (RFC 5424 section 6.2.1: 0 to 191 without leading zeros), or -1 if `line` does
 * not begin with it.
 */
export function endOfPriority(line: string): number {
  if (line.charCodeAt(0) !== LESS_THAN) return -1;
  let value = 0;
  let at = 1;
  for (; at <= 4; at++) {
    const code = line.charCodeAt(at);
    if (code === GREATER_THAN) break;
    if (!(code >= ZERO && code <= NINE)) return -1;
    value = value * 10 + code - ZERO;
  }
  const digits = at - 1;
  const isShortest = digits === 1 || (digits > 1 && line.charCodeAt(1) !== ZERO);
  return digits <= 3 && isShortest && value <= 191 ? at + 1 : -1;
}
