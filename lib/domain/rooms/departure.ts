/**
 * What the log keeps of how somebody left a room: in fields, because anybody can leave with words
 * that look like the server's.
 *
 * @module
 */

import type { Cause, Draft, RoomEvent } from "../room_event.ts";

/** The fields of a `part`; `undefined` if somebody just left the room. */
export function departureFields(cause: Cause | undefined): Draft["fields"] {
  if (cause?.kind === "quit") return { quit: cause.isOwn ? "own" : "other" };
  if (cause?.kind !== "kick") return undefined;
  const { by, reason } = cause;
  return { kickedBy: by, ...(reason && { reason }) };
}

/** Why somebody left a room, also if the event was read back; `undefined` if they just did. */
export function departureOf({ kind, cause, fields }: RoomEvent): Cause | undefined {
  if (kind !== "part" || cause || !fields) return cause;
  const { quit, kickedBy: by, reason } = fields;
  if (quit === "own") return { kind: "quit", rooms: 1, isOwn: true };
  if (quit === "other") return { kind: "quit", rooms: 1 };
  if (typeof by !== "string") return undefined;
  return { kind: "kick", by, reason: typeof reason === "string" ? reason : "" };
}
