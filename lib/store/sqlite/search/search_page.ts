/**
 * One page of search results, ready to be shown.
 *
 * @module
 */

import { isSilent, type RoomEvent } from "../../../domain/room_event.ts";
import { phrasesOf } from "../../../domain/search/event_matcher.ts";
import type { SearchHit, SearchOptions, SearchResult } from "../../../domain/search/search.ts";
import type { SearchQuery } from "../../../domain/search/search_query.ts";
import { snippetOf } from "../../../domain/search/snippet.ts";
import type { Phrase } from "../../../domain/search/words.ts";
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
    hits: events.map((event) => hitOf(reader, event, phrases, context)),
    next: end.stoppedAt,
    note: events.length < limit && end.stoppedAt !== undefined
      ? stopNote(limits.timeLimitMs, end.time)
      : undefined,
  };
}

/** The hit for an event, with up to `context` events of the same room before and after it. */
export function hitOf(
  reader: LogReader,
  event: RoomEvent,
  phrases: readonly Phrase[],
  context: number,
): SearchHit {
  const snippet = snippetOf(event, phrases);
  const room = reader.room(event.room);
  if (!room) return { event, snippet, before: [], after: [] };
  const { seq } = event;
  // More than `context`, because joins and parts are left out.
  const reach = context === 0 ? 0 : context * 4 + 16;
  const said = (first: number, last: number) =>
    reader.range(room.id, first, last).filter((event) => !isSilent(event));
  const before = reach === 0 ? [] : said(seq - reach, seq - 1).slice(-context);
  const after = reach === 0 ? [] : said(seq + 1, seq + reach).slice(0, context);
  const events = reader.annotate(room, [...before, event, ...after]);
  return {
    event: events[before.length],
    snippet,
    before: events.slice(0, before.length),
    after: events.slice(before.length + 1),
  };
}

/** The sentence for a search that ran out of time. */
export function stopNote(timeLimitMs: number, time: number | undefined): string {
  const back = time === undefined ? "" : `, having searched back to ${dayAndTime(time)}`;
  return `Stopped after ${timeLimitMs / 1000} s${back}. Add a word or filter to speed it up.`;
}
