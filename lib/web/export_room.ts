/**
 * All that a room's log holds, piece by piece, as fast as it is taken and no faster.
 *
 * @module
 */

import { DomainError } from "../domain/domain_error.ts";
import type { RoomHistory, SeqRange } from "../domain/room_history.ts";
import { log as diagnostics } from "../log.ts";
import { EVENT_FORMATS, type Format } from "../service/chat/event_format.ts";

/** The forms of an export, and what they are called on the web. */
export const EXPORT_FORMATS = {
  jsonl: { type: "application/jsonl; charset=utf-8", extension: "jsonl" },
  text: { type: "text/plain; charset=utf-8", extension: "txt" },
  csv: { type: "text/csv; charset=utf-8; header=present", extension: "csv" },
} as const satisfies Record<Format, { readonly type: string; readonly extension: string }>;

/** The events of a range in pieces: the bytes that the command line exports, too. */
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
    // What keeps the log from being read is on record already.
    if (!(error instanceof DomainError)) {
      diagnostics("web").error("Cannot export a room: {error}", { error });
    }
    throw error;
  }
}
