/**
 * `ack #SEQ` for every so many lines that are on disk.
 *
 * @module
 */

import type { RoomEvent } from "../../domain/room_event.ts";
import type { Session } from "../../server/session.ts";

export class Acknowledgements {
  readonly #interval: number;
  readonly #session: Session;
  /** Lines since the last one. */
  #lines = 0;

  constructor(interval: number, session: Session) {
    this.#interval = interval;
    this.#session = session;
  }

  /** Counts lines that are on disk, in order. */
  add(events: readonly RoomEvent[]): void {
    const lines: string[] = [];
    let next = this.#interval - this.#lines - 1;
    for (; next < events.length; next += this.#interval) lines.push(`ack #${events[next].seq}`);
    this.#lines = this.#interval - (next - events.length) - 1;
    if (lines.length > 0) this.#session.answer(lines.join("\r\n"));
  }
}
