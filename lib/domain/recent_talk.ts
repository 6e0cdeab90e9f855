/**
 * Finding the latest things said in a room, where thousands may have come and gone since.
 *
 * @module
 */

import type { RoomHistory } from "./message_log.ts";
import { isArrivalOrDeparture, type RoomEvent } from "./room_event.ts";

const LARGEST_PAGE = 1024;

/**
 * The last `count` events of a room numbered below `before`, in order, joins and parts left out.
 *
 * Goes back page by page, and the pages grow: most rooms answer from the first one, and no single
 * read holds up the server. It ends where the room's beginning is not kept any more.
 */
export async function recentTalk(
  log: RoomHistory,
  room: string,
  { before, count }: { before: number; count: number },
): Promise<RoomEvent[]> {
  const pages: RoomEvent[][] = [];
  let found = 0;
  let end = before - 1;
  for (let size = count + 10; end > 0 && found < count; size = Math.min(size * 4, LARGEST_PAGE)) {
    const after = Math.max(0, end - size);
    const page = await log.read(room, after, end - after);
    // Where a page does not begin where it should, there is nothing before it.
    const isFirst = page[0]?.seq !== after + 1;
    const talk = page.filter((event) => event.seq <= end && !isArrivalOrDeparture(event));
    found += talk.length;
    pages.unshift(talk);
    end = isFirst ? 0 : after;
  }
  return pages.flat().slice(-count);
}
