/**
 * How much of their past rooms keep: limits of age and size, and which events are due by them.
 * Pure; `sweeper.ts` has it carried out.
 *
 * @module
 */

import { nameKey } from "./name.ts";

/** What a room keeps at most; no limit where there is none. */
export interface RetentionLimits {
  /** Milliseconds. */
  readonly maxAgeMs?: number;
  /** Bytes of stored text, the index not counted. */
  readonly maxBytes?: number;
}

/** Why events are not kept: they are too old, or the room is too large. */
export const RETENTION_REASONS = ["age", "size"] as const;
export type RetentionReason = typeof RETENTION_REASONS[number];

/** How much a room keeps. */
export interface RoomExtent {
  /** The room's place among all rooms, from 1. */
  readonly id: number;
  readonly room: string;
  /** When the earliest event that is kept was accepted; `undefined` if there is none. */
  readonly firstAt: number | undefined;
  /** Bytes of stored text. */
  readonly bytes: number;
  /** What was removed of which no `gap` tells yet. */
  readonly untold: Removal | undefined;
}

/** Events that are not kept any more: always the first that there were. */
export interface Removal {
  /** Number of the first. */
  readonly first: number;
  /** Number of the last. */
  readonly last: number;
  /** Why; empty where that is not known any more. */
  readonly reasons: readonly RetentionReason[];
}

/** How far a sweep goes. */
export interface SweepGoal {
  /** The time it is, milliseconds since 1970. */
  readonly now: number;
  /** All that is older goes; milliseconds since 1970. */
  readonly before: number;
  /** So many bytes stay at most. */
  readonly bytes: number;
}

/** A run of events that are kept or removed together. */
export interface RunExtent {
  /** When it was accepted. */
  readonly at: number;
  readonly bytes: number;
  /** Whether it only tells of what was removed before. */
  readonly isRetentionGap: boolean;
}

const DAY_MS = 86_400_000;

/** The limits of all rooms. */
export class RetentionRules {
  readonly #byRoom: ReadonlyMap<string, RetentionLimits>;
  readonly #others: RetentionLimits;

  /**
   * @param byRoom By room, their names compared without case.
   * @param others Those of all other rooms.
   */
  constructor(byRoom: ReadonlyMap<string, RetentionLimits>, others: RetentionLimits = {}) {
    this.#byRoom = new Map([...byRoom].map(([room, limits]) => [nameKey(room), limits]));
    this.#others = others;
  }

  /** Whether any room has a limit. */
  get areAny(): boolean {
    return [this.#others, ...this.#byRoom.values()].some(
      ({ maxAgeMs, maxBytes }) => maxAgeMs !== undefined || maxBytes !== undefined,
    );
  }

  of(room: string): RetentionLimits {
    return this.#byRoom.get(nameKey(room)) ?? this.#others;
  }
}

/**
 * What to sweep in a room now; `undefined` where it is within its limits.
 *
 * A sweep leaves a `gap` in the room, and nobody wants to read one every minute. So it comes late
 * by up to a twenty-fourth of the age, a day at most, and takes an eighth of the size with it.
 */
export function sweepGoal(
  { firstAt, bytes }: RoomExtent,
  { maxAgeMs = Infinity, maxBytes = Infinity }: RetentionLimits,
  now: number,
): SweepGoal | undefined {
  const isTooOld = firstAt !== undefined &&
    firstAt < now - maxAgeMs - Math.min(maxAgeMs / 24, DAY_MS);
  const isTooLarge = bytes > maxBytes;
  if (!isTooOld && !isTooLarge) return undefined;
  return {
    now,
    before: now - maxAgeMs,
    bytes: isTooLarge ? maxBytes - Math.floor(maxBytes / 8) : Infinity,
  };
}

/**
 * How many of a room's earliest runs are due, and why.
 *
 * @param bytes What the room keeps, these runs included.
 */
export function countDue(
  runs: readonly RunExtent[],
  bytes: number,
  goal: SweepGoal,
): { count: number; reasons: ReadonlySet<RetentionReason> } {
  const reasons = new Set<RetentionReason>();
  let count = 0;
  let left = bytes;
  for (const [index, run] of runs.entries()) {
    const isOld = run.at < goal.before;
    const isTooMuch = left > goal.bytes;
    // The clock may have been set back: what is from the future must not keep all that follows.
    if (!isOld && !isTooMuch && run.at <= goal.now) break;
    left -= run.bytes;
    // What tells of a sweep is no reason for another, which would tell of itself in turn.
    if (run.isRetentionGap || (!isOld && !isTooMuch)) continue;
    count = index + 1;
    if (isOld) reasons.add("age");
    if (isTooMuch) reasons.add("size");
  }
  return { count, reasons };
}
