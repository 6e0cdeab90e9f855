/**
 * What a log promises that can let go of the beginnings of its rooms. Numbers are never given
 * again, whatever is removed.
 *
 * @module
 */

import type { RoomExtent, SweepGoal } from "./retention.ts";

export interface SweepableLog {
  /** How much rooms keep: at most `limit` of those with an `id` above `after`, in its order. */
  extents(after: number, limit: number): Promise<RoomExtent[]>;
  /**
   * Removes the earliest of what is due in a room, in a step so small that nobody waits for it,
   * and notes what no `gap` tells of yet; that is on record however the process ends.
   *
   * @param id The room's, see {@linkcode RoomExtent}.
   * @returns Whether more is due.
   * @throws {Error} where nothing was removed.
   */
  sweep(id: number, goal: SweepGoal): Promise<boolean>;
  /**
   * Gives some of the space that was freed back to the system, in a small step too.
   *
   * @returns Whether there is more to give.
   */
  shrink(): Promise<boolean>;
}
