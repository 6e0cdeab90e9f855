/**
 * A hole: log lines that came too fast for the live stream, which sent only their number.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import { addLevels, countLevels, type LevelCounts } from "./log_level.ts";

/** Lines with `first <= seq <= last` that are missing; lines in between may be there. */
export interface Hole {
  readonly first: number;
  readonly last: number;
  /** Number of missing lines. */
  readonly lines: number;
  readonly levels: LevelCounts;
  /** The source of the lines, or how many there are: `412 sources`. */
  readonly source: string;
  readonly isOfSeveral: boolean;
  /** Whether the number of lines is a guess, because lines in the middle of a hole were loaded. */
  readonly isGuess?: boolean;
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
  const { folded: lines, first, last, levels, sources } = fields;
  if (!isCount(lines) || !isCount(first) || last !== seq || first >= seq) return undefined;
  if (lines > seq - first + 1) return undefined;
  const isOfSeveral = isCount(sources);
  return { first, last: seq, lines, levels: parseLevels(levels), source: from, isOfSeveral, at };
}

/** Number of events that a live event stands for. */
export function countOfEvent(event: EventJson): number {
  return holeOf(event)?.lines ?? 1;
}

/** Number of events that live events stand for. */
export function countOfEvents(events: readonly EventJson[]): number {
  return events.reduce((sum, event) => sum + countOfEvent(event), 0);
}

/** Log lines by level among live events, those that others stand for included. */
export function levelsOfEvents(events: readonly EventJson[]): LevelCounts {
  return events.reduce(
    (sum, event) => addLevels(sum, holeOf(event)?.levels ?? {}),
    countLevels(events.filter((event) => !holeOf(event))),
  );
}

/** Whether a log line may be one of those missing. */
export function isInHole({ kind, seq, from }: EventJson, hole: Hole): boolean {
  return kind === "log" && seq >= hole.first && seq <= hole.last &&
    (hole.isOfSeveral || hole.source === from);
}

/**
 * The rest of a hole once all events with `after < seq < before` are loaded.
 *
 * @param options.found Those of them that were missing.
 * @param options.isKnown Whether an event is loaded.
 */
export function restOfHole(
  hole: Hole,
  { after, before, found, isKnown }: {
    readonly after: number;
    readonly before: number;
    readonly found: readonly EventJson[];
    isKnown(seq: number): boolean;
  },
): Hole[] {
  const lines = hole.lines - found.length;
  if (lines <= 0 && !hole.isGuess) return [];
  const levels = addLevels(hole.levels, countLevels(found), -1);
  const rests = [
    { first: hole.first, last: Math.min(hole.last, after) },
    { first: Math.max(hole.first, before), last: hole.last },
  ].filter(({ first, last }) => countUnknown(first, last, isKnown) > 0);
  if (rests.length < 2) {
    return rests.map((rest) => ({ ...hole, ...rest, lines: Math.max(1, lines), levels }));
  }
  // Nobody counted the levels on either side, nor the lines if another source's are in between.
  const [early, late] = rests.map(({ first, last }) => countUnknown(first, last, isKnown));
  const earlier = Math.round(lines * early / (early + late));
  return rests.map((rest, at) => ({
    ...hole,
    ...rest,
    lines: Math.max(1, at === 0 ? earlier : lines - earlier),
    levels: {},
    isGuess: true,
  }));
}

function countUnknown(first: number, last: number, isKnown: (seq: number) => boolean): number {
  let count = 0;
  for (let seq = first; seq <= last; seq++) if (!isKnown(seq)) count++;
  return count;
}

function parseLevels(value: unknown): LevelCounts {
  const isObject = typeof value === "object" && value !== null;
  return isObject && Object.values(value).every(isCount) ? value : {};
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
