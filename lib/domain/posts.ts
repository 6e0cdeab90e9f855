/**
 * Drafts from outside all rooms, on their way, and who waits for what becomes of them.
 *
 * @module
 */

import type { Draft, RoomEvent } from "./room_event.ts";

interface Post {
  /** How many of its drafts are still to come back. */
  left: number;
  readonly events: RoomEvent[];
  resolve(events: readonly RoomEvent[]): void;
  reject(reason: Error): void;
}

export class Posts {
  /** By origin. */
  readonly #posts = new Map<number, Post>();

  /**
   * Resolves to the events of these drafts once all have come back, or rejects where they were
   * refused.
   *
   * @param drafts At least one, all of one origin, which nobody else has.
   */
  expect(drafts: readonly Draft[]): Promise<readonly RoomEvent[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly RoomEvent[]>();
    this.#posts.set(drafts[0].origin!, { left: drafts.length, events: [], resolve, reject });
    return promise;
  }

  /** Takes note of committed events, of anybody. */
  settle(events: readonly RoomEvent[]): void {
    if (this.#posts.size === 0) return;
    for (const event of events) {
      const post = this.#posts.get(event.origin!);
      if (!post) continue;
      post.events.push(event);
      if (--post.left > 0) continue;
      this.#posts.delete(event.origin!);
      post.resolve(post.events);
    }
  }

  /** Takes note of drafts that could not be kept, of anybody. */
  refuse(drafts: readonly Draft[], reason: Error): void {
    if (this.#posts.size === 0) return;
    for (const { origin } of drafts) {
      this.#posts.get(origin!)?.reject(reason);
      this.#posts.delete(origin!);
    }
  }
}
