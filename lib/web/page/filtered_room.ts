/**
 * A room, or only a part of it: a stretch of time or what a query finds. Each part has its own
 * timeline.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { FilterFollower, type FilterFollowerOptions } from "./filter_follower.ts";
import { Pager, type PagerOptions } from "./pager.ts";
import { type Span, Timeline } from "./timeline.ts";

/** The only part of the room to show. */
export interface ViewFilter {
  readonly span: Span;
  readonly since: string;
  readonly until: string;
}

export interface FilteredRoomOptions extends Pick<PagerOptions, "history" | "onChange"> {
  readonly room: string;
  /** Of the whole room. */
  readonly timeline: Timeline;
  readonly clock: Clock;
}

export class FilteredRoom {
  filter: ViewFilter | undefined;
  /** What of the room to show, in the query language; `""` for all. */
  query = "";
  /** The pager of the whole room. */
  readonly live: Pager;
  readonly #options: FilteredRoomOptions;
  #part: Pager | undefined;
  #follower: FilterFollower | undefined;

  constructor(options: FilteredRoomOptions) {
    this.#options = options;
    this.live = this.#pagerFor(options.timeline);
  }

  /** The pager of what is shown. */
  get pager(): Pager {
    return this.#part ?? this.live;
  }

  /** Whether only some of the room is shown. */
  get isFiltered(): boolean {
    return this.filter !== undefined || this.query !== "";
  }

  /** Shows another part, from its end on. */
  show({ filter, query = this.query }: { readonly filter?: ViewFilter; readonly query?: string }) {
    this.filter = filter;
    this.query = query;
    this.#follower?.stop();
    this.#follower = undefined;
    this.#part = undefined;
    const { lastSeq } = this.live.timeline;
    if (filter) {
      const { span: { after, before } } = filter;
      const last = Math.min(before - 1, lastSeq);
      this.#part = this.#pagerFor(new Timeline(last, { after, before: last + 1 }));
    } else if (query !== "") {
      const timeline = new Timeline(lastSeq);
      this.#part = this.#pagerFor(timeline);
      const { room, history, clock, onChange } = this.#options;
      const ask: FilterFollowerOptions["ask"] = (place) => history({ room, query, ...place });
      this.#follower = new FilterFollower({ timeline, clock, ask, onChange });
    }
  }

  /** Looks for new events that the query finds. */
  follow(): void {
    this.#follower?.poke();
  }

  #pagerFor(timeline: Timeline): Pager {
    const { room, history, onChange } = this.#options;
    const { query } = this;
    return new Pager({
      room,
      timeline,
      history: query === "" ? history : (request) => history({ ...request, query }),
      onChange,
    });
  }
}
