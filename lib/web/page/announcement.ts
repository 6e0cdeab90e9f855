/**
 * Announcements by screen readers when messages arrive.
 *
 * @module
 */

import { readableBody } from "../../domain/redaction.ts";
import { isMessage, isSilent } from "../../domain/room_event.ts";
import { happening } from "../../domain/wording.ts";
import type { EventJson } from "../protocol.ts";
import { countOfEvents } from "./hole.ts";
import { shortened, unformatted, visibleText } from "./text_parts.ts";
import { countOf } from "./time_text.ts";

/** More messages than this are announced as a number. */
const MAX_MESSAGES = 3;
/** Characters announced of each message. */
const MAX_CHARACTERS = 200;

/** Announces events in a sentence or two; `""` if they are not worth interrupting for. */
export function announcementOf(events: readonly EventJson[]): string {
  const said = events.filter((event) => !isSilent(event));
  if (said.length === 0) return "";
  if (said.length <= MAX_MESSAGES) return said.map(sentenceOf).join(" ");
  const isLine = ({ kind }: EventJson) => kind === "log";
  const lines = countOfEvents(said.filter(isLine));
  const messages = said.filter((event) => !isLine(event)).length;
  const counts = [
    messages > 0 ? countOf(messages, "message") : "",
    lines > 0 ? countOf(lines, "log line") : "",
  ];
  return `${counts.filter((count) => count !== "").join(" and ")}.`;
}

/** One event as a sentence, for announcements and notifications. */
export function sentenceOf(event: EventJson): string {
  const { kind, from } = event;
  const body = readableBody(event);
  const text = shortened(isMessage(event) ? unformatted(body) : visibleText(body), MAX_CHARACTERS);
  switch (kind) {
    case "message":
    case "log":
      return `${from}: ${text}`;
    case "action":
      return `${from} ${text}`;
    case "notice":
    case "moderation":
    case "gap":
      return text;
    default:
      return `${happening(event, text)}.`;
  }
}
