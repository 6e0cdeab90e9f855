/**
 * One page of search results, ready to be shown.
 *
 * @module
 */

import { phrasesOf } from "../../../domain/event_matcher.ts";
import { isSilent, type RoomEvent } from "../../../domain/room_event.ts";
import type { SearchHit, SearchOptions, SearchResult } from "../../../domain/search.ts";
import type { SearchQuery } from "../../../domain/search_query.ts";
import { snippetOf } from "../../../domain/snippet.ts";
import { dayAndTime } from "../../../domain/wording.ts";
import type { LogReader } from "../log_reader.ts";
import type { LogSearcher, SearchEnd, SearchLimits } from "./log_searcher.ts";

/** A search request without its query. */
export type PageRequest = Pick<SearchOptions, "before" | "limit" | "context" | "scope">;

/** Searches until the page is full or time has run out; yields at the end of every slice. */
export function* searchPage(
  { searcher, reader }: { readonly searcher: LogSearcher; readonly reader: LogReader },
  query: SearchQuery,
  { before, limit, context, scope }: PageRequest,
  limits: Omit<SearchLimits, "before" | "scope">,
): Generator<void, SearchResult> {
  const events: RoomEvent[] = [];
  const steps = searcher.steps(query, { before, scope, ...limits });
  let end: SearchEnd = {};
  try {
    for (;;) {
      const { done, value } = steps.next();
      if (done) {
        end = value;
        break;
      }
      if (!value) {
        yield;
      } else if (events.length === limit) {
        end = { stoppedAt: events[limit - 1].id };
        break;
      } else {
        events.push(value);
      }
    }
  } finally {
    steps.return({});
  }
  const phrases = phrasesOf(query);
  return {
    hits: events.map((event): SearchHit => ({
      event,
      snippet: snippetOf(event, phrases),
      ...neighbours(reader, event, context),
    })),
    next: end.stoppedAt,
    note: events.length < limit && end.stoppedAt !== undefined
      ? stopNote(limits.timeLimitMs, end.time)
      : undefined,
  };
}

/** The events just before and after one in the same room, without joins and parts. */
export function neighbours(
  reader: LogReader,
  { room: name, seq }: RoomEvent,
  count: number,
): { before: RoomEvent[]; after: RoomEvent[] } {
  const room = count > 0 ? reader.room(name) : undefined;
  if (!room) return { before: [], after: [] };
  // More than `count`, because joins and parts are left out.
  const reach = count * 4 + 16;
  const said = (first: number, last: number) =>
    reader.range(room.id, first, last).filter((event) => !isSilent(event));
  return {
    before: said(seq - reach, seq - 1).slice(-count),
    after: said(seq + 1, seq + reach).slice(0, count),
  };
}

/** The sentence for a search that ran out of time. */
export function stopNote(timeLimitMs: number, time: number | undefined): string {
  const back = time === undefined ? "" : `, having searched back to ${dayAndTime(time)}`;
  return `Stopped after ${timeLimitMs / 1000} s${back}. Add a word or filter to speed it up.`;
}
