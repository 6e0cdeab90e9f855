import type { RoomHistory } from "../../lib/domain/history/room_history.ts";
import type { RoomEvent } from "../../lib/domain/room_event.ts";

/** The next `limit` events of a room after a number, read with as many calls as necessary. */
export async function readEvents(
  history: RoomHistory,
  room: string,
  after: number,
  limit: number,
): Promise<RoomEvent[]> {
  const all: RoomEvent[] = [];
  while (all.length < limit) {
    const page = await history.read(room, all.at(-1)?.seq ?? after, limit - all.length);
    if (page.length === 0) break;
    all.push(...page);
  }
  return all;
}
