/**
 * Counts a room's events over time, as a request asks for it, for a chart.
 *
 * @module
 */

import type { PermittedRooms } from "../domain/archive/permitted_rooms.ts";
import {
  type Bucket,
  countBucketLevels,
  countEvents,
  timesOf,
} from "../domain/history/event_counts.ts";
import type { LevelTally } from "../domain/history/room_history.ts";
import { FieldError, type Fields } from "./fields.ts";
import type { BucketJson } from "./protocol.ts";

/** What to count. */
export interface CountQuery {
  /** How many spans of time, of equal length. */
  readonly buckets: number;
  /** What to count apart. @default {all events of a span are one number} */
  readonly by?: "level";
  /** Milliseconds since 1970. @default {the time of the first event} */
  readonly since?: number;
  /** Milliseconds since 1970, not included. @default {just after the last event} */
  readonly until?: number;
}

/** @throws {FieldError} */
export function readCountQuery(fields: Fields): CountQuery {
  return {
    buckets: fields.optionalNumber("buckets", { min: 1, max: 500 }) ?? 60,
    by: fields.optionalChoice("by", ["level"]),
    since: fields.optionalTime("since"),
    until: fields.optionalTime("until"),
  };
}

/**
 * Counts the events of a room up to `lastSeq`.
 *
 * @throws {FieldError} if the time ends before it begins.
 */
export async function answerCounts(
  log: PermittedRooms,
  { name, lastSeq }: { readonly name: string; readonly lastSeq: number },
  { buckets, by, ...given }: CountQuery,
) {
  const isSpanGiven = given.since !== undefined && given.until !== undefined;
  const times = isSpanGiven ? undefined : await timesOf(log, name, lastSeq);
  const since = given.since ?? times?.earliest ?? 0;
  // The latest event is in the last part, which ends before its end.
  const until = given.until ?? Math.max(since, times?.latest ?? 0) + 1;
  if (since >= until) throw new FieldError('"since" must be before "until".');
  const range = { since, until, buckets };
  const counted = await countEvents(log, name, lastSeq, range);
  const answer = { room: name, since: isoTime(since), until: isoTime(until) };
  if (by === undefined) return { ...answer, buckets: counted.map((each) => toBucketJson(each)) };
  const { after, levels } = await countBucketLevels(log, name, range, counted);
  return {
    ...answer,
    levelsAfter: after,
    buckets: counted.map((each, index) => toBucketJson(each, levels[index])),
  };
}

function toBucketJson({ at, after, count }: Bucket, levels?: LevelTally): BucketJson {
  return { at: isoTime(at), after, count, ...(levels && { levels }) };
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
