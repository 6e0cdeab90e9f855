/**
 * Counts the log lines of a few runs by time and level.
 *
 * @module
 */

import {
  type LevelTally,
  type PartLevels,
  partOf,
  type SeqRange,
  type TimeParts,
} from "../../../domain/room_history.ts";
import { type Level, levelOf } from "../../../level.ts";

/** A run of log lines of which some have fields. */
export interface LevelRow {
  readonly seq: number;
  readonly at: number;
  /** A JSON array with the fields of each line, or `null`. */
  readonly fields: string;
}

/** Runs without this text have no levels and need not be parsed. */
const LEVEL_KEY = '"level"';

/** The levels of the lines within a range. */
export function countLevelsOf(
  rows: readonly LevelRow[],
  { after, before }: SeqRange,
  time: TimeParts,
): PartLevels["levels"] {
  const parts = new Map<number, Partial<Record<Level, number>>>();
  for (const { seq, at, fields } of rows) {
    const part = partOf(at, time);
    if (part < 0 || part >= time.parts || !fields.includes(LEVEL_KEY)) continue;
    const all: ({ readonly level?: unknown } | null)[] = JSON.parse(fields);
    all.forEach((each, index) => {
      const level = levelOf(each?.level);
      if (level === undefined || seq + index <= after || seq + index >= before) return;
      let counts = parts.get(part);
      if (!counts) parts.set(part, counts = {});
      counts[level] = (counts[level] ?? 0) + 1;
    });
  }
  return [...parts].map(([part, counts]: [number, LevelTally]) => ({ part, counts }));
}
