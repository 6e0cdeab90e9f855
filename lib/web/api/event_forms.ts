/**
 * The forms in which the web sends many events at once, written by the threads that read the log.
 *
 * @module
 */

import type { EventForms } from "../../domain/history/room_history.ts";
import { EVENT_FORMATS, eventJson } from "../../service/chat/text/event_format.ts";

export const EVENT_FORMS = {
  jsonl: EVENT_FORMATS.jsonl.line,
  text: EVENT_FORMATS.text.line,
  csv: EVENT_FORMATS.csv.line,
  /** Server-sent events. JSON contains no line end, so one `data` line holds the whole event. */
  stream: (event) => `id: ${event.seq}\ndata: ${eventJson(event)}\n\n`,
} as const satisfies EventForms;
