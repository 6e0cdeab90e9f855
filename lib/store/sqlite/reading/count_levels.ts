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
} from "../../../domain/history/room_history.ts";
import { type Level, levelOf } from "../../../level.ts";
import { unpackFields } from "../run_fields.ts";

/** A run of log lines of which some have fields. */
export interface LevelRow {
  readonly seq: number;
  readonly count: number;
  readonly at: number;
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
  for (const { seq, count, at, fields } of rows) {
    const part = partOf(at, time);
    if (part < 0 || part >= time.parts || !fields.includes(LEVEL_KEY)) continue;
    unpackFields(fields, count).forEach((each, index) => {
      const level = levelOf(each?.level);
      if (level === undefined || seq + index <= after || seq + index >= before) return;
      let counts = parts.get(part);
      if (!counts) parts.set(part, counts = {});
      counts[level] = (counts[level] ?? 0) + 1;
    });
  }
  return [...parts].map(([part, counts]: [number, LevelTally]) => ({ part, counts }));
}
