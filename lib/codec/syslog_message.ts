/**
 * The parts of a syslog message.
 *
 * @module
 */

import type { Level } from "../level.ts";

/** Structured data (RFC 5424 section 6.3): values by name, by element. A name may have several. */
export type StructuredData = Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;

/** The header of a message. Fields that it does not have are absent. */
export type SyslogFields = {
  /** `kern`, `user`, `mail`, ... `local7`. */
  readonly facility: string;
  readonly level: Level;
  /**
   * When it happened, according to the sender: RFC 3339. If the sender gave no year and no zone
   * (RFC 3164), they are supplied, and the time is in UTC.
   */
  readonly time?: string;
  readonly host?: string;
  readonly app?: string;
  readonly procid?: string;
  readonly msgid?: string;
  readonly data?: StructuredData;
};

/** A parsed message. */
export interface SyslogMessage {
  readonly fields: SyslogFields;
  /** May be `""`, and may contain newlines. */
  readonly text: string;
}

const BOM = "\ufeff";

/** The text without its byte order mark (RFC 5424 section 6.4). */
export function withoutMark(text: string): string {
  return text.startsWith(BOM) ? text.slice(1) : text;
}
