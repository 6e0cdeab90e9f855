/**
 * Searches the log. The index says which rows may match, and the rows themselves decide. Rows newer
 * than the index are all read, and without an index all rows are.
 *
 * @module
 */

import type { RoomEvent } from "../../../domain/room_event.ts";
import { EventMatcher } from "../../../domain/search/event_matcher.ts";
import type { NamePattern, SearchQuery } from "../../../domain/search/search_query.ts";
import { scopeTest, type SearchScope } from "../../../domain/search/search_scope.ts";
import { foldedRun } from "../../../domain/search/searchable_text.ts";
import type { LogReader, StoredRun } from "../log_reader.ts";
import { type IndexQuery, toIndexQuery } from "./index_query.ts";
import type { IndexReader } from "./index_reader.ts";

/** Run heads read at a time. */
const HEADS = 256;

export interface SearchLimits {
  /** Only events with a lower id. */
  readonly before?: number;
  /** Other rooms are passed over as if they did not exist. */
  readonly scope: SearchScope;
  /** The search stops after this many milliseconds. */
  readonly timeLimitMs: number;
  /** A monotonic clock in milliseconds. @default {performance.now} */
  readonly monotonic?: () => number;
  /** After this many milliseconds {@linkcode LogSearcher.steps} pauses. @default {no pauses} */
  readonly sliceMs?: number;
}

/** How a search ended; empty if it looked at everything. */
export interface SearchEnd {
  /** If time ran out: all events from this id on were searched. */
  readonly stoppedAt?: number;
  /** When the last of them was accepted, milliseconds since 1970; absent if there was none. */
  readonly time?: number;
}

export class LogSearcher {
  readonly #log: LogReader;
  readonly #index: IndexReader | undefined;
  /** Set if the index turned out to be damaged. */
  damage: Error | undefined;

  constructor(log: LogReader, index?: IndexReader) {
    this.#log = log;
    this.#index = index;
  }

  /** The events that match, newest first. */
  *search(query: SearchQuery, limits: SearchLimits): Generator<RoomEvent, SearchEnd> {
    const steps = this.steps(query, limits);
    try {
      for (let step = steps.next();; step = steps.next()) {
        if (step.done) return step.value;
        if (step.value) yield step.value;
      }
    } finally {
      steps.return({});
    }
  }

  /** Like {@linkcode LogSearcher.search}, with `undefined` for each pause, which costs no time. */
  *steps(query: SearchQuery, limits: SearchLimits): Generator<RoomEvent | undefined, SearchEnd> {
    const { timeLimitMs, sliceMs = Infinity, monotonic = () => performance.now() } = limits;
    let sliceStart = monotonic();
    let deadline = sliceStart + timeLimitMs;
    const matcher = new EventMatcher(query);
    const isInScope = scopeTest(limits.scope);
    let before = limits.before ?? Number.MAX_SAFE_INTEGER;
    let time: number | undefined;
    for (const runs of this.#candidates(query, before)) {
      for (const run of runs) {
        const now = monotonic();
        if (now > deadline) return { stoppedAt: before, time };
        if (now - sliceStart > sliceMs) {
          yield undefined;
          sliceStart = monotonic();
          deadline += sliceStart - now;
        }
        if (isInScope(run.room)) {
          if (matcher.admits(run)) {
            for (const event of this.#matchesIn(run, matcher)) if (event.id < before) yield event;
          }
          time = run.at;
        }
        before = Math.min(before, run.id);
      }
    }
    return {};
  }

  /** The matching events of a run, newest first. */
  #matchesIn(run: StoredRun, matcher: EventMatcher): RoomEvent[] {
    const texts = this.#log.texts(run.id);
    if (!texts || !matcher.mayMatch(foldedRun(texts.bodies + (texts.fields ?? "")))) return [];
    return this.#log.events(run.id).filter((event) => matcher.matches(event)).reverse();
  }

  /** Runs that may contain a match, newest first, in pages. */
  *#candidates(query: SearchQuery, before: number): Generator<readonly StoredRun[]> {
    const ids = (names: readonly NamePattern[]) => this.#log.roomsNamed(names).map(({ id }) => id);
    const wanted = toIndexQuery(query, ids);
    if (!wanted) return;
    let reached = before;
    const changedAfter = (run: number) => this.#log.redactedAfter(run);
    const spans = this.#index ? spansOf(this.#index, wanted, before, changedAfter) : undefined;
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
    // There is no index, or it failed: read everything that is left.
    yield* this.#all(0, reached);
  }

  /** The next span from the index; `undefined` if the index failed. */
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

/** The runs between two ids, both exclusive. */
interface Span {
  readonly after: number;
  readonly before: number;
}

/** Where matches may be, newest first: the runs not indexed yet, then the blocks from the index. */
function* spansOf(
  index: IndexReader,
  query: IndexQuery,
  before: number,
  changedAfter: (run: number) => number[],
): Generator<Span, void> {
  index.begin();
  try {
    const { progress } = index;
    yield { after: progress, before };
    // A block may come twice; the second time all of it has been searched.
    for (const { id, last } of index.blocks(query, before, changedAfter(progress))) {
      yield { after: id - 1, before: last + 1 };
    }
  } finally {
    index.end();
  }
}
