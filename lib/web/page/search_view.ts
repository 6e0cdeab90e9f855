/**
 * A search, and what it has found so far.
 *
 * @module
 */

import type { HitJson, SearchAnswer, SearchRequest } from "../protocol.ts";

export interface SearchViewOptions {
  search(request: Omit<SearchRequest, "type" | "ref">): Promise<SearchAnswer>;
  onChange(): void;
}

/** Hits in a page. */
const PAGE = 20;
/** Events before and after each hit: the choices. */
export const CONTEXTS = [0, 1, 3, 5] as const;

export class SearchView {
  query = "";
  /** In every room, not only in the one that is open. */
  isEverywhere = false;
  /** Events shown before and after each hit. */
  context: number = 1;
  hits: readonly HitJson[] = [];
  /** Whether anything was searched for yet. */
  isAsked = false;
  isLoading = false;
  /** What the server says of the last page, e.g. that not everything was looked through. */
  note: string | undefined;
  /** Why it failed, in a sentence. */
  problem: string | undefined;
  #room: string | undefined;
  #next: number | undefined;
  #searches = 0;
  readonly #options: SearchViewOptions;

  constructor(options: SearchViewOptions) {
    this.#options = options;
  }

  get hasMore(): boolean {
    return this.#next !== undefined;
  }

  /** Searches anew; `room` is the one that is open. */
  async start(room: string | undefined): Promise<void> {
    this.#room = this.isEverywhere ? undefined : room;
    this.#next = undefined;
    this.hits = [];
    this.isAsked = this.query.trim() !== "";
    if (this.isAsked) await this.#load();
    else this.#options.onChange();
  }

  /** Loads what was said before the oldest hit. */
  async more(): Promise<void> {
    if (this.hasMore && !this.isLoading) await this.#load();
  }

  /** Back to nothing. */
  clear(): void {
    this.#searches++;
    this.query = "";
    this.hits = [];
    this.isAsked = false;
    this.isLoading = false;
    this.note = undefined;
    this.problem = undefined;
  }

  async #load(): Promise<void> {
    const search = ++this.#searches;
    this.isLoading = true;
    this.problem = undefined;
    this.#options.onChange();
    const { query, context } = this;
    const place = {
      ...(this.#room === undefined ? {} : { room: this.#room }),
      ...(this.#next === undefined ? {} : { before: this.#next }),
    };
    try {
      const answer = await this.#options.search({ query, context, limit: PAGE, ...place });
      // Somebody may have typed on meanwhile.
      if (search !== this.#searches) return;
      this.hits = [...this.hits, ...answer.hits];
      this.#next = answer.next;
      this.note = answer.note;
    } catch (error) {
      if (search !== this.#searches) return;
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.isLoading = false;
    this.#options.onChange();
  }
}
