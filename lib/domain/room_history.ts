/**
 * A stretch of a room's past for somebody who pages through it: what was said, joins and parts
 * left out, and from where to where that is all.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { RoomHistory } from "./message_log.ts";
import { isArrivalOrDeparture, type RoomEvent } from "./room_event.ts";

/** Where to look: at most one of them; none means at the end. */
export interface HistoryPlace {
  /** Right after this number. */
  readonly after?: number;
  /** Right before this number. */
  readonly before?: number;
  /** On both sides of this number, which is among what is given. */
  readonly around?: number;
}

/** All that was said with `after < seq < before`. */
export interface Stretch {
  readonly after: number;
  readonly before: number;
  readonly events: readonly RoomEvent[];
}

/** Events read in one go. */
const PAGE_EVENTS = 200;
/** Events looked at for one stretch; it ends there if nobody said anything in so many. */
const MOST_EVENTS = 4000;

/**
 * At most `limit` things said in a room. The stretch may have fewer of them, even none, where
 * thousands only came and went.
 *
 * @param lastSeq The room's last number; nothing after it is given.
 */
export async function readStretch(
  log: RoomHistory,
  room: string,
  lastSeq: number,
  { after, before, around }: HistoryPlace,
  limit: number,
): Promise<Stretch> {
  if (after !== undefined) return await readOn(log, room, after, lastSeq, limit);
  if (around === undefined) return await readBack(log, room, before ?? Infinity, lastSeq, limit);
  const later = await readOn(log, room, around - 1, lastSeq, Math.ceil(limit / 2));
  const rest = limit - later.events.length;
  const earlier = await readBack(log, room, around, lastSeq, Math.max(rest, limit >> 1));
  return { ...later, after: earlier.after, events: [...earlier.events, ...later.events] };
}

/** How many things were said in the `most` events after number `after`. */
export async function countTalk(
  log: RoomHistory,
  room: string,
  lastSeq: number,
  after: number,
  most: number,
): Promise<number> {
  const end = Math.min(lastSeq, after + most);
  return (await readOn(log, room, after, end, most)).events.length;
}

async function readOn(
  log: RoomHistory,
  room: string,
  start: number,
  lastSeq: number,
  limit: number,
): Promise<Stretch> {
  const after = Math.max(0, Math.min(start, lastSeq));
  const events: RoomEvent[] = [];
  let end = after;
  for (let looked = 0; end < lastSeq && looked < MOST_EVENTS; looked += PAGE_EVENTS) {
    if (looked > 0) await setImmediate();
    const page = (await log.read(room, end, Math.min(PAGE_EVENTS, lastSeq - end)))
      .filter(({ seq }) => seq <= lastSeq);
    const said = page.filter((event) => !isArrivalOrDeparture(event));
    const isEnough = events.length + said.length >= limit;
    events.push(...said.slice(0, limit - events.length));
    if (isEnough) return { after, before: events[events.length - 1].seq + 1, events };
    // Where the log no longer has all, a page goes further than its length.
    end = Math.max(end + PAGE_EVENTS, page.at(-1)?.seq ?? 0);
  }
  return { after, before: Math.min(end, lastSeq) + 1, events };
}

async function readBack(
  log: RoomHistory,
  room: string,
  end: number,
  lastSeq: number,
  limit: number,
): Promise<Stretch> {
  const before = Math.max(1, Math.min(end, lastSeq + 1));
  if (limit === 0) return { after: before - 1, before, events: [] };
  const { firstSeq = 1 } = await log.room(room) ?? {};
  let events: RoomEvent[] = [];
  let start = before - 1;
  for (let looked = 0; start >= firstSeq && looked < MOST_EVENTS; looked += PAGE_EVENTS) {
    if (looked > 0) await setImmediate();
    const after = Math.max(0, start - PAGE_EVENTS);
    const said = (await log.read(room, after, start - after))
      .filter((event) => event.seq <= start && !isArrivalOrDeparture(event));
    const isEnough = events.length + said.length >= limit;
    events = [...said.slice(Math.max(0, said.length - (limit - events.length))), ...events];
    if (isEnough) return { after: events[0].seq - 1, before, events };
    start = after;
  }
  // What is not kept any more need not be asked for.
  return { after: start < firstSeq ? 0 : start, before, events };
}
