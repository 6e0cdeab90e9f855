/**
 * What an alert is: a query that is kept, and whom to tell of what it finds.
 *
 * @module
 */

import type { RoomEvent } from "../domain/room_event.ts";

/** An alert, as the configuration has it. At least one of `room` and `webhook` is there. */
export interface AlertRule {
  readonly name: string;
  /** In the query language. */
  readonly query: string;
  /** Is told by a notice. */
  readonly room?: string;
  /** Is told by a POST. */
  readonly webhook?: URL;
  /** Whether the webhook may be on this machine, or in its own network. */
  readonly allowPrivate: boolean;
  /** Milliseconds between two times that anybody is told. What is found meanwhile is counted. */
  readonly everyMs: number;
}

/** What was found since somebody was told last. */
export interface Sighting {
  /** How many events, at least 1. */
  readonly count: number;
  /** The latest of them. */
  readonly event: RoomEvent;
}

/** Several sightings as one; `next` is the later one. */
export function joinSightings(before: Sighting | undefined, next: Sighting): Sighting {
  return before ? { count: before.count + next.count, event: next.event } : next;
}
