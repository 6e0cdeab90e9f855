/**
 * The stored lines of a source after a given number. They need not be stored again when the source
 * resends what was not acknowledged.
 *
 * @module
 */

import { tombstoneOf } from "../../domain/redaction.ts";
import type { RoomHistory } from "../../domain/history/room_history.ts";
import type { RoomEvent } from "../../domain/room_event.ts";

const PAGE_EVENTS = 1024;

export interface StoredLinesOptions {
  readonly log: RoomHistory;
  readonly room: string;
  readonly source: string;
  /** The number to start after, and the last one to read. */
  readonly after: number;
  readonly last: number;
}

/** The lines of one source, in order, read as they are needed. */
export class StoredLines {
  readonly #options: StoredLinesOptions;
  #page: readonly RoomEvent[] = [];
  #index = 0;
  #readSeq: number;

  constructor(options: StoredLinesOptions) {
    this.#options = options;
    this.#readSeq = options.after;
  }

  /**
   * Matches `bodies` with the next stored lines, and returns the matching events, with these bodies
   * even if they have been redacted: receipts hash what was sent. If there are fewer events than bodies, the remaining lines are new, even if later ones are stored.
   */
  async match(bodies: readonly string[]): Promise<RoomEvent[]> {
    const matched: RoomEvent[] = [];
    while (matched.length < bodies.length) {
      if (this.#index === this.#page.length && !await this.#readPage()) break;
      const event = this.#page[this.#index];
      const body = bodies[matched.length];
      // Nobody knows what a redacted line said, but it must not be stored a second time.
      if (event.body !== body && !tombstoneOf(event)) break;
      matched.push(event.body === body ? event : { ...event, body });
      this.#index++;
    }
    return matched;
  }

  /** Reads on up to the next line of the source; resolves to whether there is one. */
  async #readPage(): Promise<boolean> {
    const { log, room, source, last } = this.#options;
    this.#index = 0;
    this.#page = [];
    while (this.#readSeq < last && this.#page.length === 0) {
      const events = await log.read(
        room,
        this.#readSeq,
        Math.min(PAGE_EVENTS, last - this.#readSeq),
      );
      if (events.length === 0) return false;
      this.#readSeq = events[events.length - 1].seq;
      this.#page = events.filter(({ kind, from, seq }) =>
        kind === "log" && from === source && seq <= last
      );
    }
    return this.#page.length > 0;
  }
}
