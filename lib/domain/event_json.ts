/**
 * An event as JSON, the same everywhere: export, HTTP, WebSocket. One event is one line of JSON
 * Lines.
 *
 * @module
 */

import type { RoomEvent, RoomEventKind } from "./room_event.ts";

/** What JSON tells of an event. Who caused it stays inside: `origin` is not in it. */
export interface EventJson {
  /** Its place among all events of all rooms, from 1. */
  readonly id: number;
  readonly room: string;
  /** Its place in the room, from 1; shown as `#12`. */
  readonly seq: number;
  /** When the server accepted it: ISO 8601, in UTC, with milliseconds. */
  readonly at: string;
  readonly kind: RoomEventKind;
  readonly from: string;
  /** As it was sent: may hold any character, so it is shown as text and never as markup. */
  readonly body: string;
  /** What a log line had in fields. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** How it came in, e.g. `telnet`. */
  readonly via?: string;
}

/** The event's JSON, without spaces or a line end. */
export function eventToJson(event: RoomEvent): string {
  return JSON.stringify(toEventJson(event));
}

/** The event as it stands in JSON, its members in the order in which they are written. */
export function toEventJson(event: RoomEvent): EventJson {
  const { id, room, seq, at, kind, from, body, fields, via } = event;
  return {
    id,
    room,
    seq,
    at: new Date(at).toISOString(),
    kind,
    from,
    body,
    ...(fields === undefined ? {} : { fields }),
    ...(via === undefined ? {} : { via }),
  };
}
