/**
 * A stretch of a chart's bars, chosen by dragging or by keys.
 *
 * @module
 */

import type { BucketJson } from "../protocol.ts";
import type { Span } from "./timeline.ts";

/** From bar `first` to bar `last`, both included. */
export interface BarRange {
  readonly first: number;
  readonly last: number;
}

/** What `GET /api/rooms/ROOM/counts` answers. */
export interface CountsJson {
  readonly room: string;
  readonly since: string;
  readonly until: string;
  readonly buckets: readonly BucketJson[];
}

export function rangeBetween(one: number, other: number): BarRange {
  return { first: Math.min(one, other), last: Math.max(one, other) };
}

/** The range with one end moved by `bars`; it stays in the chart, and the ends do not pass. */
export function moveEnd(
  { first, last }: BarRange,
  end: "first" | "last",
  bars: number,
  count: number,
): BarRange {
  if (end === "first") return { first: clamp(first + bars, 0, last), last };
  return { first, last: clamp(last + bars, first, count - 1) };
}

/** The events of the range, in a chart whose last event is the one before number `end`. */
export function spanOf({ buckets }: CountsJson, { first, last }: BarRange, end: number): Span {
  const next = buckets[last + 1];
  return { after: buckets[first].after, before: next ? next.after + 1 : end };
}

/** How many events are in the range. */
export function countIn({ buckets }: CountsJson, { first, last }: BarRange): number {
  return buckets.slice(first, last + 1).reduce((sum, { count }) => sum + count, 0);
}

/** When the range begins and ends. */
export function timesOf(
  { buckets, until }: CountsJson,
  { first, last }: BarRange,
): { readonly since: string; readonly until: string } {
  return { since: buckets[first].at, until: buckets[last + 1]?.at ?? until };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
