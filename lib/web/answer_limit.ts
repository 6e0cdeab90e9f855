/**
 * Limits the text in one answer, because log lines can be long.
 *
 * @module
 */

import type { HistoryPlace } from "../domain/history/read_talk.ts";
import type { Stretch } from "../domain/history/room_history.ts";

/** Most characters of text in one answer, unless its first event alone is longer. */
const MOST_CHARACTERS = 256 * 1024;

/**
 * Drops events from a stretch until it fits, those furthest from the requested place first.
 *
 * @returns The rest, between the numbers that a reader asks for next.
 */
export function fitIntoAnswer(stretch: Stretch, place: HistoryPlace): Stretch {
  const { events } = stretch;
  const isOnward = place.after !== undefined;
  const isAround = place.around !== undefined;
  let characters = events.reduce((sum, { body }) => sum + body.length, 0);
  let start = 0;
  let end = events.length;
  while (characters > MOST_CHARACTERS && end - start > 1) {
    const dropsLast = isOnward ||
      (isAround && events[end - 1].seq - place.around! > place.around! - events[start].seq);
    characters -= events[dropsLast ? --end : start++].body.length;
  }
  return {
    after: start === 0 ? stretch.after : events[start].seq - 1,
    before: end === events.length ? stretch.before : events[end - 1].seq + 1,
    events: events.slice(start, end),
  };
}
