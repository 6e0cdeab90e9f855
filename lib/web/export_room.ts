/**
 * All that a room's log holds, page by page, as fast as it is read and no faster.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { RoomHistory } from "../domain/message_log.ts";
import { log as diagnostics } from "../log.ts";
import { EVENT_FORMATS, type Format } from "../service/chat/event_format.ts";

/** Events read at a time. */
const PAGE_EVENTS = 200;

/** The forms of an export, and what they are called on the web. */
export const EXPORT_FORMATS = {
  jsonl: { type: "application/jsonl; charset=utf-8", extension: "jsonl" },
  text: { type: "text/plain; charset=utf-8", extension: "txt" },
  csv: { type: "text/csv; charset=utf-8; header=present", extension: "csv" },
} as const satisfies Record<Format, { readonly type: string; readonly extension: string }>;

/** The events with `after < seq < before` in pieces: the bytes that the command line exports, too. */
export async function* exportRoom(
  log: RoomHistory,
  room: string,
  { after, before }: { readonly after: number; readonly before: number },
  format: Format,
): AsyncGenerator<Uint8Array> {
  const { header, line } = EVENT_FORMATS[format];
  const encoder = new TextEncoder();
  if (header !== "") yield encoder.encode(header);
  let end = after;
  try {
    for (;;) {
      const page = (await log.read(room, end, PAGE_EVENTS)).filter(({ seq }) => seq < before);
      if (page.length === 0) return;
      yield encoder.encode(page.map(line).join(""));
      end = page[page.length - 1].seq;
      // The log answers at once: without a pause nobody else would have a turn.
      await setImmediate();
    }
  } catch (error) {
    diagnostics("web").error("Cannot read the log for an export: {error}", { error });
    throw error;
  }
}
