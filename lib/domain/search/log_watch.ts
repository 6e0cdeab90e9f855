/**
 * The contract of watching a log: searching it, as it grows, for the matches of a few fixed
 * queries, outside the thread that serves people.
 *
 * @module
 */

import type { RoomEvent } from "../room_event.ts";

/** The matches of one query in a part of the log. */
export interface QueryMatch {
  /** Index of the query. */
  readonly query: number;
  /** How many events, at least 1. */
  readonly count: number;
  /** The first match, if there are several. */
  readonly first?: RoomEvent;
  /** The latest match. */
  readonly event: RoomEvent;
}

/** The matches of all queries in a part of the log. */
export interface QueryMatches {
  /** The id of the last event searched, or removed before it could be. */
  readonly through: number;
  /** Whether that was the end of the log at the time. */
  readonly isAll: boolean;
  readonly found: readonly QueryMatch[];
  /** The redactions among the events searched; absent if there are none. */
  readonly redactions?: readonly RoomEvent[];
}

export interface LogWatch {
  /** The id of the last event, 0 if there never was one. */
  end(): Promise<number>;
  /**
   * Searches some of the events with an id above `after`.
   *
   * @param hidden Keys of rooms to pass over; rooms of two always are.
   * @throws {Error} if the log cannot be read.
   */
  look(after: number, hidden: readonly string[]): Promise<QueryMatches>;
}
