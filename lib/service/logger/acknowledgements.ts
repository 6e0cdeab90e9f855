/**
 * `ack #SEQ` for every so many lines that are on disk.
 *
 * @module
 */

import type { RoomEvent } from "../../domain/room_event.ts";
import type { Replies } from "./replies.ts";

export class Acknowledgements {
  readonly #interval: number;
  readonly #replies: Replies;
  /** Lines since the last one. */
  #lines = 0;

  constructor(interval: number, replies: Replies) {
    this.#interval = interval;
    this.#replies = replies;
  }

  /** Counts lines that are on disk, in order. */
  add(events: readonly RoomEvent[]): void {
    const replies: string[] = [];
    let next = this.#interval - this.#lines - 1;
    for (; next < events.length; next += this.#interval) replies.push(`ack #${events[next].seq}`);
    this.#lines = this.#interval - (next - events.length) - 1;
    this.#replies.send(replies);
  }
}
