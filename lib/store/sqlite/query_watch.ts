/**
 * Searches a growing log for the matches of a few fixed queries.
 *
 * @module
 */

import { redactionsAmong } from "../../domain/redaction.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import { EventMatcher } from "../../domain/search/event_matcher.ts";
import type { QueryMatch, QueryMatches } from "../../domain/search/log_watch.ts";
import type { SearchQuery } from "../../domain/search/search_query.ts";
import { scopeTest } from "../../domain/search/search_scope.ts";
import { foldedRun } from "../../domain/search/searchable_text.ts";
import type { LogReader } from "./log_reader.ts";

/** Runs searched in one step. */
const RUNS = 64;

export interface QueryWatchOptions {
  readonly queries: readonly SearchQuery[];
  /** Events that came in this way are skipped. */
  readonly ignoredVia: string;
}

export class QueryWatch {
  readonly #log: LogReader;
  readonly #matchers: readonly EventMatcher[];
  readonly #ignoredVia: string;

  constructor(log: LogReader, { queries, ignoredVia }: QueryWatchOptions) {
    this.#log = log;
    this.#matchers = queries.map((query) => new EventMatcher(query));
    this.#ignoredVia = ignoredVia;
  }

  /** The id of the last event, 0 if there is none. */
  end(): number {
    const [last] = this.#log.lastRuns({}, 1);
    return last ? last.id + last.count - 1 : 0;
  }

  /** Implements `LogWatch.look`. */
  look(after: number, hidden: readonly string[]): QueryMatches {
    const isInScope = scopeTest({ hidden });
    const runs = this.#log.firstRuns({ after }, RUNS);
    const found = new Map<number, QueryMatch>();
    const redactions: RoomEvent[] = [];
    for (const run of runs) {
      redactions.push(...redactionsAmong(run));
      const [{ via, room }] = run;
      if (via !== this.#ignoredVia && isInScope(room)) this.#lookAt(run, found);
    }
    const through = runs.at(-1)?.at(-1)?.id ?? after;
    return {
      through,
      isAll: runs.length < RUNS,
      found: [...found.values()],
      ...(redactions.length > 0 ? { redactions } : {}),
    };
  }

  #lookAt(run: readonly RoomEvent[], found: Map<number, QueryMatch>): void {
    let folded: { readonly text: string | undefined } | undefined;
    this.#matchers.forEach((matcher, query) => {
      if (!matcher.admits(run[0])) return;
      // Most runs match nothing, which is found out fastest for a whole run at once.
      if (!matcher.mayMatch((folded ??= { text: foldedRun(textOf(run)) }).text)) return;
      const wanted = run.filter((event) => matcher.matches(event));
      if (wanted.length === 0) return;
      const before = found.get(query);
      const count = (before?.count ?? 0) + wanted.length;
      const first = count > 1 ? before?.first ?? before?.event ?? wanted[0] : undefined;
      found.set(query, { query, count, first, event: wanted[wanted.length - 1] });
    });
  }
}

/** The texts of a run, fields included. */
function textOf(run: readonly RoomEvent[]): string {
  const texts = run.map(({ body, fields }) => fields ? `${body} ${JSON.stringify(fields)}` : body);
  return texts.join("\n");
}
