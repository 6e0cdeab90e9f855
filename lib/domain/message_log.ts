/**
 * The contracts of a store of events: one side writes, the other reads, and neither needs the
 * other. Every folder of `store/` implements both and passes the same contract test.
 *
 * @module
 */

import type { RoomEvent } from "./room_event.ts";

/** What is known of a room without its events. */
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

/** How far the numbers of a room go. */
export interface RoomEnd {
  /** The name as first written. */
  readonly name: string;
  readonly lastSeq: number;
}

/** Keeps events that a sequencer has numbered. */
export interface MessageLog {
  /**
   * Commits a batch, all of it or nothing; the events can be read once this resolves. A room is
   * created by its first event.
   *
   * Storing is idempotent: events that are in the log already, retention having removed their text
   * or not, are passed over, so that an order that comes from elsewhere may be delivered again.
   *
   * @param events In the order of their ids. Ids may leave gaps; the numbers of a room may not.
   * @throws {RangeError} if the events do not follow on from the log, or differ from those that
   * have their numbers. Nothing is stored.
   * @throws {Error} if they cannot be written. Nothing is stored, and the log stays usable.
   */
  store(events: readonly RoomEvent[]): Promise<void>;
  /** The highest id ever stored, 0 if there is none; removed events count. */
  lastId(): Promise<number>;
  /** Where a room's numbers end, its name compared without case; `undefined` if there is none. */
  roomEnd(room: string): Promise<RoomEnd | undefined>;
  /** Writes what is left and releases the files. Safe to call again. */
  close(): Promise<void>;
}
