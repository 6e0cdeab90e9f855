/**
 * Where stores keep what follows from reactions and pins: as values of the state, so that they are
 * found without looking through the log, and change in the transaction that stores the events.
 *
 * @module
 */

import { nameKey } from "../name.ts";
import { redactedNumber } from "../redaction.ts";
import { isReaction, namedNumber, type Reaction, type RoomEvent } from "../room_event.ts";
import { type Pin, withPin } from "./pins.ts";
import { withReaction } from "./reactions.ts";

/** The service of the reactions to events, by {@linkcode reactionsKey}. */
export const REACTIONS_SERVICE = "reactions";
/** The service of the pins of rooms, by key of the room. */
export const PINS_SERVICE = "pins";

const DIGITS = 16;
/** Instead of the reactions to an event that was redacted: it can have no more. */
const NONE_ANY_MORE = "redacted";

/** The key of an event's reactions. Keys of one room are in the order of the numbers. */
export function reactionsKey(room: string, seq: number): string {
  return `${nameKey(room)}#${String(seq).padStart(DIGITS, "0")}`;
}

/** The number of the event that a key is about. */
export function numberOfKey(key: string): number {
  return Number(key.slice(-DIGITS));
}

/** The reactions that a value holds. */
export function parseReactions(value: string | undefined): readonly Reaction[] {
  return value === undefined || value === NONE_ANY_MORE ? [] : JSON.parse(value);
}

/** The pins that a value holds, the latest last. */
export function parsePins(value: string | undefined): readonly Pin[] {
  return value === undefined ? [] : JSON.parse(value);
}

/** Whether an event changes reactions or pins. */
export function changesActs({ kind }: Pick<RoomEvent, "kind">): boolean {
  return kind === "react" || kind === "unreact" || kind === "pin" || kind === "unpin" ||
    kind === "redaction";
}

/** A value before and after events. */
interface Value {
  readonly service: string;
  readonly key: string;
  readonly was: string | undefined;
  text: string | undefined;
}

/**
 * What becomes of the values by events, in order.
 *
 * @param events Others than {@linkcode changesActs} says are ignored.
 * @param read Reads a value as it was before the first of them.
 * @returns The changed values; `null` for those to remove.
 */
export function changedActs(
  events: readonly RoomEvent[],
  read: (service: string, key: string) => string | undefined,
): { readonly service: string; readonly key: string; readonly value: string | null }[] {
  const values = new Map<string, Value>();
  const valueOf = (service: string, key: string) => {
    const id = `${service} ${key}`;
    let value = values.get(id);
    if (!value) {
      const was = read(service, key);
      values.set(id, value = { service, key, was, text: was });
    }
    return value;
  };
  for (const event of events) {
    const of = namedNumber(event);
    if (of === undefined || !changesActs(event)) continue;
    const isRedaction = redactedNumber(event) !== undefined;
    if (isRedaction || isReaction(event)) {
      const value = valueOf(REACTIONS_SERVICE, reactionsKey(event.room, of));
      if (isRedaction) value.text = NONE_ANY_MORE;
      else if (value.text !== NONE_ANY_MORE) {
        value.text = textOf(withReaction(parseReactions(value.text), event));
      }
    }
    if (isReaction(event)) continue;
    const value = valueOf(PINS_SERVICE, nameKey(event.room));
    value.text = textOf(withPin(parsePins(value.text), event));
  }
  return [...values.values()].filter(({ was, text }) => was !== text)
    .map(({ service, key, text }) => ({ service, key, value: text ?? null }));
}

function textOf(values: readonly unknown[]): string | undefined {
  return values.length === 0 ? undefined : JSON.stringify(values);
}
