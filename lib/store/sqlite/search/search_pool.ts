/**
 * Runs the searches of people and programs in worker threads: a few at a time, each for a limited
 * time.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../clock.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import { parseQuery } from "../../../domain/parse_query.ts";
import type { SearchOptions, SearchResult, SearchService } from "../../../domain/search.ts";
import type { SearchCondition, SearchQuery } from "../../../domain/search_query.ts";
import type { IndexPaths } from "./index_keeper.ts";
import { SearchThread } from "./search_thread.ts";
import type { SearchTask } from "./search_worker.ts";

/** A search that takes longer returns what it found so far. */
const TIME_LIMIT_MS = 2000;
const MAX_THREADS = 2;
const MAX_WAITING = 32;
/** Idle threads end after this time. */
const IDLE_MS = 30_000;

export interface SearchPoolOptions {
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** @default {2000} */
  readonly timeLimitMs?: number;
  /** Called when a search finds the index damaged. */
  readonly onDamage?: () => void;
}

interface Waiting {
  readonly task: SearchTask;
  readonly outcome: PromiseWithResolvers<SearchResult>;
}

export class SearchPool implements SearchService {
  readonly #paths: IndexPaths;
  readonly #clock: Clock;
  readonly #timeLimitMs: number;
  readonly #onDamage: () => void;
  readonly #idle: SearchThread[] = [];
  readonly #busy = new Set<SearchThread>();
  readonly #waiting: Waiting[] = [];
  #cancelIdle: (() => void) | undefined;
  #isClosed = false;

  constructor(paths: IndexPaths, options: SearchPoolOptions = {}) {
    this.#paths = paths;
    this.#clock = options.clock ?? systemClock;
    this.#timeLimitMs = options.timeLimitMs ?? TIME_LIMIT_MS;
    this.#onDamage = options.onDamage ?? (() => {});
  }

  // deno-lint-ignore require-await -- so that a bad query rejects
  async search(request: SearchOptions): Promise<SearchResult> {
    const query = inRoom(parseQuery(request.query, this.#clock.now()), request.room);
    if (this.#isClosed || this.#waiting.length >= MAX_WAITING) {
      throw unavailable();
    }
    const { before, limit, context } = request;
    const page = { before, limit, context };
    const task = { paths: this.#paths, query, page, timeLimitMs: this.#timeLimitMs };
    const outcome = Promise.withResolvers<SearchResult>();
    this.#waiting.push({ task, outcome });
    this.#next();
    return outcome.promise;
  }

  /** Ends all threads and aborts their searches. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { outcome } of this.#waiting.splice(0)) outcome.reject(unavailable());
    for (const thread of this.#busy) thread.end();
    await this.#endIdle();
  }

  #next(): void {
    if (this.#isClosed || this.#busy.size >= MAX_THREADS) return;
    const waiting = this.#waiting.shift();
    if (!waiting) return;
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    const thread = this.#idle.pop() ?? new SearchThread(this.#clock);
    this.#busy.add(thread);
    this.#run(thread, waiting);
  }

  async #run(thread: SearchThread, { task, outcome }: Waiting): Promise<void> {
    try {
      const answer = await thread.run(task);
      if ("failure" in answer) throw new Error(`Cannot search: ${answer.failure}`);
      if (answer.damage !== undefined) this.#onDamage();
      outcome.resolve(answer.result);
    } catch (error) {
      outcome.reject(error);
    }
    this.#busy.delete(thread);
    if (!thread.isOver) this.#idle.push(thread);
    this.#next();
    if (this.#busy.size > 0) return;
    if (!this.#isClosed) this.#cancelIdle = this.#clock.after(IDLE_MS, () => this.#endIdle());
  }

  /** Ends the idle threads. */
  async #endIdle(): Promise<void> {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    await Promise.all(this.#idle.splice(0).map((thread) => thread.close()));
  }
}

function unavailable(): DomainError {
  return new DomainError("unavailable", "Too many people are searching. Try again in a moment.");
}

/** The query, restricted to `room` if that is given. */
function inRoom({ conditions }: SearchQuery, room: string | undefined): SearchQuery {
  if (room === undefined) return { conditions };
  const names = [{ key: nameKey(room.replace(/^#/, "")), isPrefix: false }];
  const inRoom: SearchCondition = { type: "in", names, isNegated: false };
  return { conditions: [...conditions, inRoom] };
}
