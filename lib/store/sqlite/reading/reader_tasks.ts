/**
 * What a reader's thread can do. Each method is a task for `ReaderPool.run`, and does a bounded
 * amount of work; generators do that between any two of their yields.
 *
 * @module
 */

import type { EventForms } from "../../../domain/history/room_history.ts";
import type { QueryMatches } from "../../../domain/search/log_watch.ts";
import { parseQuery } from "../../../domain/search/parse_query.ts";
import type { SearchResult } from "../../../domain/search/search.ts";
import type { SearchQuery } from "../../../domain/search/search_query.ts";
import { QueryWatch } from "../query_watch.ts";
import type { IndexPaths } from "../search/index_keeper.ts";
import { SearchFiles } from "../search/search_files.ts";
import { type PageRequest, searchPage } from "../search/search_page.ts";
import { checkIndexPage } from "../verify/index_page_check.ts";
import { type PageCheck, PageChecker } from "../verify/page_check.ts";
import { HistoryQueries } from "./history_queries.ts";

/** How long a search goes on before others have a turn. */
const SLICE_MS = 8;

/** What is looked for as the log grows. */
export interface WatchTask {
  /** In the query language. */
  readonly queries: readonly string[];
  /** Events that came in like this are passed over. */
  readonly ignoredVia: string;
  /** What times in queries are relative to, milliseconds since 1970. */
  readonly now: number;
}

export class ReaderTasks extends HistoryQueries implements Disposable {
  readonly #files: SearchFiles;
  readonly #watches = new Map<string, QueryWatch>();
  #checker: PageChecker | undefined;

  /** @throws {Error} if the log cannot be read. */
  constructor(paths: IndexPaths, forms: EventForms) {
    const files = new SearchFiles(paths);
    super(files.log, forms);
    this.#files = files;
    // Opens the index before people take the last descriptors.
    void files.searcher;
  }

  /** Searches until the page is full or time is up; `damage` says what is wrong with the index. */
  *search(
    query: SearchQuery,
    page: PageRequest,
    timeLimitMs: number,
  ): Generator<void, { readonly result: SearchResult; readonly damage: string | undefined }> {
    const { searcher, reader } = this.#files;
    const limits = { timeLimitMs, sliceMs: SLICE_MS };
    const result = yield* searchPage({ searcher, reader }, query, page, limits);
    return { result, damage: searcher.damage?.message };
  }

  /** The id of the last event that there is, 0 if there is none. */
  lastId(): number {
    const [last] = this.#files.reader.lastRuns({}, 1);
    return last ? last.id + last.count - 1 : 0;
  }

  /** Looks through some of the events with an id above `after`, except in hidden rooms. */
  look(task: WatchTask, after: number, hidden: readonly string[]): QueryMatches {
    const key = JSON.stringify(task);
    let watch = this.#watches.get(key);
    if (!watch) {
      const { queries, ignoredVia, now } = task;
      watch = new QueryWatch(this.#files.reader, {
        queries: queries.map((query) => parseQuery(query, now)),
        ignoredVia,
      });
      this.#watches.set(key, watch);
    }
    return watch.look(after, hidden);
  }

  /** Checks some of the log for damage, beginning after run `after`. */
  check(after: number): PageCheck {
    this.#checker ??= new PageChecker(this.#files.log);
    return this.#checker.check(after);
  }

  /** Checks some of the index for damage, beginning after block `after`. */
  checkIndex(after: number): PageCheck {
    const { index, log } = this.#files;
    if (!index) return { through: after, isLast: true, faults: [] };
    try {
      return checkIndexPage(log, index, after);
    } catch (error) {
      return { through: after, isLast: true, faults: [(error as Error).message] };
    }
  }

  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]();
  }
}
