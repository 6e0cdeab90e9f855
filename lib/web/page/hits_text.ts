/**
 * What a search has found as text, in the forms that the server's export has.
 *
 * @module
 */

import type { EventJson, HitJson } from "../protocol.ts";
import { visibleText } from "./text_parts.ts";

/** The events that were found and those around them, each once, from the oldest to the newest. */
export function hitsText(hits: readonly HitJson[], format: "jsonl" | "text"): string {
  const events = new Map<number, EventJson>();
  for (const { before, event, after } of hits) {
    for (const each of [...before, event, ...after]) events.set(each.id, each);
  }
  const lines = [...events.values()].sort((one, other) => one.id - other.id)
    .map((event) => format === "jsonl" ? JSON.stringify(event) : textLine(event));
  return lines.map((line) => `${line}\n`).join("");
}

function textLine({ at, room, seq, kind, from, body }: EventJson): string {
  // An event is a line here, though it may have been several.
  const text = visibleText(body).replaceAll("\n", "␊");
  const sentence = kind === "message"
    ? `<${from}> ${text}`
    : kind === "log"
    ? `${visibleText(from)}| ${text}`
    : `* ${from} ${text}`;
  return `${at} ${room}#${seq} ${sentence}`;
}
