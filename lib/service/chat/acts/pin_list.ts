/**
 * The pins of a room in words.
 *
 * @module
 */

import { beginningOf } from "../../../domain/acts/about.ts";
import type { ShownPin } from "../../../domain/acts/pins.ts";
import { dayAndTime } from "../../../domain/wording.ts";
import type { ChatSession } from "../chat_session.ts";
import { sentence } from "../text/sentence.ts";

/** Shows the pins of a room, one on a line. */
export async function showPins(person: ChatSession, room: string): Promise<void> {
  const pins = await person.sees.pins(room);
  if (pins.length === 0) person.notice(`Nothing is pinned in #${room}. /pin #SEQ pins a message.`);
  for (const pin of pins) person.notice(pinText(pin));
}

function pinText({ seq, by, at, event }: ShownPin): string {
  // There may be many, and each may be as long as a block.
  const what = event
    ? ` ${sentence({ ...event, body: beginningOf(event.body) })}`
    : " is no longer kept";
  return `#${seq}${what} (pinned by ${by}, ${dayAndTime(at)})`;
}
