/**
 * Events of rooms in which `no-log` is on. They are numbered and delivered like all others, but the
 * log gets only their number, time and kind: neither the text nor the sender is written anywhere.
 *
 * Reading them back gives a `gap` for each stretch of them.
 *
 * @module
 */

import type { Draft, RoomEvent, RoomEventKind } from "./room_event.ts";
import { countText } from "./wording.ts";

/** Stands for the sender. No nickname has parentheses. */
const NO_NAME = "(not kept)";
const REASON = "no-log";
/** What the server records of its own accord: losses, and acts of moderation. */
const ALWAYS_LOGGED: readonly RoomEventKind[] = ["gap", "notice", "moderation", "redaction"];

/** The draft, marked if it is of a kind that a room with `no-log` does not keep. */
export function withoutLog(draft: Draft): Draft {
  return ALWAYS_LOGGED.includes(draft.kind) ? draft : { ...draft, isUnlogged: true };
}

/** The events as the log and everybody who comes later get them; usually the same array. */
export function loggedForms(events: readonly RoomEvent[]): readonly RoomEvent[] {
  return events.some(({ isUnlogged }) => isUnlogged) ? events.map(loggedForm) : events;
}

/** The event as the log has it; usually the same. */
export function loggedForm(event: RoomEvent): RoomEvent {
  if (!event.isUnlogged) return event;
  const { id, room, seq, at, kind } = event;
  return { id, room, seq, at, kind, from: NO_NAME, body: "", fields: { reason: REASON } };
}

/** Whether an event, read from the log, has no text because the room kept none. */
export function isUnkept(
  { from, body, fields }: Pick<Draft, "body" | "fields"> & Partial<Pick<Draft, "from">>,
): boolean {
  return body === "" && from === NO_NAME && fields?.reason === REASON;
}

/**
 * Puts one `gap` in the place of each stretch of events that were not kept. It has the numbers and
 * the time of the last of them.
 *
 * @param apart The number of an event that gets a gap of its own.
 * @returns The same array if there are none.
 */
export function withUnkeptAsGaps(
  events: readonly RoomEvent[],
  apart?: number,
): readonly RoomEvent[] {
  if (!events.some(isUnkept)) return events;
  const told: RoomEvent[] = [];
  for (const event of events) {
    const before = told.at(-1);
    if (!isUnkept(event)) told.push(event);
    else if (!before || !isUnkept(before) || event.seq === apart || before.seq === apart) {
      told.push(toGap(event));
    } else told[told.length - 1] = toGap(event, before);
  }
  return told;
}

/** What people read about events that were not kept. */
export function unkeptText({ fields }: Pick<Draft, "fields">): string {
  const { count, first, last } = fields ?? {};
  const why = "because no-log was on";
  if (typeof count !== "number" || count === 1) return `1 event was not kept, ${why}`;
  return `${countText(count, "event")}, #${first} to #${last}, were not kept, ${why}`;
}

/** @param before A gap that it continues. */
function toGap(event: RoomEvent, before?: RoomEvent): RoomEvent {
  const count = countOf(event) + (before ? countOf(before) : 0);
  const first = before?.fields?.first ?? event.fields?.first ?? event.seq;
  return { ...event, kind: "gap", fields: { reason: REASON, count, first, last: event.seq } };
}

function countOf({ fields }: RoomEvent): number {
  return typeof fields?.count === "number" ? fields.count : 1;
}
