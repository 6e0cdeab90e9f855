/**
 * A range of a room's log in a form for programs, piece by piece as the pieces are taken.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { PermittedRooms } from "../../../domain/archive/permitted_rooms.ts";
import type { SeqRange } from "../../../domain/history/room_history.ts";
import { EVENT_FORMATS, type Format } from "./event_format.ts";

const NOTHING = new Uint8Array();

/**
 * The events of a range, encoded by the threads that read the log.
 *
 * @param hasHeader Whether the first piece begins with the header of the format.
 * @throws {DomainError} if they cannot be read, or may be no longer.
 */
export async function* encodedPieces(
  rooms: PermittedRooms,
  room: string,
  { after, before }: SeqRange,
  format: Format,
  hasHeader = true,
): AsyncGenerator<Uint8Array> {
  let header = hasHeader ? new TextEncoder().encode(EVENT_FORMATS[format].header) : NOTHING;
  for (let start = after; start < before - 1;) {
    const piece = await rooms.encode(room, { after: start, before }, format);
    yield header.length > 0 ? concat([header, piece.bytes]) : piece.bytes;
    header = NOTHING;
    start = piece.before - 1;
  }
  if (header.length > 0) yield header;
}
