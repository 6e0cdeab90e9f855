/** Minimal drafts and events. */

import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";

export function draftOf(room: string, body = "", rest: Partial<Draft> = {}): Draft {
  return { room, kind: "message", from: "ann", body, ...rest };
}

/** An event whose body contains its room and number. */
export function eventOf(seq: number, rest: Partial<RoomEvent> = {}): RoomEvent {
  const room = rest.room ?? "lobby";
  const body = `${room} ${seq}`;
  return { id: seq, seq, at: 0, kind: "message", from: "ann", body, ...rest, room };
}

/** Events numbered from `first` to `last`. */
export function eventsOf(first: number, last: number, rest: Partial<RoomEvent> = {}): RoomEvent[] {
  return Array.from({ length: last - first + 1 }, (_, index) => eventOf(first + index, rest));
}

/** The numbers of events. */
export function numbersOf(events: Iterable<RoomEvent>): number[] {
  return [...events].map(({ seq }) => seq);
}
