/**
 * Copies of the latest messages of rooms, so that a page that is loaded again without a connection
 * has something to show.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import type { RoomState } from "./room_state.ts";
import type { RoomCopy } from "./saved_session.ts";

/** Messages copied of a room, and characters of all copies: a tab can store a few megabytes. */
const MAX_EVENTS = 60;
const MAX_CHARACTERS = 400_000;

/** Copies rooms, except for what nobody is to keep. */
export function copyRooms(rooms: readonly RoomState[]): RoomCopy[] {
  const copies: RoomCopy[] = [];
  let characters = 0;
  for (const { name, topic, isKnown, timeline } of rooms) {
    const { events, holes, isAtEnd, live } = timeline;
    if (!isKnown || !isAtEnd) continue;
    const complete = Math.max(0, ...holes.map(({ last }) => last));
    const latest = events.filter(({ seq, unlogged }) => seq > complete && !unlogged)
      .slice(-MAX_EVENTS);
    characters += latest.reduce((sum, { body }) => sum + body.length + 100, 0);
    if (characters > MAX_CHARACTERS) break;
    copies.push({ room: name, topic, lastSeq: live, events: latest });
  }
  return copies;
}

/** Parses stored copies; none if there are none or another version wrote them. */
export function parseCopies(text: string | null): readonly RoomCopy[] {
  try {
    const copies = JSON.parse(text ?? "[]");
    return Array.isArray(copies) && copies.every(isCopy) ? copies : [];
  } catch {
    return [];
  }
}

function isCopy({ room, topic, lastSeq, events }: RoomCopy): boolean {
  return typeof room === "string" && typeof topic === "string" && Number.isSafeInteger(lastSeq) &&
    Array.isArray(events) &&
    events.every(({ seq, at, from, body }: EventJson) =>
      Number.isSafeInteger(seq) && [at, from, body].every((text) => typeof text === "string")
    );
}
