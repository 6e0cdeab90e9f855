/**
 * Adds the word for their level to log lines, for people who follow a log: not all terminals have
 * colours.
 *
 * @module
 */

import type { RoomEvent } from "../../../domain/room_event.ts";
import { levelOfEvent } from "../../../domain/search/event_matcher.ts";
import { printedText } from "../../../domain/text/printed_text.ts";
import { levelOf, LEVELS } from "../../../level.ts";

/** The least severe level that gets a word, as on the page. */
const LEAST = LEVELS.indexOf("warning");
const FIRST_WORD = /^\W*(\w+)/;

/** Puts the level in front of a warning or anything more severe, unless the text says it already. */
export function withLevelWord(event: RoomEvent): RoomEvent {
  const level = levelOfEvent(event);
  if (level === undefined || LEVELS.indexOf(level) > LEAST) return event;
  // Text that a carriage return overwrites does not count as saying it.
  const text = printedText(event.body);
  const isSaid = levelOf(FIRST_WORD.exec(text)?.[1]) === level;
  return isSaid ? event : { ...event, body: `${level} ${text}` };
}
