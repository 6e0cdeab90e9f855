/**
 * Shows a stretch of a room's past, page by page, for as long as it is wanted.
 *
 * @module
 */

import { talkPages } from "../../../domain/history/read_talk.ts";
import type { SeqRange } from "../../../domain/history/room_history.ts";
import type { ChatSession } from "../chat_session.ts";

/** Lines read and shown at a time, as long as the reader keeps up. */
const PAGE_LINES = 25;

/**
 * Shows what was said in a range of a room, with numbers and times.
 *
 * @param place.label Names the room, unless it is the person's current one.
 * @returns Whether all of it was shown.
 */
export async function showTalk(
  person: ChatSession,
  { room, label }: { readonly room: string; readonly label: string | undefined },
  range: SeqRange,
): Promise<boolean> {
  for await (const page of talkPages(person.sees, room, range, PAGE_LINES)) {
    await person.screen.turn();
    for (const event of page) {
      // Checked before each message: several long ones do not fit together.
      if (!await person.screen.ready()) return false;
      person.screen.showNumbered(event, label);
    }
  }
  return true;
}
