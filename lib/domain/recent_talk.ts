/**
 * The last things said in a room, when thousands may have joined and left since.
 *
 * @module
 */

import type { RoomHistory } from "./message_log.ts";
import { removedThrough } from "./retention_gap.ts";
import { isArrivalOrDeparture, type RoomEvent } from "./room_event.ts";

/** Things said that a room keeps in memory for people who join. */
export const RECENT_LIMIT = 20;
const LARGEST_PAGE = 1024;

/** The last {@linkcode RECENT_LIMIT} events of a room, joins and parts left out. */
export class RecentTalk {
  /** A few more than the limit, so that they are not moved for every event. */
  #events: RoomEvent[] = [];

  /** In order. */
  get events(): readonly RoomEvent[] {
    return this.#events.slice(-RECENT_LIMIT);
  }

  add(events: readonly RoomEvent[]): void {
    for (const event of events) {
      if (isArrivalOrDeparture(event)) continue;
      if (event.kind === "gap") this.#forgetRemoved(event);
      this.#events.push(event);
    }
    if (this.#events.length > 4 * RECENT_LIMIT) this.#events = this.#events.slice(-RECENT_LIMIT);
  }

  /** Puts earlier events before those added meanwhile. */
  restore(past: readonly RoomEvent[]): void {
    const firstSeq = this.#events[0]?.seq ?? Infinity;
    this.#events = [...past.filter(({ seq }) => seq < firstSeq), ...this.#events];
  }

  /** What the log no longer keeps is not shown to people who join either. */
  #forgetRemoved(gap: RoomEvent): void {
    const last = removedThrough(gap);
    if (last !== undefined) this.#events = this.#events.filter(({ seq }) => seq > last);
  }
}

/**
 * The last `count` events of a room with a `seq` below `before`, in order, joins and parts left out.
 *
 * Reads backwards in pages that grow: most rooms answer from the first page, and no single read
 * takes long. Stops where retention has removed the rest.
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
    // A page that does not begin where it should is the first that is left.
    const isFirst = page[0]?.seq !== after + 1;
    const talk = page.filter((event) => event.seq <= end && !isArrivalOrDeparture(event));
    found += talk.length;
    pages.unshift(talk);
    end = isFirst ? 0 : after;
  }
  return pages.flat().slice(-count);
}
