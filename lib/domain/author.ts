/**
 * Everything that submits drafts and learns their outcome: a person's session, a log connection, a
 * datagram socket.
 *
 * @module
 */

import { log } from "../log.ts";
import type { Draft, RoomEvent } from "./room_event.ts";

/** Learns the outcome of its drafts. Both methods must return at once: nothing waits for them. */
export interface Author {
  /** The session's number, which its drafts carry. */
  readonly origin: number;
  /**
   * Takes the author's events once they are on disk, in order. A large batch comes in several
   * calls.
   */
  committed(events: readonly RoomEvent[]): void;
  /** Takes the author's drafts that could not be stored, with the reason. */
  refused(drafts: readonly Draft[], reason: Error): void;
}

/** The authors that are connected, by origin. */
export class Authors {
  readonly #authors = new Map<number, Author>();

  add(author: Author): void {
    this.#authors.set(author.origin, author);
  }

  delete(author: Author): void {
    if (this.#authors.get(author.origin) === author) this.#authors.delete(author.origin);
  }

  /** Tells each author about its own events, run by run. */
  committed(events: readonly RoomEvent[]): void {
    if (this.#authors.size === 0) return;
    for (let start = 0, end = 0; start < events.length; start = end) {
      const { origin } = events[start];
      while (end < events.length && events[end].origin === origin) end++;
      const author = origin === undefined ? undefined : this.#authors.get(origin);
      if (!author) continue;
      const own = end - start === events.length ? events : events.slice(start, end);
      try {
        author.committed(own);
      } catch (error) {
        complain(author, error);
      }
    }
  }

  /** Tells each author which of its drafts could not be stored. */
  refused(drafts: readonly Draft[], reason: Error): void {
    for (const [origin, own] of Map.groupBy(drafts, ({ origin }) => origin)) {
      const author = origin === undefined ? undefined : this.#authors.get(origin);
      try {
        author?.refused(own, reason);
      } catch (error) {
        complain(author!, error);
      }
    }
  }
}

/** An author that throws harms only itself. */
function complain({ origin }: Author, error: unknown): void {
  log("room").error("Cannot tell author {origin} about its drafts: {error}", { origin, error });
}
