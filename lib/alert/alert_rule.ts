/**
 * An alert: a standing query, and who is told about its matches.
 *
 * @module
 */

import { withRedactions } from "../domain/redaction.ts";
import type { RoomEvent } from "../domain/room_event.ts";

/** An alert of the configuration. It has a room, a webhook or both. */
export interface AlertRule {
  readonly name: string;
  /** In the query language. */
  readonly query: string;
  /** The room that gets a notice. */
  readonly room?: string;
  /** The URL that gets a POST. */
  readonly webhook?: URL;
  /** Whether the webhook may be on this machine or in its network. */
  readonly allowPrivate: boolean;
  /** Minimum milliseconds between two notices. Matches in between are counted. */
  readonly everyMs: number;
}

/** The matches since the last notice. */
export interface Sighting {
  /** The number of events, at least 1. */
  readonly count: number;
  /** The latest of them. */
  readonly event: RoomEvent;
}

/** Joins two sightings; `next` is the later one. */
export function joinSightings(before: Sighting | undefined, next: Sighting): Sighting {
  return before ? { count: before.count + next.count, event: next.event } : next;
}

/** The sighting after redactions, whatever rooms those are of. */
export function redactedSighting(
  sighting: Sighting,
  redactions: readonly RoomEvent[],
): Sighting {
  const { event } = sighting;
  const [redacted] = withRedactions([event], redactions.filter(({ room }) => room === event.room));
  return redacted === event ? sighting : { ...sighting, event: redacted };
}
