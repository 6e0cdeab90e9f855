/**
 * Moves readers to the new room after a rename, a few in each turn of the event loop, because a
 * room may have thousands.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { log } from "../../../log.ts";

/** Readers that follow in one turn of the event loop. */
const AT_ONCE = 20;

/** Somebody in a renamed room. */
export interface Follower {
  /** Moves to the new room. Safe to call again. */
  follow(): void;
}

export class FollowerQueue {
  readonly #waiting = new Set<Follower>();
  #running: Promise<void> | undefined;

  /** Queues somebody to follow in a later turn, in order. */
  add(follower: Follower): void {
    this.#waiting.add(follower);
    this.#running ??= this.#run();
  }

  /** Resolves once everybody in the queue has followed. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Not while events are still being handed out.
    await setImmediate();
    let count = 0;
    for (const follower of this.#waiting) {
      this.#waiting.delete(follower);
      try {
        follower.follow();
      } catch (error) {
        log("chat").error("Cannot let somebody follow to another room: {error}", { error });
      }
      if (++count % AT_ONCE === 0) await setImmediate();
    }
    this.#running = undefined;
  }
}
