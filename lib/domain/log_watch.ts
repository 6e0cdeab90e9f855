/**
 * What watching a log promises: it is looked through as it grows, for what a few queries that are
 * kept ask for, and the thread that serves people never waits for it.
 *
 * @module
 */

import type { RoomEvent } from "./room_event.ts";

/** A query found something. */
export interface QueryMatch {
  /** The query's place in the list of queries. */
  readonly query: number;
  /** How many events, at least 1. */
  readonly count: number;
  /** The latest of them. */
  readonly event: RoomEvent;
}

/** What a part of the log has. */
export interface QueryMatches {
  /** The id of the last event that was looked at, or could be. */
  readonly through: number;
  /** Whether there was no more at the time. */
  readonly isAll: boolean;
  readonly found: readonly QueryMatch[];
}

export interface LogWatch {
  /** The id of the last event that there is, 0 if there never was one. */
  end(): Promise<number>;
  /**
   * Looks through some of the events with an id above `after`.
   *
   * @throws {Error} where the log cannot be read.
   */
  look(after: number): Promise<QueryMatches>;
}
