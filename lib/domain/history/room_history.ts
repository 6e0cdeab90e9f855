/**
 * The contract of reading the past. Every call does a bounded amount of work and returns a bounded
 * answer, so that many readers can take turns. An answer says how far it goes, and the caller asks
 * again for the rest.
 *
 * @module
 */

import type { ShownPin } from "../acts/pins.ts";
import type { RoomRecord } from "../message_log.ts";
import type { Level } from "../../level.ts";
import type { RoomEvent } from "../room_event.ts";
import type { SearchQuery } from "../search/search_query.ts";

/** Events examined for one answer about talk, even if none of them is any. */
export const MOST_EVENTS_LOOKED_AT = 4000;
/** Runs examined for one answer about times. */
export const MOST_RUNS_COUNTED = 8192;
/** Bytes of stored text in one answer, beyond its first run of events. */
export const MOST_BYTES = 256 * 1024;
/** Events in one encoded answer. */
export const MOST_ENCODED_EVENTS = 200;

/** The events of a room with `after < seq < before`; both are safe integers. */
export interface SeqRange {
  readonly after: number;
  readonly before: number;
}

/** The end of a range to read from. */
export type RangeEnd = "first" | "last";

/** Everything that was said in a range: all of its events except those of `SILENT_KINDS`. */
export interface Stretch extends SeqRange {
  /** In order. */
  readonly events: readonly RoomEvent[];
}

/** The events of a range that match a query, and how many there are in all. */
export interface Matches extends Stretch {
  /** Log lines in the range, matching or not. */
  readonly lines: number;
  /** Other talk in the range, matching or not. */
  readonly others: number;
}

/** How much was said in a range. */
export interface TalkCount extends SeqRange {
  readonly count: number;
}

/** A span of time divided into parts of equal length. */
export interface TimeParts {
  /** The start, milliseconds since 1970. */
  readonly since: number;
  /** The end, which is not included. */
  readonly until: number;
  /** At least 1. */
  readonly parts: number;
}

/** A single part that contains every time: the longest span that a `Date` can express. */
export const ALL_TIME: TimeParts = {
  since: -8_640_000_000_000_000,
  until: 8_640_000_000_000_000,
  parts: 1,
};

/** Whether these are {@linkcode ALL_TIME}, perhaps from another thread. */
export function isAllTime({ since, until, parts }: TimeParts): boolean {
  return parts === 1 && since === ALL_TIME.since && until === ALL_TIME.until;
}

/** The part that a time falls into: -1 before the first, the number of parts after the last. */
export function partOf(at: number, { since, until, parts }: TimeParts): number {
  if (at < since) return -1;
  return at >= until ? parts : Math.floor((at - since) * parts / (until - since));
}

/** The events of a range that fall into one part of a {@linkcode TimeParts}. */
export interface PartCount {
  /** Counted from 0; -1 for events before the first part. */
  readonly part: number;
  readonly count: number;
  /** The lowest and the highest number. */
  readonly first: number;
  readonly last: number;
  /** The earliest and the latest time, milliseconds since 1970. */
  readonly earliest: number;
  readonly latest: number;
}

/** How many events of a range fall into each part; parts without events are left out. */
export interface PartCounts extends SeqRange {
  readonly counts: readonly PartCount[];
}

/** Numbers of log lines by level; lines without a level are not counted. */
export type LevelTally = Readonly<Partial<Record<Level, number>>>;

/** The log lines of a range by part of a {@linkcode TimeParts} and level. */
export interface PartLevels extends SeqRange {
  /** Parts without levels are left out. */
  readonly levels: readonly { readonly part: number; readonly counts: LevelTally }[];
}

/** The events of a range, encoded for programs. */
export interface EncodedEvents extends SeqRange {
  /** UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads rooms' pasts in bounded pieces.
 *
 * A room's name is compared without case; a room that does not exist has no events. Every method
 * rejects with a `DomainError` `unavailable` while the log cannot be read.
 */
export interface RoomHistory {
  /** A room's record; `undefined` if it never existed. */
  room(name: string): Promise<RoomRecord | undefined>;
  /** At most `limit` rooms, the one with the latest join or part first; no rooms of two. */
  rooms(limit: number): Promise<RoomRecord[]>;
  /** At most `limit` rooms of two that an account is one of, the one with the latest event first. */
  directRooms(account: string, limit: number): Promise<RoomRecord[]>;
  /**
   * At most `limit` events of a room with a `seq` above `after`, in order, fewer if their text is
   * large, none only if there are none. If retention has removed those, the first that are left.
   * Events have the reactions to them, and what those say that they are about.
   */
  read(room: string, after: number, limit: number): Promise<RoomEvent[]>;
  /** The pinned events of a room, the latest last; at most `MOST_PINS`, long ones abridged. */
  pins(room: string): Promise<ShownPin[]>;
  /**
   * The messages and other talk at one end of a range, at most `limit` events; `limit` is at least
   * 1. The stretch returned is that end of the range. It is shorter than the range if more was
   * said, if the text is large, or if thousands of events in a row are no talk.
   */
  talk(room: string, range: SeqRange, limit: number, end: RangeEnd): Promise<Stretch>;
  /** As {@linkcode RoomHistory.talk}, without the events. */
  countTalk(room: string, range: SeqRange, limit: number, end: RangeEnd): Promise<TalkCount>;
  /**
   * The events at one end of a range that match a query, at most `limit` of them; `limit` is at
   * least 1. It looks at a few thousand events or at much text, whichever is less, so that there may
   * be none in a long range; the stretch returned is the end that it has looked at.
   */
  matches(
    room: string,
    range: SeqRange,
    query: SearchQuery,
    limit: number,
    end: RangeEnd,
  ): Promise<Matches>;
  /** Counts events at the beginning of a range by time, whatever the order of their times. */
  countByTime(room: string, range: SeqRange, time: TimeParts): Promise<PartCounts>;
  /** As {@linkcode RoomHistory.countByTime}, but log lines by level; a shorter range at a time. */
  countLevels(room: string, range: SeqRange, time: TimeParts): Promise<PartLevels>;
  /**
   * The number of the first event from `at` (milliseconds since 1970) or later; one more than the
   * last number if there is none. If the clock was set back in between, a number where one earlier
   * event and a later one meet.
   */
  findTime(room: string, at: number): Promise<number>;
  /**
   * The events at the beginning of a range in a form that the reader was opened with, e.g. `jsonl`.
   *
   * @throws {TypeError} if there is no such form.
   */
  encode(room: string, range: SeqRange, form: string): Promise<EncodedEvents>;
}

/** Writes one event in some form, its line end included. */
export type EventForm = (event: RoomEvent) => string;
/** Forms by name. */
export type EventForms = Readonly<Record<string, EventForm>>;
