/**
 * Searching the log: the index says where to look, the log's own rows decide. What is newer than the
 * index, or all of it where there is no index, is looked through.
 *
 * @module
 */

import { EventMatcher } from "../../../domain/event_matcher.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import type { NamePattern, SearchQuery } from "../../../domain/search_query.ts";
import { fold } from "../../../domain/words.ts";
import type { LogReader, StoredRun } from "../log_reader.ts";
import { type IndexQuery, toIndexQuery } from "./index_query.ts";
import type { IndexReader } from "./index_reader.ts";

/** Runs whose heads are read in one go. */
const HEADS = 256;

export interface SearchLimits {
  /** Only events with a lower id. */
  readonly before?: number;
  /** Milliseconds after which it ends, wherever it is. */
  readonly timeLimitMs: number;
  /** Milliseconds that never go back. @default {performance.now} */
  readonly monotonic?: () => number;
}

/** How a search ended. */
export interface SearchEnd {
  /** Where time ran out: all with this id, or a higher one, was looked at. */
  readonly stoppedAt?: number;
  /** When that was accepted, milliseconds since 1970; unless nothing was looked at. */
  readonly time?: number;
}

export class LogSearcher {
  readonly #log: LogReader;
  readonly #index: IndexReader | undefined;
  /** What is wrong with the index, where something was. */
  damage: Error | undefined;

  constructor(log: LogReader, index?: IndexReader) {
    this.#log = log;
    this.#index = index;
  }

  /** The events that a query asks for, the newest first. */
  *search(query: SearchQuery, limits: SearchLimits): Generator<RoomEvent, SearchEnd> {
    const { timeLimitMs, monotonic = () => performance.now() } = limits;
    const deadline = monotonic() + timeLimitMs;
    const matcher = new EventMatcher(query);
    let before = limits.before ?? Number.MAX_SAFE_INTEGER;
    let time: number | undefined;
    for (const runs of this.#candidates(query, before)) {
      for (const run of runs) {
        if (monotonic() > deadline) return { stoppedAt: before, time };
        if (matcher.admits(run)) {
          for (const event of this.#wanted(run, matcher)) if (event.id < before) yield event;
        }
        before = Math.min(before, run.id);
        time = run.at;
      }
    }
    return {};
  }

  /** The events of a run that are wanted, the last one first. */
  #wanted(run: StoredRun, matcher: EventMatcher): RoomEvent[] {
    const texts = this.#log.texts(run.id);
    if (!texts || !matcher.mayMatch(fold(texts.bodies + (texts.fields ?? "")))) return [];
    return this.#log.events(run.id).filter((event) => matcher.matches(event)).reverse();
  }

  /** Runs that may have what is wanted, the newest first, some at a time. */
  *#candidates(query: SearchQuery, before: number): Generator<readonly StoredRun[]> {
    const ids = (names: readonly NamePattern[]) => this.#log.roomsNamed(names).map(({ id }) => id);
    const wanted = toIndexQuery(query, ids);
    if (!wanted) return;
    let reached = before;
    const spans = this.#index ? spansOf(this.#index, wanted, before) : undefined;
    try {
      while (spans) {
        const span = this.#next(spans);
        if (!span) break;
        if (span.done) return;
        const { after, before: end } = span.value;
        yield* this.#all(after, Math.min(end, reached));
        reached = Math.min(reached, after + 1);
      }
    } finally {
      spans?.return();
    }
    // Without the index, or where it failed, all that is left.
    yield* this.#all(0, reached);
  }

  /** What the index says next, or `undefined` where it says nothing any more. */
  #next(spans: Generator<Span, void>): IteratorResult<Span, void> | undefined {
    try {
      return spans.next();
    } catch (error) {
      this.damage = error as Error;
      return undefined;
    }
  }

  *#all(after: number, before: number): Generator<readonly StoredRun[]> {
    for (let end = before;;) {
      const runs = this.#log.lastRuns({ after, before: end }, HEADS);
      if (runs.length === 0) return;
      yield runs;
      end = runs[runs.length - 1].id;
    }
  }
}

/** Runs between two ids, neither of them included. */
interface Span {
  readonly after: number;
  readonly before: number;
}

/** Where the index says that something may be, the newest first, what it does not know yet before. */
function* spansOf(index: IndexReader, query: IndexQuery, before: number): Generator<Span, void> {
  index.begin();
  try {
    yield { after: index.progress, before };
    for (const { id, last } of index.blocks(query, before)) {
      yield { after: id - 1, before: last + 1 };
    }
  } finally {
    index.end();
  }
}
