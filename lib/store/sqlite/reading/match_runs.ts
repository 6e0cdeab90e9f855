/**
 * Finds the events of a few runs that match a query. Most runs match nothing, which their text tells
 * without being parsed.
 *
 * @module
 */

import { EventMatcher } from "../../../domain/search/event_matcher.ts";
import { isSilent, type RoomEvent } from "../../../domain/room_event.ts";
import type { Matches, RangeEnd, SeqRange } from "../../../domain/history/room_history.ts";
import { foldedRun } from "../../../domain/search/searchable_text.ts";
import type { SearchQuery } from "../../../domain/search/search_query.ts";
import { eventsOf, kindOf, type RunRow, textOf } from "../run_row.ts";

/**
 * The events of a range that match, at most `limit`, and the range that was looked at for them.
 *
 * @param rows All runs of the range, in order.
 */
export function matchRuns(
  rows: readonly RunRow[],
  room: string,
  range: SeqRange,
  query: SearchQuery,
  limit: number,
  end: RangeEnd,
): Matches {
  const isForward = end === "first";
  const matcher = new EventMatcher(query);
  const found: RoomEvent[] = [];
  const counts = { lines: 0, others: 0 };
  let edge: number | undefined;
  for (const row of isForward ? rows : rows.toReversed()) {
    const matching = matchesOf(row, room, matcher).filter(({ seq }) => isWithin(seq, range));
    const wanted = limit - found.length;
    const taken = isForward ? matching.slice(0, wanted) : matching.slice(-wanted).reverse();
    found.push(...taken);
    if (found.length === limit) edge = found[limit - 1].seq;
    count(counts, row, edge === undefined ? range : cutAt(edge, range, isForward));
    if (edge !== undefined) break;
  }
  const span = edge === undefined ? range : cutAt(edge, range, isForward);
  return { ...span, events: isForward ? found : found.reverse(), ...counts };
}

function matchesOf(row: RunRow, room: string, matcher: EventMatcher): RoomEvent[] {
  const head = { room, from: textOf(row.sender), kind: kindOf(row.kind), at: row.at };
  if (!matcher.admits(head)) return [];
  const text = row.fields === null ? row.bodies : `${row.bodies}\n${row.fields}`;
  if (!matcher.mayMatch(foldedRun(text))) return [];
  return eventsOf(row, room).filter((event) => matcher.matches(event));
}

function count(
  counts: { lines: number; others: number },
  row: RunRow,
  { after, before }: SeqRange,
): void {
  const kind = kindOf(row.kind);
  if (isSilent({ kind })) return;
  const first = Math.max(row.seq, after + 1);
  const last = Math.min(row.seq + row.count, before) - 1;
  counts[kind === "log" ? "lines" : "others"] += Math.max(0, last - first + 1);
}

/** The part of a range up to and with event `edge`. */
function cutAt(edge: number, { after, before }: SeqRange, isForward: boolean): SeqRange {
  return isForward ? { after, before: edge + 1 } : { after: edge - 1, before };
}

function isWithin(seq: number, { after, before }: SeqRange): boolean {
  return seq > after && seq < before;
}
