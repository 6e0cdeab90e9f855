/**
 * Reads what was said in a room, without joins and parts, for people who enter, look back or page
 * through it. Each function asks the log as often as necessary, for a bounded piece at a time.
 *
 * @module
 */

import type { RoomHistory, SeqRange, Stretch } from "./room_history.ts";
import type { RoomEvent } from "../room_event.ts";
import { withUnkeptAsGaps } from "../unlogged.ts";

/** Where to look: at most one of these; without any, at the end. */
export interface HistoryPlace {
  /** Right after this number. */
  readonly after?: number;
  /** Right before this number. */
  readonly before?: number;
  /** On both sides of this number, with the event itself. */
  readonly around?: number;
}

/** The last `count` things said in a room before number `before`, in order. */
export async function recentTalk(
  history: RoomHistory,
  room: string,
  { before, count }: { readonly before: number; readonly count: number },
): Promise<RoomEvent[]> {
  const pieces: (readonly RoomEvent[])[] = [];
  let found = 0;
  for (let end = before; end > 1 && found < count;) {
    const { after, events } = await history.talk(
      room,
      { after: 0, before: end },
      count - found,
      "last",
    );
    pieces.unshift(events);
    found += events.length;
    end = after + 1;
  }
  return pieces.flat();
}

/**
 * Finds where the last `count` things said before number `before` begin, and counts them.
 *
 * @param place.signal Once it is aborted, nothing more is read.
 * @returns The range that holds them.
 */
export async function findTalk(
  history: RoomHistory,
  room: string,
  { before, count, signal }: {
    readonly before: number;
    readonly count: number;
    readonly signal?: AbortSignal;
  },
): Promise<SeqRange & { readonly count: number }> {
  let found = 0;
  let end = before;
  while (end > 1 && found < count && !signal?.aborted) {
    const range = { after: 0, before: end };
    const piece = await history.countTalk(room, range, count - found, "last");
    found += piece.count;
    end = piece.after + 1;
  }
  return { after: Math.max(0, end - 1), before, count: found };
}

/**
 * Finds the range of `count` things said before and after number `around`, with that itself. What
 * is missing on one side comes from the other.
 *
 * @param place.lastSeq The room's last number.
 */
export async function findTalkAround(
  history: RoomHistory,
  room: string,
  { around, lastSeq, count }: {
    readonly around: number;
    readonly lastSeq: number;
    readonly count: number;
  },
): Promise<SeqRange> {
  const earlier = await findTalk(history, room, { before: around, count: count >> 1 });
  const wanted = count - earlier.count;
  let found = 0;
  let start = around - 1;
  while (start < lastSeq && found < wanted) {
    const range = { after: start, before: lastSeq + 1 };
    const piece = await history.countTalk(room, range, wanted - found, "first");
    found += piece.count;
    start = piece.before - 1;
  }
  const { after } = found < wanted
    ? await findTalk(history, room, { before: around, count: count - found })
    : earlier;
  return { after, before: start + 1 };
}

/**
 * Everything said in a range, in order, at most `limit` events at a time.
 *
 * @param signal Once it is aborted, nothing more is read.
 */
export async function* talkPages(
  history: RoomHistory,
  room: string,
  { after, before }: SeqRange,
  limit: number,
  signal?: AbortSignal,
): AsyncGenerator<readonly RoomEvent[]> {
  for (let start = after; start < before - 1 && !signal?.aborted;) {
    const stretch = await history.talk(room, { after: start, before }, limit, "first");
    if (stretch.events.length > 0) yield withUnkeptAsGaps(stretch.events);
    start = stretch.before - 1;
  }
}

/**
 * At most `limit` things said in a room. There may be fewer in the stretch, even none, if thousands
 * of people only joined and left.
 *
 * @param lastSeq The room's last number; nothing after it is returned.
 */
export async function readStretch(
  history: RoomHistory,
  room: string,
  lastSeq: number,
  { after, before, around }: HistoryPlace,
  limit: number,
): Promise<Stretch> {
  const end = lastSeq + 1;
  const readOn = (after: number, limit: number) =>
    history.talk(
      room,
      { after: Math.max(0, Math.min(after, lastSeq)), before: end },
      limit,
      "first",
    );
  const readBack = (before: number, limit: number) =>
    history.talk(room, { after: 0, before: Math.max(1, Math.min(before, end)) }, limit, "last");
  if (after !== undefined) return await readOn(after, limit);
  if (around === undefined) return await readBack(before ?? end, limit);
  const later = await readOn(around - 1, Math.ceil(limit / 2));
  const rest = Math.max(limit - later.events.length, limit >> 1);
  if (rest === 0) return later;
  const earlier = await readBack(around, rest);
  return { ...later, after: earlier.after, events: [...earlier.events, ...later.events] };
}

/** Counts the things said in the `most` events after number `after`. */
export async function countUnread(
  history: RoomHistory,
  room: string,
  lastSeq: number,
  { after, most }: { readonly after: number; readonly most: number },
): Promise<number> {
  const before = Math.min(lastSeq, after + most) + 1;
  return (await history.countTalk(room, { after, before }, most, "first")).count;
}
