/**
 * Exports a room's log, piece by piece, no faster than the pieces are taken.
 *
 * @module
 */

import type { PermittedRooms } from "../../domain/archive/permitted_rooms.ts";
import { DomainError } from "../../domain/domain_error.ts";
import type { SeqRange } from "../../domain/history/room_history.ts";
import { log as diagnostics } from "../../log.ts";
import { encodedPieces } from "../../service/chat/text/encoded_pieces.ts";
import type { Format } from "../../service/chat/text/event_format.ts";

/** The formats of an export, with their media types and file extensions. */
export const EXPORT_FORMATS = {
  jsonl: { type: "application/jsonl; charset=utf-8", extension: "jsonl" },
  text: { type: "text/plain; charset=utf-8", extension: "txt" },
  csv: { type: "text/csv; charset=utf-8; header=present", extension: "csv" },
} as const satisfies Record<Format, { readonly type: string; readonly extension: string }>;

/**
 * Exports a range of events, with the same bytes as an export on the command line. Resolves once
 * the first piece has been read.
 *
 * @throws {DomainError} if that cannot be read. A later failure breaks the stream off.
 */
export async function exportRoom(
  rooms: PermittedRooms,
  room: string,
  range: SeqRange,
  format: Format,
): Promise<ReadableStream<Uint8Array>> {
  const pieces = readPieces(rooms, room, range, format);
  const first = await pieces.next();
  return ReadableStream.from((async function* () {
    if (!first.done) yield first.value;
    yield* pieces;
  })());
}

async function* readPieces(
  ...[rooms, room, range, format]: Parameters<typeof exportRoom>
): AsyncGenerator<Uint8Array> {
  try {
    yield* encodedPieces(rooms, room, range, format);
  } catch (error) {
    // If the log cannot be read, the reason has been logged already.
    if (!(error instanceof DomainError)) {
      diagnostics("web").error("Cannot export a room: {error}", { error });
    }
    throw error;
  }
}
