/**
 * What pours log lines into rooms: a pipe, a socket for datagrams.
 *
 * @module
 */

import type { Draft, RoomEvent } from "./room_event.ts";

/** Hears what became of the lines that it wrote. Everything here only notes; nobody waits for it. */
export interface LogSource {
  /** The session's number; that of the drafts which are its own. */
  readonly origin: number;
  /** Takes events of its own that are on disk now, in order. A large batch comes in several calls. */
  committed(events: readonly RoomEvent[]): void;
  /** Takes drafts of its own that could not be kept, with the reason. */
  refused(drafts: readonly Draft[], reason: Error): void;
}

/** Those that write at the moment, each by its origin. */
export class LogSources {
  readonly #sources = new Map<number, LogSource>();

  add(source: LogSource): void {
    this.#sources.set(source.origin, source);
  }

  delete(source: LogSource): void {
    if (this.#sources.get(source.origin) === source) this.#sources.delete(source.origin);
  }

  /** Tells each of its own lines, run by run. */
  tell(events: readonly RoomEvent[]): void {
    if (this.#sources.size === 0) return;
    for (let start = 0, end = 0; start < events.length; start = end) {
      const { origin } = events[start];
      while (end < events.length && events[end].origin === origin) end++;
      const source = origin === undefined ? undefined : this.#sources.get(origin);
      source?.committed(end - start === events.length ? events : events.slice(start, end));
    }
  }

  /** Tells each which of its lines could not be kept. */
  refuse(drafts: readonly Draft[], reason: Error): void {
    for (const [origin, refused] of Map.groupBy(drafts, ({ origin }) => origin)) {
      if (origin !== undefined) this.#sources.get(origin)?.refused(refused, reason);
    }
  }
}
