/**
 * An alert as it is told: a notice in a room, and the JSON of a webhook.
 *
 * @module
 */

import { type EventJson, toEventJson } from "../domain/event_json.ts";
import { happening } from "../domain/wording.ts";
import type { Draft, RoomEvent } from "../domain/room_event.ts";
import type { AlertRule, Sighting } from "./alert_rule.ts";

/** How notices of alerts come in. What comes in like this is no reason for an alert. */
export const ALERT_VIA = "alert";

/** Most characters of an event's text in a notice. */
const QUOTED_CHARACTERS = 300;
/** Most characters of an event's text in JSON, and of its fields. */
const JSON_CHARACTERS = 16_384;

/** What a webhook is sent. */
export interface AlertJson {
  /** The alert's name. */
  readonly alert: string;
  readonly query: string;
  /** How many events were found since the last time. */
  readonly count: number;
  /** The same as the notice in a room, for services that show text. */
  readonly text: string;
  /** The latest of the events; without its fields where those are very long. */
  readonly event: EventJson;
}

/** One line that says what was found: `Alert disk, 38 times, the latest: log#419 make| ...`. */
export function alertText({ name }: AlertRule, { count, event }: Sighting): string {
  const times = count === 1 ? "" : `, ${count.toLocaleString("en")} times, the latest`;
  return `Alert ${name}${times}: ${event.room}#${event.seq} ${quoted(event)}`;
}

/** The notice for `room`. */
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

/** As people in its room see it. */
function quoted(event: RoomEvent): string {
  const { kind, from, body } = event;
  const text = cut(body, QUOTED_CHARACTERS);
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

/** Never in the middle of a pair of surrogates. */
function cut(text: string, characters: number): string {
  return text.length <= characters
    ? text
    : `${text.slice(0, characters - 1).replace(/[\ud800-\udbff]$/, "")}\u2026`;
}
