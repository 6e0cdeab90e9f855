/**
 * Drafts posted from outside the rooms, over HTTP for example, whose poster waits for the outcome.
 *
 * @module
 */

import type { Draft, RoomEvent } from "../room_event.ts";

interface Post {
  /** Drafts whose outcome is still open. */
  left: number;
  readonly events: RoomEvent[];
  resolve(events: readonly RoomEvent[]): void;
  reject(reason: Error): void;
}

export class Posts {
  /** By origin. */
  readonly #posts = new Map<number, Post>();

  /**
   * Resolves to the events of these drafts once all are on disk; rejects if they are refused.
   *
   * @param drafts At least one, all of one origin that nothing else uses.
   */
  expect(drafts: readonly Draft[]): Promise<readonly RoomEvent[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly RoomEvent[]>();
    this.#posts.set(drafts[0].origin!, { left: drafts.length, events: [], resolve, reject });
    return promise;
  }

  /** Takes committed events, whatever their origin. */
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

  /** Takes drafts that could not be stored, whatever their origin. */
  refuse(drafts: readonly Draft[], reason: Error): void {
    if (this.#posts.size === 0) return;
    for (const { origin } of drafts) {
      this.#posts.get(origin!)?.reject(reason);
      this.#posts.delete(origin!);
    }
  }
}
