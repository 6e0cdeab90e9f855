/**
 * What a source had stored after a given line: where it sends again what it had no acknowledgement
 * for, this is what need not be stored again.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { RoomHistory } from "../../domain/message_log.ts";
import type { RoomEvent } from "../../domain/room_event.ts";

const PAGE_EVENTS = 1024;

export interface StoredLinesOptions {
  readonly log: RoomHistory;
  readonly room: string;
  readonly source: string;
  /** The number after which to look, and the last one to look at. */
  readonly after: number;
  readonly last: number;
}

/** The lines of one source, in order, read as far as they are asked for. */
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
   * Takes as many of `bodies` as are the next stored lines, and returns these. Fewer than there
   * are bodies mean that what follows is new, whatever else is stored.
   */
  async match(bodies: readonly string[]): Promise<RoomEvent[]> {
    const matched: RoomEvent[] = [];
    while (matched.length < bodies.length) {
      if (this.#index === this.#page.length && !await this.#readPage()) break;
      const event = this.#page[this.#index];
      if (event.body !== bodies[matched.length]) break;
      matched.push(event);
      this.#index++;
    }
    return matched;
  }

  /** Reads on until there is a line of the source; resolves to whether there is. */
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
      // Much may have been stored since, and others are not to wait for all of it.
      await setImmediate();
    }
    return this.#page.length > 0;
  }
}
