/**
 * The option for the format of exports.
 *
 * @module
 */

import { FORMATS } from "../../service/chat/text/event_format.ts";

export const FORMAT_OPTION = {
  name: "format",
  kind: "choice",
  choices: FORMATS,
  default: "jsonl",
  doc: "jsonl keeps everything as it is, text is for people, csv for spreadsheets",
} as const;
