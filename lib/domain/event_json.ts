/**
 * Events as JSON, the same in exports, over HTTP and in WebSockets. One event is one line of JSON
 * Lines.
 *
 * @module
 */

import {
  type About,
  namedNumber,
  type Reaction,
  type RoomEvent,
  type RoomEventKind,
} from "./room_event.ts";

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
  /** The structured fields of a log line, or facts of some other kinds. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** How it was sent, e.g. `telnet`. */
  readonly via?: string;
  /** The number of the event that it answers. */
  readonly reply?: number;
  /** What the event says that it is about; not in exports. */
  readonly about?: About;
  /** The reactions to it so far; not in exports. */
  readonly reactions?: readonly Reaction[];
  /** Whether the room keeps only its number, so that nobody else is to keep it either. */
  readonly unlogged?: true;
}

/** Formats an event as JSON, without spaces or a line end. */
export function eventToJson(event: RoomEvent): string {
  return JSON.stringify(toEventJson(event));
}

/** The event as an object whose properties are in the order in which they are written. */
export function toEventJson(event: RoomEvent): EventJson {
  const { id, room, seq, at, kind, from, body, fields, via, about, reactions, isUnlogged } = event;
  if (fields?.reply !== undefined && isReply(event)) {
    const { reply, ...others } = fields;
    const rest = Object.keys(others).length === 0 ? undefined : others;
    return { ...toEventJson({ ...event, fields: rest }), reply: reply as number };
  }
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
    ...(about === undefined ? {} : { about }),
    ...(reactions === undefined ? {} : { reactions }),
    ...(isUnlogged ? { unlogged: true } : {}),
  };
}

/** Whether it is something said that answers an event. */
function isReply(event: RoomEvent): boolean {
  return event.kind !== "log" && namedNumber(event) !== undefined;
}
