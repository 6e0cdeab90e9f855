/**
 * Loading a room's past as it is looked at: a page at either end of what is at hand, or another
 * place altogether.
 *
 * @module
 */

import type { HistoryAnswer, HistoryRequest } from "../protocol.ts";
import type { Hole } from "./hole.ts";
import type { Timeline } from "./timeline.ts";

/** Messages in a page. */
const PAGE = 100;
/** Events kept at hand; what is farthest from the eye goes first. */
const KEPT_EVENTS = 3000;

type Place = Omit<HistoryRequest, "type" | "ref" | "room" | "limit">;

export interface PagerOptions {
  readonly room: string;
  readonly timeline: Timeline;
  history(request: Place & { room: string; limit: number }): Promise<HistoryAnswer>;
  /** Something was loaded, is being loaded, or could not be. */
  onChange(): void;
}

export class Pager {
  readonly timeline: Timeline;
  /** Why the last attempt failed, in a sentence; until the next one. */
  problem: string | undefined;
  readonly #options: PagerOptions;
  #loading: Promise<void> | undefined;
  /** Counts the jumps, so that an answer that comes after the next one is not used. */
  #jumps = 0;

  constructor(options: PagerOptions) {
    this.#options = options;
    this.timeline = options.timeline;
  }

  get isLoading(): boolean {
    return this.#loading !== undefined;
  }

  /** Loads what comes before; nothing if there is no more, or something is being loaded. */
  older(): void {
    const { after, limits, isAtStart } = this.timeline;
    if (isAtStart || this.#loading || this.problem) return;
    // All that is at hand may be one event with nothing known before it.
    this.#load({ before: Math.min(after + 1, limits.before) });
  }

  /** Loads what comes after. */
  newer(): void {
    const { before, limits, isAtEnd } = this.timeline;
    if (isAtEnd || this.#loading || this.problem) return;
    this.#load({ after: Math.max(before - 1, limits.after) });
  }

  /** Goes where an event is; resolves when its surroundings are at hand, or cannot be had. */
  async around(seq: number): Promise<void> {
    const { after, before } = this.timeline;
    const isThere = seq > after && seq < before && !this.timeline.holeAt(seq);
    if (!isThere) await this.#jump({ around: seq });
  }

  /** Loads the first lines of a hole. */
  async fill(hole: Hole): Promise<void> {
    await this.#jump({ after: hole.first - 1 });
  }

  /** Goes to the end. */
  async newest(): Promise<void> {
    const { limits, isAtEnd } = this.timeline;
    if (isAtEnd) return;
    await this.#jump(limits.before === Infinity ? {} : { before: limits.before });
  }

  /** Forgets that it failed, and lets whoever looks at it ask again. */
  retry(): void {
    this.problem = undefined;
    this.#options.onChange();
  }

  /** Lets go of what is far from event `seq`, if there is much. */
  trim(seq: number): void {
    if (this.#loading || this.timeline.events.length <= KEPT_EVENTS) return;
    this.timeline.trim(seq, KEPT_EVENTS >> 1);
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
      // Whoever asks for the rest would ask again and again.
      const isOlder = place.before === after + 1;
      const isNewer = place.after === before - 1;
      if (
        (isOlder && this.timeline.after === after) || (isNewer && this.timeline.before === before)
      ) {
        this.problem = "The server has sent nothing more.";
      }
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}
