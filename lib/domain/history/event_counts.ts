/**
 * Counts a room's events over time, for a chart.
 *
 * @module
 */

import { LEVELS } from "../../level.ts";
import { ALL_TIME, type LevelTally, type RoomHistory } from "./room_history.ts";

/** A part of a room's time. */
export interface Bucket {
  /** When it begins, milliseconds since 1970. */
  readonly at: number;
  /** The highest number of an event before that. */
  readonly after: number;
  /** Events in it, of all kinds. */
  readonly count: number;
}

export interface CountRange {
  /** The start, milliseconds since 1970. */
  readonly since: number;
  /** The end, which is not included. */
  readonly until: number;
  /** The number of equal parts, at least 1. */
  readonly buckets: number;
}

/** Levels are counted of this many events, the latest of those that are counted. */
export const MOST_LEVELS_COUNTED = 100_000;

/** The log lines in each bucket by level. */
export interface BucketLevels {
  /** Only events after this number were looked at. */
  readonly after: number;
  readonly levels: readonly LevelTally[];
}

/** The times of a room's earliest and latest event; `undefined` if it has none. */
export async function timesOf(
  history: RoomHistory,
  room: string,
  lastSeq: number,
): Promise<{ readonly earliest: number; readonly latest: number } | undefined> {
  let earliest = Infinity;
  let latest = -Infinity;
  for (let after = 0; after < lastSeq;) {
    const page = await history.countByTime(room, { after, before: lastSeq + 1 }, ALL_TIME);
    for (const part of page.counts) {
      earliest = Math.min(earliest, part.earliest);
      latest = Math.max(latest, part.latest);
    }
    after = page.before - 1;
  }
  return latest < earliest ? undefined : { earliest, latest };
}

/**
 * Counts the events of a room by time. It looks at all of them, because times do not always grow:
 * a clock may be set back.
 *
 * @param lastSeq The room's last number; later events are not counted.
 */
export async function countEvents(
  history: RoomHistory,
  room: string,
  lastSeq: number,
  { since, until, buckets }: CountRange,
): Promise<Bucket[]> {
  const { firstSeq = 1 } = await history.room(room) ?? {};
  const gone = Math.min(firstSeq - 1, lastSeq);
  const counts = new Array<number>(buckets).fill(0);
  /** The last number in each part, after an entry for everything before the first part. */
  const lasts = new Array<number>(buckets + 1).fill(gone);
  for (let after = gone; after < lastSeq;) {
    const range = { after, before: lastSeq + 1 };
    const page = await history.countByTime(room, range, { since, until, parts: buckets });
    for (const { part, count, last } of page.counts) {
      lasts[part + 1] = last;
      if (part >= 0) counts[part] += count;
    }
    after = page.before - 1;
  }
  const width = (until - since) / buckets;
  let after = gone;
  return counts.map((count, bucket) => {
    after = Math.max(after, lasts[bucket]);
    return { at: Math.round(since + bucket * width), after, count };
  });
}

/** Counts log lines by level in what {@linkcode countEvents} has counted, or the end of that. */
export async function countBucketLevels(
  history: RoomHistory,
  room: string,
  { since, until }: CountRange,
  buckets: readonly Bucket[],
): Promise<BucketLevels> {
  const [{ after: start }] = buckets;
  const before = start + buckets.reduce((sum, { count }) => sum + count, 0) + 1;
  const after = Math.max(start, before - 1 - MOST_LEVELS_COUNTED);
  const levels: LevelTally[] = buckets.map(() => ({}));
  for (let read = after; read < before - 1;) {
    const time = { since, until, parts: buckets.length };
    const page = await history.countLevels(room, { after: read, before }, time);
    for (const { part, counts } of page.levels) levels[part] = sumOf(levels[part], counts);
    read = page.before - 1;
  }
  return { after, levels };
}

/** The sums, those of the most severe level first. */
function sumOf(one: LevelTally, other: LevelTally): LevelTally {
  return Object.fromEntries(LEVELS.flatMap((level) => {
    const count = (one[level] ?? 0) + (other[level] ?? 0);
    return count > 0 ? [[level, count]] : [];
  }));
}
