/**
 * The pinned events of a room. They follow from its events of kinds `pin` and `unpin`, in their
 * order.
 *
 * @module
 */

import { redactedNumber } from "../redaction.ts";
import { namedNumber, type RoomEvent } from "../room_event.ts";

/** Most pinned events of a room. */
export const MOST_PINS = 50;

/** Most characters of each event in a list of pins, which could be megabytes otherwise. */
export const MOST_PIN_CHARACTERS = 1000;

/** A pinned event. */
export interface Pin {
  readonly seq: number;
  /** Who pinned it. */
  readonly by: string;
  /** When, milliseconds since 1970. */
  readonly at: number;
}

/** A pin as it is shown. */
export interface ShownPin extends Pin {
  /** The pinned event, {@linkcode abridged}; absent if it is no longer kept. */
  readonly event?: RoomEvent;
}

/** Shortens an event for a list: cuts a long text, which then ends in `…`, and drops long fields. */
export function abridged(event: RoomEvent): RoomEvent {
  const { body, fields } = event;
  const isLong = body.length > MOST_PIN_CHARACTERS;
  const hasLongFields = fields !== undefined && JSON.stringify(fields).length > MOST_PIN_CHARACTERS;
  if (!isLong && !hasLongFields) return event;
  return {
    ...event,
    ...(isLong && { body: cut(body) }),
    ...(hasLongFields && { fields: undefined }),
  };
}

/** Cuts the text without splitting a surrogate pair. */
function cut(body: string): string {
  return `${body.slice(0, MOST_PIN_CHARACTERS - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** The pins after one more event, the latest last; the same array if it changes nothing. */
export function withPin(pins: readonly Pin[], event: RoomEvent): readonly Pin[] {
  const { kind, from: by, at } = event;
  // A redacted event has no text left to look up.
  const removed = kind === "unpin" ? namedNumber(event) : redactedNumber(event);
  if (removed !== undefined) {
    const rest = pins.filter(({ seq }) => seq !== removed);
    return rest.length < pins.length ? rest : pins;
  }
  const added = kind === "pin" ? namedNumber(event) : undefined;
  if (added === undefined || pins.length >= MOST_PINS || isPinned(pins, added)) return pins;
  return [...pins, { seq: added, by, at }];
}

/** Whether an event of the room is pinned. @param number Its `seq`. */
export function isPinned(pins: readonly Pin[], number: number): boolean {
  return pins.some(({ seq }) => seq === number);
}
