/**
 * Log lines with the word for their level, for those who follow a log: not all terminals have
 * colours.
 *
 * @module
 */

import { levelOfEvent } from "../../domain/event_matcher.ts";
import { printedText } from "../../domain/printed_text.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import { levelOf, LEVELS } from "../../level.ts";

/** The level below which lines get no word, as on the page. */
const LEAST = LEVELS.indexOf("warning");
const FIRST_WORD = /^\W*(\w+)/;

/** The line beginning with its level, if that is a warning or graver and the text does not say it. */
export function withLevelWord(event: RoomEvent): RoomEvent {
  const level = levelOfEvent(event);
  if (level === undefined || LEVELS.indexOf(level) > LEAST) return event;
  // What a carriage return overwrites is not the word.
  const text = printedText(event.body);
  const isSaid = levelOf(FIRST_WORD.exec(text)?.[1]) === level;
  return isSaid ? event : { ...event, body: `${level} ${text}` };
}
