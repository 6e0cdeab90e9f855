/**
 * Loads a room's history in pages: at either end of what is loaded, or around another event.
 *
 * @module
 */

import type { HistoryAnswer, HistoryRequest } from "../protocol.ts";
import type { Hole } from "./hole.ts";
import type { Timeline } from "./timeline.ts";

/** Messages in a page. */
const PAGE = 100;
/** Events kept in memory; the ones farthest from the visible part are dropped first. */
const MAX_EVENTS = 3000;

type Place = Omit<HistoryRequest, "type" | "ref" | "room" | "limit" | "query">;

export interface PagerOptions {
  readonly room: string;
  readonly timeline: Timeline;
  history(request: Place & { room: string; limit: number; query?: string }): Promise<HistoryAnswer>;
  onChange(): void;
}

export class Pager {
  readonly timeline: Timeline;
  /** Why the last request failed, in a sentence; cleared by the next one. */
  problem: string | undefined;
  readonly #options: PagerOptions;
  #loading: Promise<void> | undefined;
  /** Counts jumps, so that only the latest of several waiting ones is loaded. */
  #jumps = 0;

  constructor(options: PagerOptions) {
    this.#options = options;
    this.timeline = options.timeline;
  }

  get isLoading(): boolean {
    return this.#loading !== undefined;
  }

  /** Loads the page before, unless at the start or while another one loads; returns whether it does. */
  older(): boolean {
    const { after, limits, isAtStart } = this.timeline;
    if (isAtStart || this.#loading || this.problem) return false;
    // The bounds are exclusive: event `after` itself is not loaded.
    this.#load({ before: Math.min(after + 1, limits.before) });
    return true;
  }

  /** Loads the page after, unless at the end or while another one loads; returns whether it does. */
  newer(): boolean {
    const { before, limits, isAtEnd } = this.timeline;
    if (isAtEnd || this.#loading || this.problem) return false;
    this.#load({ after: Math.max(before - 1, limits.after) });
    return true;
  }

  /** Loads the events around `seq`; resolves when they are loaded or have failed to. */
  async around(seq: number): Promise<void> {
    const { after, before } = this.timeline;
    const isThere = seq > after && seq < before && !this.timeline.holeAt(seq);
    if (!isThere) await this.#jump({ around: seq });
  }

  /** Loads the first lines of a hole. */
  async fill(hole: Hole): Promise<void> {
    await this.#jump({ after: hole.first - 1 });
  }

  /** Loads the start. */
  async oldest(): Promise<void> {
    const { limits, isAtStart } = this.timeline;
    if (!isAtStart) await this.#jump({ after: limits.after });
  }

  /** Loads the end. */
  async newest(): Promise<void> {
    const { limits, isAtEnd } = this.timeline;
    if (isAtEnd) return;
    await this.#jump(limits.before === Infinity ? {} : { before: limits.before });
  }

  /** Clears the problem, so that the list requests the page again. */
  retry(): void {
    this.problem = undefined;
    this.#options.onChange();
  }

  /** Drops events far from `seq` if there are too many. */
  trim(seq: number): void {
    if (this.#loading || this.timeline.events.length <= MAX_EVENTS) return;
    this.timeline.trim(seq, MAX_EVENTS >> 1);
  }

  async #jump(place: Place): Promise<void> {
    const jump = ++this.#jumps;
    if (this.#loading) await this.#loading;
    if (jump === this.#jumps) await this.#load(place);
  }

  #load(place: Place): Promise<void> {
    const loading = this.#fetch(place).finally(() => {
      this.#loading = undefined;
      this.#options.onChange();
    });
    this.#loading = loading;
    this.problem = undefined;
    return loading;
  }

  async #fetch(place: Place): Promise<void> {
    const { room, history } = this.#options;
    const { after, before } = this.timeline;
    try {
      const answer = await history({ room, limit: PAGE, ...place });
      this.timeline.merge(answer);
      this.timeline.fill(answer);
      // Without progress the list would request the same page forever.
      const isOlder = place.before === after + 1;
      const isNewer = place.after === before - 1;
      if (
        (isOlder && this.timeline.after === after) || (isNewer && this.timeline.before === before)
      ) {
        this.problem = "The server sent no more messages.";
      }
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}
