/**
 * The reactions to an event: who has which. They follow from the events of kinds `react` and
 * `unreact`, in their order, so that a store and a client that apply the same events agree.
 *
 * @module
 */

import { nameKey } from "../name.ts";
import { isReaction, namedNumber, type Reaction, type RoomEvent } from "../room_event.ts";

/** Most reactions to one event. */
export const REACTION_LIMITS = {
  /** Of one person. */
  person: 8,
  /** Different emoji. */
  emoji: 20,
  /** Of all people together. */
  all: 250,
} as const;

type ReactionEvent = Pick<RoomEvent, "kind" | "from" | "body">;

/** Whether somebody has a reaction. */
export function hasReaction(reactions: readonly Reaction[], emoji: string, name: string): boolean {
  return reactions.some((reaction) => reaction.emoji === emoji && isAmong(name, reaction.from));
}

/** Why there can be no further reaction of somebody, in a sentence; `undefined` if there can. */
export function whyTooMany(
  reactions: readonly Reaction[],
  emoji: string,
  name: string,
): string | undefined {
  const own = reactions.filter(({ from }) => isAmong(name, from)).length;
  if (own >= REACTION_LIMITS.person) {
    return `You have ${own} reactions there, which is the limit. Take one back first.`;
  }
  const all = reactions.reduce((sum, { from }) => sum + from.length, 0);
  if (all >= REACTION_LIMITS.all) return `It has ${all} reactions, which is the limit.`;
  const isNew = reactions.every((reaction) => reaction.emoji !== emoji);
  return isNew && reactions.length >= REACTION_LIMITS.emoji
    ? `It has ${reactions.length} different reactions, which is the limit. Use one of these.`
    : undefined;
}

/** The reactions after one more event; the same array if it changes nothing. */
export function withReaction(
  reactions: readonly Reaction[],
  { kind, from, body: emoji }: ReactionEvent,
): readonly Reaction[] {
  const isAdded = kind === "react";
  if (hasReaction(reactions, emoji, from) === isAdded) return reactions;
  if (isAdded && whyTooMany(reactions, emoji, from) !== undefined) return reactions;
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if (!known) return [...reactions, { emoji, from: [from] }];
  const names = isAdded
    ? [...known.from, from]
    : known.from.filter((name) => nameKey(name) !== nameKey(from));
  if (names.length === 0) return reactions.filter((reaction) => reaction !== known);
  return reactions.map((reaction) => reaction === known ? { emoji, from: names } : reaction);
}

/** An event, or its JSON, with what reactions change. */
type Reactable = Pick<RoomEvent, "seq" | "kind" | "from" | "body" | "fields" | "reactions">;

/**
 * Applies reactions to events of the same room.
 *
 * @param changes Other events are ignored.
 * @returns The same array if nothing changes; events are shared and never changed.
 */
export function withReactions<Event extends Reactable>(
  events: readonly Event[],
  changes: readonly Reactable[],
): readonly Event[] {
  let changed: Event[] | undefined;
  for (const change of changes) {
    const of = isReaction(change) ? namedNumber(change) : undefined;
    const index = of === undefined ? -1 : (changed ?? events).findIndex(({ seq }) => seq === of);
    if (index === -1) continue;
    const { reactions = [], ...event } = (changed ?? events)[index];
    const next = withReaction(reactions, change);
    if (next === reactions) continue;
    changed ??= [...events];
    changed[index] = (next.length === 0 ? event : { ...event, reactions: next }) as Event;
  }
  return changed ?? events;
}

function isAmong(name: string, names: readonly string[]): boolean {
  const key = nameKey(name);
  return names.some((other) => nameKey(other) === key);
}
