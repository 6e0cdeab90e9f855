/**
 * The contract of searching, implemented by stores that can search.
 *
 * @module
 */

import type { RoomEvent } from "../room_event.ts";
import type { SearchScope } from "./search_scope.ts";
import type { SnippetPart } from "./snippet_part.ts";

/** What to search for. */
export interface SearchOptions {
  /** In the query language, as a person typed it. */
  readonly query: string;
  /** Only in this room, its name compared without case. */
  readonly room?: string;
  /** Only events with a lower `id`. */
  readonly before?: number;
  /** The largest number of hits. */
  readonly limit: number;
  /** Number of events of the same room to return before and after each hit. */
  readonly context: number;
  /** The rooms that may be looked at. What is not in it is neither found nor counted. */
  readonly scope: SearchScope;
}

/** A search request before it is known on whose behalf it is. */
export type UnscopedSearch = Omit<SearchOptions, "scope">;

export interface SearchHit {
  readonly event: RoomEvent;
  /** The body, or the relevant part of it. */
  readonly snippet: readonly SnippetPart[];
  /** In order, at most {@linkcode SearchOptions.context}. */
  readonly before: readonly RoomEvent[];
  readonly after: readonly RoomEvent[];
}

export interface SearchResult {
  /** Newest first. */
  readonly hits: readonly SearchHit[];
  /** {@linkcode SearchOptions.before} for more results; absent if there are none. */
  readonly next?: number;
  /** Says why the search is incomplete, if it is. */
  readonly note?: string;
}

export interface SearchService {
  /**
   * Searches without blocking other work.
   *
   * @throws {DomainError} `bad-query`.
   */
  search(request: SearchOptions): Promise<SearchResult>;
}
