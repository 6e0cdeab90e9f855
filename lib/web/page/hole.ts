/**
 * A hole: log lines that came too fast for the live stream, which sent only their number.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";

/** Lines with `first <= seq <= last` are missing, except those already loaded. */
export interface Hole {
  readonly first: number;
  readonly last: number;
  /** Number of missing lines. */
  readonly lines: number;
  readonly sources: readonly string[];
  /** Time of the last one. */
  readonly at: string;
}

/**
 * Parses an event of the live stream that stands for several log lines; `undefined` for any other.
 *
 * Use it only for live events: history has no holes, so an event there that looks like one is a
 * line that somebody wrote.
 */
export function holeOf({ kind, seq, at, from, body, fields }: EventJson): Hole | undefined {
  if (kind !== "log" || !fields || !body.startsWith("... ")) return undefined;
  const { folded: lines, first, last } = fields;
  if (!isCount(lines) || !isCount(first) || last !== seq || first >= seq) return undefined;
  return lines > seq - first + 1 ? undefined : { first, last: seq, lines, sources: [from], at };
}

/** Number of events that a live event stands for. */
export function countOfEvent(event: EventJson): number {
  return holeOf(event)?.lines ?? 1;
}

/** Joins overlapping holes into one. */
export function joinHoles(holes: readonly Hole[]): Hole | undefined {
  if (holes.length === 0) return undefined;
  const last = holes.reduce((one, other) => one.last > other.last ? one : other);
  return {
    first: Math.min(...holes.map(({ first }) => first)),
    last: last.last,
    lines: holes.reduce((sum, { lines }) => sum + lines, 0),
    sources: [...new Set(holes.flatMap(({ sources }) => sources))],
    at: last.at,
  };
}

/** The rest of a hole once all events with `after < seq < before` are loaded. */
export function restOfHole(
  hole: Hole,
  { after, before }: { readonly after: number; readonly before: number },
  loaded: readonly EventJson[],
): Hole[] {
  const rests = [[hole.first, Math.min(hole.last, after)], [
    Math.max(hole.first, before),
    hole.last,
  ]];
  return rests.flatMap(([first, last]) => {
    // A hole contains nothing but log lines with consecutive numbers.
    const present = loaded.filter(({ seq }) => seq >= first && seq <= last).length;
    const lines = last - first + 1 - present;
    return lines <= 0 ? [] : [{ ...hole, first, last, lines }];
  });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
