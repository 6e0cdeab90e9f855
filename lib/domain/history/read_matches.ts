/**
 * Reads what a query finds in a room. Each function asks the log as often as necessary, for a bounded
 * piece at a time, so that filtering costs only the threads that read the log.
 *
 * @module
 */

import type { RoomEvent } from "../room_event.ts";
import type { SearchQuery } from "../search/search_query.ts";
import type { HistoryPlace } from "./read_talk.ts";
import type { Matches, RangeEnd, RoomHistory, SeqRange, Stretch } from "./room_history.ts";

/** What to read, and how much of it at a time. */
export interface MatchReading {
  readonly history: Pick<RoomHistory, "matches">;
  /** The name of the room. */
  readonly room: string;
  readonly query: SearchQuery;
  /** Most events in a page. */
  readonly limit: number;
  /** Awaited before each page that is read. */
  turn?(): Promise<void> | undefined;
  /** Once it is aborted, nothing more is read. */
  readonly signal?: AbortSignal;
}

/**
 * Finds the range of the last `count` matches before number `before`.
 *
 * @param place.after Nothing up to this number is looked at. @default {0}
 */
export async function findMatches(
  { history, room, query, limit, turn, signal }: MatchReading,
  { after = 0, before, count }: {
    readonly after?: number;
    readonly before: number;
    readonly count: number;
  },
): Promise<SeqRange> {
  let found = 0;
  let end = before;
  while (end > after + 1 && found < count && !signal?.aborted) {
    await turn?.();
    const most = Math.min(limit, count - found);
    const page = await history.matches(room, { after, before: end }, query, most, "last");
    found += page.events.length;
    end = page.after + 1;
  }
  return { after: end - 1, before };
}

/** The matches in a range, in order; a page may have none. */
export async function* matchPages(
  { history, room, query, limit, turn, signal }: MatchReading,
  { after, before }: SeqRange,
): AsyncGenerator<Matches> {
  for (let start = after; start < before - 1 && !signal?.aborted;) {
    await turn?.();
    const page = await history.matches(room, { after: start, before }, query, limit, "first");
    yield page;
    start = page.before - 1;
  }
}

/** Pages that are read for one answer, of which each may find nothing. */
const MOST_PAGES = 8;

/**
 * The matches at a place in a room, at most `limit`, and the range that was looked at for them.
 * There may be fewer, even none, after tens of thousands of other events.
 *
 * @param lastSeq The room's last number; nothing after it is returned.
 */
export async function readMatches(
  reading: MatchReading,
  lastSeq: number,
  { after, before, around }: HistoryPlace,
): Promise<Stretch> {
  const end = lastSeq + 1;
  if (after !== undefined) {
    return await readOn(reading, { after: Math.min(after, lastSeq), before: end }, "first");
  }
  if (around === undefined) {
    return await readOn(reading, { after: 0, before: Math.min(before ?? end, end) }, "last");
  }
  const half = { ...reading, limit: Math.ceil(reading.limit / 2) };
  const middle = Math.max(1, Math.min(around, end));
  const earlier = await readOn(half, { after: 0, before: middle }, "last");
  const later = await readOn(half, { after: middle - 1, before: end }, "first");
  return {
    after: earlier.after,
    before: later.before,
    events: [...earlier.events, ...later.events],
  };
}

async function readOn(
  { history, room, query, limit }: MatchReading,
  range: SeqRange,
  end: RangeEnd,
): Promise<Stretch> {
  const isForward = end === "first";
  let { after, before } = range;
  let events: readonly RoomEvent[] = [];
  for (let page = 0; page < MOST_PAGES && after < before - 1 && events.length < limit; page++) {
    const found = await history.matches(room, { after, before }, query, limit - events.length, end);
    events = isForward ? [...events, ...found.events] : [...found.events, ...events];
    if (isForward) after = found.before - 1;
    else before = found.after + 1;
  }
  return isForward
    ? { after: range.after, before: after + 1, events }
    : { after: before - 1, before: range.before, events };
}

/** Counts what a filter has let through, and what it has not. */
export class FilterTally {
  shown = 0;
  hidden = 0;

  add({ events, lines, others }: Pick<Matches, "events" | "lines" | "others">): void {
    this.shown += events.length;
    // Events other than talk may be shown, but are not counted.
    this.hidden += Math.max(0, lines + others - events.length);
  }
}
