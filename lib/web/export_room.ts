/**
 * All that a room's log holds, page by page, as fast as it is read and no faster.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { eventToJson } from "../domain/event_json.ts";
import type { MessageLog } from "../domain/message_log.ts";
import type { RoomEvent } from "../domain/room_event.ts";
import { log as diagnostics } from "../log.ts";
import { sentence } from "../service/chat/event_text.ts";

/** Events read at a time. */
const PAGE_EVENTS = 200;

/** How an export is written, and what that is called. */
export const EXPORT_FORMATS = {
  jsonl: { type: "application/jsonl; charset=utf-8", write: eventToJson },
  text: {
    type: "text/plain; charset=utf-8",
    write: (event: RoomEvent) =>
      `${new Date(event.at).toISOString()} #${event.seq} ${sentence(event)}`,
  },
} as const;

export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** The events with `after < seq < before`, a line for each, in pieces. */
export async function* exportRoom(
  log: MessageLog,
  room: string,
  { after, before }: { readonly after: number; readonly before: number },
  format: ExportFormat,
): AsyncGenerator<Uint8Array> {
  const { write } = EXPORT_FORMATS[format];
  const encoder = new TextEncoder();
  let end = after;
  try {
    for (;;) {
      const page = (await log.read(room, end, PAGE_EVENTS)).filter(({ seq }) => seq < before);
      if (page.length === 0) return;
      yield encoder.encode(page.map((event) => `${write(event)}\n`).join(""));
      end = page[page.length - 1].seq;
      // The log answers at once: without a pause nobody else would have a turn.
      await setImmediate();
    }
  } catch (error) {
    diagnostics("web").error("Cannot read the log for an export: {error}", { error });
    throw error;
  }
}
