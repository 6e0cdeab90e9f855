/**
 * Events as JSON, the same in exports, over HTTP and in WebSockets. One event is one line of JSON
 * Lines.
 *
 * @module
 */

import type { RoomEvent, RoomEventKind } from "./room_event.ts";

/** An event in JSON. Has no `origin`, which is internal. */
export interface EventJson {
  /** Its number among the events of all rooms, from 1. */
  readonly id: number;
  readonly room: string;
  /** Its number in the room, from 1; shown as `#12`. */
  readonly seq: number;
  /** When the server accepted it: ISO 8601, in UTC, with milliseconds. */
  readonly at: string;
  readonly kind: RoomEventKind;
  readonly from: string;
  /** As it was sent. May contain any character: show it as text, never as markup. */
  readonly body: string;
  /** The structured fields of a log line. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** How it was sent, e.g. `telnet`. */
  readonly via?: string;
}

/** Formats an event as JSON, without spaces or a line end. */
export function eventToJson(event: RoomEvent): string {
  return JSON.stringify(toEventJson(event));
}

/** The event as an object whose properties are in the order in which they are written. */
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
