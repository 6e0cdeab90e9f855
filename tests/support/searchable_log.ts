/** A log in a file with a search index. */

import { systemClock } from "../../lib/clock.ts";
import type { DatabaseSync } from "node:sqlite";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import { parseQuery } from "../../lib/domain/search/parse_query.ts";
import { WHOLE_LOG } from "../../lib/domain/search/search_scope.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { LogReader } from "../../lib/store/sqlite/log_reader.ts";
import { openLogToRead } from "../../lib/store/sqlite/open_log.ts";
import { openIndex, openIndexToRead } from "../../lib/store/sqlite/search/index_file.ts";
import { IndexReader } from "../../lib/store/sqlite/search/index_reader.ts";
import { IndexWriter } from "../../lib/store/sqlite/search/index_writer.ts";
import { LogSearcher, type SearchLimits } from "../../lib/store/sqlite/search/log_searcher.ts";
import { SqliteTrialLog } from "./sqlite_log.ts";
import { TemporaryDirectory } from "./temporary_directory.ts";

/** Far longer than any search in a test. */
const TIME_LIMIT_MS = 60_000;

export class SearchableLog implements AsyncDisposable {
  readonly #temporary = new TemporaryDirectory();
  readonly directory = this.#temporary.path;
  readonly path = `${this.directory}/partyline.db`;
  readonly indexPath = `${this.directory}/search.db`;
  readonly database: DatabaseSync = openDatabase(this.path, "normal");
  /** The current time for appends and searches, in milliseconds since 1970. */
  now = Date.UTC(2026, 10, 21, 6, 30);
  readonly log = new SqliteTrialLog(this.database, {
    clock: { ...systemClock, now: () => this.now },
  });
  readonly reader: LogReader;
  readonly #toRead: DatabaseSync;

  constructor() {
    this.#toRead = openLogToRead(this.path);
    this.reader = new LogReader(this.#toRead);
  }

  append(...drafts: Draft[]): Promise<readonly RoomEvent[]> {
    return this.log.append(drafts);
  }

  /** Indexes everything, or at most `steps` steps. */
  index({ bulkEvents, steps = Infinity }: { bulkEvents?: number; steps?: number } = {}): void {
    const index = openIndex(this.indexPath);
    try {
      const writer = new IndexWriter(this.#toRead, index, { bulkEvents });
      for (let step = 0; step < steps; step++) {
        const { events, isFull } = writer.step();
        if (events === 0 && !isFull) break;
      }
    } finally {
      index.close();
    }
  }

  /** The ids of the hits, with or without the index. */
  find(query: string, limits: Partial<SearchLimits> = {}, usesIndex = true): number[] {
    const index = usesIndex ? openIndexToRead(this.indexPath) : undefined;
    try {
      const searcher = new LogSearcher(this.reader, index && new IndexReader(index));
      const parsed = parseQuery(query, this.now);
      const found = [
        ...searcher.search(parsed, { scope: WHOLE_LOG, timeLimitMs: TIME_LIMIT_MS, ...limits }),
      ];
      if (searcher.damage) throw searcher.damage;
      return found.map(({ id }) => id);
    } finally {
      index?.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _temporary = this.#temporary;
    this.#toRead.close();
    await this.log.close();
  }
}
