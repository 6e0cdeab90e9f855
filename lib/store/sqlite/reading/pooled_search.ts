/**
 * Searches in the threads of a pool, each search for a limited time.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../clock.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import { parseQuery } from "../../../domain/search/parse_query.ts";
import type { SearchOptions, SearchResult, SearchService } from "../../../domain/search/search.ts";
import type { SearchCondition, SearchQuery } from "../../../domain/search/search_query.ts";
import { inConversations, scopeOf } from "../../../domain/search/search_scope.ts";
import type { ReaderPool } from "./reader_pool.ts";

/** A search that takes longer returns what it has found. */
const TIME_LIMIT_MS = 2000;
/** A search that takes this much longer, deep in a single step, is ended with its thread. */
const GRACE_MS = 1000;
/** Searches under way or waiting; more are refused. */
const MOST_SEARCHES = 32;

export interface PooledSearchOptions {
  readonly pool: ReaderPool;
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** @default {2000} */
  readonly timeLimitMs?: number;
  /** Called when the index is damaged. */
  readonly onDamage?: () => void;
}

export class PooledSearch implements SearchService {
  readonly #pool: ReaderPool;
  readonly #clock: Clock;
  readonly #timeLimitMs: number;
  readonly #onDamage: () => void;
  #count = 0;

  constructor(options: PooledSearchOptions) {
    this.#pool = options.pool;
    this.#clock = options.clock ?? systemClock;
    this.#timeLimitMs = options.timeLimitMs ?? TIME_LIMIT_MS;
    this.#onDamage = options.onDamage ?? (() => {});
  }

  /** @throws {DomainError} `bad-query`; `unavailable` if too many search, or the log is unreadable. */
  async search(request: SearchOptions): Promise<SearchResult> {
    const parsed = parseQuery(request.query, this.#clock.now());
    const query = inConversations(inRoom(parsed, request.room), request.scope);
    if (this.#count >= MOST_SEARCHES) {
      throw new DomainError("unavailable", "Too many people are searching. Try again in a moment.");
    }
    const { before, limit, context } = request;
    const scope = scopeOf(query, request.scope);
    this.#count++;
    try {
      const timeLimitMs = this.#timeLimitMs;
      const task = await this.#pool.run(
        "search",
        [query, { before, limit, context, scope }, timeLimitMs],
        { isLong: true, timeLimitMs: timeLimitMs + GRACE_MS, tooLong: TOO_LONG },
      );
      if (task.damage !== undefined) this.#onDamage();
      return task.result;
    } finally {
      this.#count--;
    }
  }
}

const TOO_LONG = "That search took too long and was stopped. Add a word or filter to speed it up.";

/** The query, limited to that room if there is one. */
function inRoom({ conditions }: SearchQuery, room: string | undefined): SearchQuery {
  if (room === undefined) return { conditions };
  const names = [{ key: nameKey(room.replace(/^#/, "")), isPrefix: false }];
  const inRoom: SearchCondition = { type: "in", names, isNegated: false };
  return { conditions: [...conditions, inRoom] };
}
