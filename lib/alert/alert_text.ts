/**
 * The text of an alert: a notice in a room, and the JSON for a webhook.
 *
 * @module
 */

import { type EventJson, toEventJson } from "../domain/event_json.ts";
import { readableBody } from "../domain/redaction.ts";
import type { Draft, RoomEvent } from "../domain/room_event.ts";
import { onOneLine } from "../domain/text/block.ts";
import { printedText } from "../domain/text/printed_text.ts";
import { groupDigits, happening } from "../domain/wording.ts";
import type { AlertRule, Sighting } from "./alert_rule.ts";

/** The `via` of alert notices. Events with it never trigger an alert. */
export const ALERT_VIA = "alert";

/** The text of an event is cut to this many characters in a notice. */
const QUOTED_CHARACTERS = 300;
/** In JSON the text is cut to this many characters; longer fields are left out. */
const JSON_CHARACTERS = 16_384;

/** The JSON sent to a webhook. */
export interface AlertJson {
  /** The alert's name. */
  readonly alert: string;
  readonly query: string;
  /** The number of events since the last notice. */
  readonly count: number;
  /** The text of the notice, for services that show text. */
  readonly text: string;
  /** The latest of the events, without fields if they are very long. */
  readonly event: EventJson;
}

/** The notice: `Alert disk, 38 times, the latest: log#419 make| ...`. */
export function alertText({ name }: AlertRule, { count, event }: Sighting): string {
  const times = count === 1 ? "" : `, ${groupDigits(count)} times, the latest`;
  return `Alert ${name}${times}: ${event.room}#${event.seq} ${quoted(event)}`;
}

/** The notice as an event of `room`. */
export function alertDraft(rule: AlertRule, room: string, sighting: Sighting): Draft {
  const { id, room: seenIn, seq } = sighting.event;
  return {
    room,
    kind: "notice",
    from: "server",
    via: ALERT_VIA,
    body: alertText(rule, sighting),
    fields: { alert: rule.name, count: sighting.count, room: seenIn, seq, id },
  };
}

/** The JSON for a webhook. */
export function alertJson(rule: AlertRule, sighting: Sighting): AlertJson {
  const { fields, body, ...event } = toEventJson(sighting.event);
  const isShort = fields && JSON.stringify(fields).length <= JSON_CHARACTERS;
  return {
    alert: rule.name,
    query: rule.query,
    count: sighting.count,
    text: alertText(rule, sighting),
    event: { ...event, body: cut(body, JSON_CHARACTERS), ...(isShort ? { fields } : {}) },
  };
}

/** The event as people in its room see it. */
function quoted(event: RoomEvent): string {
  const { kind, from } = event;
  const text = cut(onOneLine(printedText(readableBody(event))), QUOTED_CHARACTERS);
  switch (kind) {
    case "message":
      return `<${from}> ${text}`;
    case "log":
      return `${from}| ${text}`;
    case "action":
      return `* ${from} ${text}`;
    default:
      return `* ${happening(event, text)}`;
  }
}

/** Cuts a text, but never between two surrogates. */
function cut(text: string, characters: number): string {
  return text.length <= characters
    ? text
    : `${text.slice(0, characters - 1).replace(/[\ud800-\udbff]$/, "")}\u2026`;
}
