/**
 * Follows a room through a filter: asks the server what it lets through of the latest events, at
 * most a few times a second.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { HistoryAnswer } from "../protocol.ts";
import type { Timeline } from "./timeline.ts";

/** The least time between two requests. */
const INTERVAL_MS = 250;
/** Lines asked for at a time. */
const PAGE = 200;
/** Further behind than this, what lies between is left for when somebody scrolls there. */
const MOST_BEHIND = 5000;

export interface FilterFollowerOptions {
  readonly timeline: Timeline;
  readonly clock: Clock;
  /** Asks for events after a number, or for the latest, through the filter. */
  ask(place: { readonly after?: number; readonly limit: number }): Promise<HistoryAnswer>;
  onChange(): void;
}

export class FilterFollower {
  readonly #options: FilterFollowerOptions;
  #cancel: (() => void) | undefined;
  #isAsking = false;
  #isStopped = false;
  #hasMore = false;

  constructor(options: FilterFollowerOptions) {
    this.#options = options;
  }

  /** Called when the room has new events. */
  poke(): void {
    this.#hasMore = true;
    if (this.#isStopped || this.#isAsking || this.#cancel) return;
    this.#cancel = this.#options.clock.after(INTERVAL_MS, () => {
      this.#cancel = undefined;
      void this.#follow();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  async #follow(): Promise<void> {
    const { timeline, ask, onChange } = this.#options;
    // Somebody has scrolled up, and loads the rest in coming back.
    if (!timeline.isAtEnd) return;
    this.#isAsking = true;
    this.#hasMore = false;
    try {
      let answer = await ask({ after: timeline.before - 1, limit: PAGE });
      const isFarBehind = answer.lastSeq - answer.before > MOST_BEHIND;
      if (isFarBehind) answer = await ask({ limit: PAGE });
      if (this.#isStopped || !timeline.isAtEnd) return;
      timeline.follow(answer);
      this.#hasMore ||= answer.before <= answer.lastSeq;
      onChange();
    } catch {
      // The next events try again.
    } finally {
      this.#isAsking = false;
      if (this.#hasMore) this.poke();
    }
  }
}
