/**
 * What a screen reader is told of messages as they come.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import { visibleText } from "./text_parts.ts";
import { countOf } from "./time_text.ts";

/** Messages read out one by one; of more than that only the number is told. */
const READ_OUT = 3;
/** Characters read out of each. */
const LONGEST = 200;

/** The events in a sentence or two; `""` for nothing worth interrupting for. */
export function announcementOf(events: readonly EventJson[]): string {
  const said = events.filter(({ kind }) => kind !== "join" && kind !== "part");
  if (said.length === 0) return "";
  if (said.length <= READ_OUT) return said.map(sentenceOf).join(" ");
  const lines = said.filter(({ kind }) => kind === "log").length;
  const messages = said.length - lines;
  const counts = [
    messages > 0 ? countOf(messages, "message") : "",
    lines > 0 ? countOf(lines, "log line") : "",
  ];
  return `${counts.filter((count) => count !== "").join(" and ")}.`;
}

/** One event as it is read out, and as a notification shows it. */
export function sentenceOf({ kind, from, body }: EventJson): string {
  const text = shorten(visibleText(body));
  switch (kind) {
    case "message":
    case "log":
      return `${from}: ${text}`;
    case "action":
      return `${from} ${text}`;
    case "join":
      return `${from} joined.`;
    case "part":
      return `${from} left.`;
    case "topic":
      return body === "" ? `${from} cleared the topic.` : `${from} set the topic: ${text}`;
    case "notice":
    case "gap":
      return text;
  }
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
