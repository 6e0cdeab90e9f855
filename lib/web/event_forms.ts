/**
 * What the web sends many events as, written in the threads that read the log.
 *
 * @module
 */

import type { EventForms } from "../domain/history_reader.ts";
import { EVENT_FORMATS } from "../service/chat/event_format.ts";

export const EVENT_FORMS: EventForms = {
  jsonl: EVENT_FORMATS.jsonl.line,
  text: EVENT_FORMATS.text.line,
  csv: EVENT_FORMATS.csv.line,
};
