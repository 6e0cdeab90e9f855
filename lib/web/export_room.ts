/**
 * Exports a room's log, piece by piece, no faster than the pieces are taken.
 *
 * @module
 */

import { DomainError } from "../domain/domain_error.ts";
import type { RoomHistory, SeqRange } from "../domain/room_history.ts";
import { log as diagnostics } from "../log.ts";
import { EVENT_FORMATS, type Format } from "../service/chat/event_format.ts";

/** The formats of an export, with their media types and file extensions. */
export const EXPORT_FORMATS = {
  jsonl: { type: "application/jsonl; charset=utf-8", extension: "jsonl" },
  text: { type: "text/plain; charset=utf-8", extension: "txt" },
  csv: { type: "text/csv; charset=utf-8; header=present", extension: "csv" },
} as const satisfies Record<Format, { readonly type: string; readonly extension: string }>;

/** The events of a range in pieces, with the same bytes as an export on the command line. */
export async function* exportRoom(
  history: RoomHistory,
  room: string,
  { after, before }: SeqRange,
  format: Format,
): AsyncGenerator<Uint8Array> {
  const { header } = EVENT_FORMATS[format];
  if (header !== "") yield new TextEncoder().encode(header);
  try {
    for (let start = after; start < before - 1;) {
      const piece = await history.encode(room, { after: start, before }, format);
      yield piece.bytes;
      start = piece.before - 1;
    }
  } catch (error) {
    // If the log cannot be read, the reason has been logged already.
    if (!(error instanceof DomainError)) {
      diagnostics("web").error("Cannot export a room: {error}", { error });
    }
    throw error;
  }
}
