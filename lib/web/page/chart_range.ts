/**
 * A range of a chart's bars, selected by dragging or with keys.
 *
 * @module
 */

import type { BucketJson } from "../protocol.ts";
import { addLevels, type LevelCounts } from "./log_level.ts";
import type { Span } from "./timeline.ts";

/** Bars `first` to `last`, inclusive. */
export interface BarRange {
  readonly first: number;
  readonly last: number;
}

/** The response of `GET /api/rooms/ROOM/counts`. */
export interface CountsJson {
  readonly room: string;
  readonly since: string;
  readonly until: string;
  readonly buckets: readonly BucketJson[];
}

export function rangeBetween(one: number, other: number): BarRange {
  return { first: Math.min(one, other), last: Math.max(one, other) };
}

/** Moves one end by `bars`, within the chart and without crossing the other end. */
export function moveEnd(
  { first, last }: BarRange,
  end: "first" | "last",
  bars: number,
  count: number,
): BarRange {
  if (end === "first") return { first: clamp(first + bars, 0, last), last };
  return { first, last: clamp(last + bars, first, count - 1) };
}

/** The events of a range, in a chart of the events before number `end`. */
export function spanOf({ buckets }: CountsJson, { first, last }: BarRange, end: number): Span {
  const next = buckets[last + 1];
  return { after: buckets[first].after, before: next ? next.after + 1 : end };
}

/** Number of events in the range. */
export function countIn({ buckets }: CountsJson, { first, last }: BarRange): number {
  return buckets.slice(first, last + 1).reduce((sum, { count }) => sum + count, 0);
}

/** Log lines in the range, by level. */
export function levelsIn({ buckets }: CountsJson, { first, last }: BarRange): LevelCounts {
  return buckets.slice(first, last + 1)
    .reduce((sum, { levels }) => addLevels(sum, levels ?? {}), {} as LevelCounts);
}

/** Start and end time of the range. */
export function rangeTimes(
  { buckets, until }: CountsJson,
  { first, last }: BarRange,
): { readonly since: string; readonly until: string } {
  return { since: buckets[first].at, until: buckets[last + 1]?.at ?? until };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
