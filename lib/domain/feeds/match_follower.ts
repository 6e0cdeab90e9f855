/**
 * Follows what a query finds in a room as the room grows, reading from the log a bounded piece at a
 * time.
 *
 * @module
 */

import type { MatchReading } from "../history/read_matches.ts";
import type { Matches } from "../history/room_history.ts";
import type { RoomStream, Subscriber } from "../rooms/room_stream.ts";

/** Reads on as a room grows. While it waits, the room costs it nothing but a flag. */
export class MatchFollower implements Subscriber, Disposable {
  readonly label: string;
  readonly #reading: MatchReading;
  readonly #stream: RoomStream;
  #after: number;
  #wake: (() => void) | undefined;
  #isStopped = false;

  /** @param after The number after which to begin, at most the stream's last one. */
  constructor(stream: RoomStream, reading: MatchReading, after = stream.lastSeq) {
    this.label = `follower of #${stream.name}`;
    this.#stream = stream;
    this.#reading = reading;
    this.#after = after;
    stream.subscribe(this);
  }

  /** The number of the last event that was looked at. */
  get after(): number {
    return this.#after;
  }

  /** Whether there are events that were not looked at. */
  get isBehind(): boolean {
    return this.#after < this.#stream.lastSeq;
  }

  /** Part of {@linkcode Subscriber}. */
  deliver(): void {
    this.#wake?.();
  }

  /** The next page, once there are events; `undefined` after {@linkcode stop}. */
  async next(): Promise<Matches | undefined> {
    const { history, room, query, limit, turn } = this.#reading;
    while (!this.#isStopped && !this.isBehind) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    if (!this.#isStopped) await turn?.();
    if (this.#isStopped) return undefined;
    const range = { after: this.#after, before: this.#stream.lastSeq + 1 };
    const page = await history.matches(room, range, query, limit, "first");
    this.#after = page.before - 1;
    return this.#isStopped ? undefined : page;
  }

  /** Makes {@linkcode next} end. */
  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
  }

  [Symbol.dispose](): void {
    this.stop();
    this.#stream.unsubscribe(this);
  }
}
