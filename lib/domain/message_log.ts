/**
 * What a store of rooms' events promises. Fulfilled by the folders of `store/`, all of which pass
 * the same contract test.
 *
 * @module
 */

import type { Draft, RoomEvent } from "./room_event.ts";

/** What a room's past amounts to. */
export interface RoomRecord {
  /** The name as first written. */
  readonly name: string;
  /** The number of the earliest event that is kept; one more than `lastSeq` if none is. */
  readonly firstSeq: number;
  /** The number of the latest event; 0 if there never was one. */
  readonly lastSeq: number;
  /** What the room is about, `""` if nobody said. */
  readonly topic: string;
}

/** Reads the past of rooms; needs nobody who writes it. */
export interface RoomHistory {
  /**
   * At most `limit` events of a room with a `seq` above `after`, in order. If retention has removed
   * those, the first events that are left.
   */
  read(room: string, after: number, limit: number): Promise<RoomEvent[]>;
  /** A room's record, found by name without regard to case; `undefined` if it never existed. */
  room(name: string): Promise<RoomRecord | undefined>;
  /** At most `limit` rooms, the one with the latest join or part first. */
  rooms(limit: number): Promise<RoomRecord[]>;
}

/** Numbers events and keeps them. */
export interface MessageLog extends RoomHistory {
  /**
   * Numbers and commits a batch, all of it or nothing, and resolves once committed, with the
   * events in the order of their ids. Each room's are in the order of its drafts; those of
   * different rooms may be put room by room. Rooms come to be by being named.
   *
   * @throws {Error} where nothing was kept; the log stays usable, and no number is lost.
   */
  append(batch: readonly Draft[]): Promise<readonly RoomEvent[]>;
  /** Writes down what is left and lets go of the files. Safe to call again. */
  close(): Promise<void>;
}
