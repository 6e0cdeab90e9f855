/**
 * Log lines that came too fast to be sent: it is known that they are there, and how many.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";

/** Lines with `first <= seq <= last` are missing, but for those in between that are at hand. */
export interface Hole {
  readonly first: number;
  readonly last: number;
  /** How many are missing. */
  readonly lines: number;
  readonly sources: readonly string[];
  /** When the last one came. */
  readonly at: string;
}

/**
 * The lines that an event of the live stream stands for, if it is no line itself.
 *
 * Only for what comes live: history has no such events, and what looks like one is a line that
 * somebody has written so.
 */
export function holeOf({ kind, seq, at, from, body, fields }: EventJson): Hole | undefined {
  if (kind !== "log" || !fields || !body.startsWith("... ")) return undefined;
  const { folded: lines, first, last } = fields;
  if (!isCount(lines) || !isCount(first) || last !== seq || first >= seq) return undefined;
  return lines > seq - first + 1 ? undefined : { first, last: seq, lines, sources: [from], at };
}

/** How many things an event stands for. */
export function countOfEvent(event: EventJson): number {
  return holeOf(event)?.lines ?? 1;
}

/** Several holes that lie within each other as one. */
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

/** What is left of a hole when all with `after < seq < before` is at hand; `known` is what is there. */
export function restOfHole(
  hole: Hole,
  { after, before }: { readonly after: number; readonly before: number },
  known: readonly EventJson[],
): Hole[] {
  const rests = [[hole.first, Math.min(hole.last, after)], [
    Math.max(hole.first, before),
    hole.last,
  ]];
  return rests.flatMap(([first, last]) => {
    // Within a flood there is nothing but log lines, and their numbers have no gaps.
    const there = known.filter(({ seq }) => seq >= first && seq <= last).length;
    const lines = last - first + 1 - there;
    return lines <= 0 ? [] : [{ ...hole, first, last, lines }];
  });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
