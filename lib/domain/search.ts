/**
 * What searching promises to the front doors. Fulfilled by a store that can search; a server
 * without one says so.
 *
 * @module
 */

import type { RoomEvent } from "./room_event.ts";

/** What is looked for. */
export interface SearchOptions {
  /** In the query language, as a person typed it. */
  readonly query: string;
  /** Only in this room, its name compared without case. */
  readonly room?: string;
  /** Only events with a lower `id`. */
  readonly before?: number;
  /** Most hits. */
  readonly limit: number;
  /** Events of the same room given before and after each hit. */
  readonly context: number;
}

/** A piece of a hit's text. */
export interface SnippetPart {
  readonly text: string;
  /** Whether this piece is what was looked for. */
  readonly isMatch: boolean;
}

export interface SearchHit {
  readonly event: RoomEvent;
  /** The body, or the part of it that matters. */
  readonly snippet: readonly SnippetPart[];
  /** In order, at most as many as were asked for. */
  readonly before: readonly RoomEvent[];
  readonly after: readonly RoomEvent[];
}

export interface SearchResult {
  /** The newest first. */
  readonly hits: readonly SearchHit[];
  /** {@linkcode SearchOptions.before} for more; absent where there is no more. */
  readonly next?: number;
  /** A sentence for the person where not everything was looked through. */
  readonly note?: string;
}

export interface SearchService {
  /**
   * Searches, without holding up anybody else.
   *
   * @throws {DomainError} `bad-query`, saying what is wrong with it.
   */
  search(request: SearchOptions): Promise<SearchResult>;
}
