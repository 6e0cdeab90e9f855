/**
 * Retention: limits on the age and size of rooms, which events have expired by them, and the
 * contract of a log that can remove those. `sweeper.ts` carries it out.
 *
 * @module
 */

import { nameKey } from "../name.ts";

/** How much a room may keep. Without a value there is no limit. */
export interface RetentionLimits {
  /** Milliseconds. */
  readonly maxAgeMs?: number;
  /** Bytes of stored text, without the search index. */
  readonly maxBytes?: number;
}

/** Why events were removed: they were too old, or the room was too large. */
export const RETENTION_REASONS = ["age", "size"] as const;
export type RetentionReason = typeof RETENTION_REASONS[number];

/** The extent of a room that is in the log. */
export interface RoomExtent {
  /** Number of the room, from 1. */
  readonly id: number;
  readonly room: string;
  /**
   * The earliest time of the first 256 stored runs; `undefined` if there are none. Not that of the
   * first one, which the clock may have dated into the future.
   */
  readonly firstAt: number | undefined;
  /** Bytes of stored text. */
  readonly bytes: number;
  /** Events that were removed and are not covered by a `gap` yet. */
  readonly untold: Removal | undefined;
  /** Whether a `gap` covers events that are still there: those of a cluster come first. */
  readonly isDue?: boolean;
}

/** Removed events. A sweep always removes the earliest events of a room. */
export interface Removal {
  /** Number of the first event. */
  readonly first: number;
  /** Number of the last event. */
  readonly last: number;
  /** Empty if they are no longer known. */
  readonly reasons: readonly RetentionReason[];
}

/** How much a sweep removes. */
export interface SweepGoal {
  /** The current time, milliseconds since 1970. */
  readonly now: number;
  /** Older events are removed; milliseconds since 1970. */
  readonly before: number;
  /** Bytes that may stay. */
  readonly bytes: number;
}

/** Consecutive events that are removed together. */
export interface RunExtent {
  /** When they were accepted, milliseconds since 1970. */
  readonly at: number;
  readonly bytes: number;
  /** Whether they only record earlier removals. */
  readonly isRetentionGap: boolean;
}

const DAY_MS = 86_400_000;

/** The limits of all rooms. */
export class RetentionRules {
  readonly #byRoom: ReadonlyMap<string, RetentionLimits>;
  readonly #others: RetentionLimits;

  /**
   * @param byRoom Limits by room name, compared without case.
   * @param others Limits of all other rooms.
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
 * What to sweep in a room now; `undefined` if it is within its limits.
 *
 * Each sweep leaves a `gap` in the room, and nobody wants to read one every minute. So a sweep
 * starts up to 1/24 of the maximum age late (a day at most), and frees 1/8 of the maximum size.
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
 * How many of a room's earliest runs have expired, and why.
 *
 * @param bytes Size of the room, these runs included.
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
    // The clock may have been set back: runs from the future must not protect later ones.
    if (!isOld && !isTooMuch && run.at <= goal.now) break;
    left -= run.bytes;
    // A gap must not cause another sweep: that would leave a gap in turn, and so on.
    if (run.isRetentionGap || (!isOld && !isTooMuch)) continue;
    count = index + 1;
    if (isOld) reasons.add("age");
    if (isTooMuch) reasons.add("size");
  }
  return { count, reasons };
}

/** A log that can remove the earliest events of its rooms. Their numbers are never used again. */
export interface SweepableLog {
  /** The extents of at most `limit` rooms with an `id` above `after`, in the order of ids. */
  extents(after: number, limit: number): Promise<RoomExtent[]>;
  /**
   * Removes expired events of a room in one small step, and records on disk that no `gap` covers
   * them yet.
   *
   * @param id The room's, see {@linkcode RoomExtent}.
   * @returns Whether there is more to remove.
   * @throws {Error} if nothing was removed.
   */
  sweep(id: number, goal: SweepGoal): Promise<boolean>;
  /**
   * Returns some of the freed space to the system, in one small step.
   *
   * @returns Whether there is more to return.
   */
  shrink(): Promise<boolean>;
}

/** How far the earliest events of a room have expired, as far as they were looked at. */
export interface Expiry {
  /** The first number that is still there. */
  readonly first: number;
  /** The last number that was looked at. */
  readonly seen: number;
  /** Bytes of all that ever came up to there. */
  readonly total: number;
  /** The last number that has expired; 0 if none has. */
  readonly last: number;
  readonly reasons: ReadonlySet<RetentionReason>;
  /** Whether there may be more. */
  readonly isMore: boolean;
}

/**
 * A log of a cluster, where sweeps are decided once for all nodes: a `gap` says which events go, and
 * every node that has stored the gap removes them.
 */
export interface DecidedSweepableLog extends Pick<SweepableLog, "extents" | "shrink"> {
  /**
   * Looks at some of the earliest events of a room, and removes none.
   *
   * @param before What was looked at before them.
   */
  expired(id: number, goal: SweepGoal, before?: Expiry): Promise<Expiry>;
  /**
   * Removes events that a `gap` covers, in one small step.
   *
   * @returns Whether there is more to remove.
   * @throws {Error} if nothing was removed.
   */
  removeTold(id: number): Promise<boolean>;
}
