/**
 * A chart of a room's events over time: what is in it, and the part that is chosen.
 *
 * @module
 */

import type { CountsJson } from "./chart_range.ts";
import { type BarRange, countIn, spanOf, timesOf } from "./chart_range.ts";
import type { ViewFilter } from "./message_view.ts";

export interface ChartViewOptions {
  /** The name of the room. */
  readonly room: string;
  /** `GET /api/rooms/ROOM/counts`; `times` is the part of the room to be shown. */
  counts(room: string, bars: number, times?: Times): Promise<CountsJson>;
  /** The number of the room's latest event. */
  lastSeq(): number;
  onChange(): void;
}

/** So many events are only added to the last bar; then the chart is loaded again. */
const RELOAD_AFTER = 50;

interface Times {
  readonly since: string;
  readonly until: string;
}

/** A stretch that was zoomed into. */
interface Zoom extends Times {
  /** The number after that of its last event. */
  readonly end: number;
}

export class ChartView {
  counts: CountsJson | undefined;
  range: BarRange | undefined;
  /** Why there is no chart, in a sentence. */
  problem: string | undefined;
  readonly #options: ChartViewOptions;
  #zoom: Zoom | undefined;
  #end = 0;
  #bars = 0;
  #loads = 0;
  /** Events since it was loaded. */
  #added = 0;

  constructor(options: ChartViewOptions) {
    this.#options = options;
  }

  get isZoomed(): boolean {
    return this.#zoom !== undefined;
  }

  get room(): string {
    return this.#options.room;
  }

  /** Loads the chart in so many bars, if it is not there in as many. */
  show(bars: number): void {
    if (bars === this.#bars) return;
    this.#bars = bars;
    this.range = undefined;
    this.#load();
  }

  /** Something has happened in the room, unless it is looked at in part: then it stands still. */
  add(events: number): void {
    const last = this.counts?.buckets.at(-1);
    if (!last || this.range || this.#zoom) return;
    this.#added += events;
    const { buckets } = this.counts!;
    this.counts = {
      ...this.counts!,
      buckets: [...buckets.slice(0, -1), { ...last, count: last.count + events }],
    };
    this.#end += events;
    // The last bar is not the right one for ever.
    if (this.#added >= RELOAD_AFTER) this.#load();
  }

  choose(range: BarRange | undefined): void {
    this.range = range;
    this.#options.onChange();
  }

  /** What the chosen part leaves of the room. */
  get filter(): ViewFilter | undefined {
    if (!this.counts || !this.range) return undefined;
    return {
      span: spanOf(this.counts, this.range, this.#end),
      ...timesOf(this.counts, this.range),
    };
  }

  /** How many events are in the chosen part. */
  get count(): number {
    return this.counts && this.range ? countIn(this.counts, this.range) : 0;
  }

  /** Shows the chosen part only, in finer bars. */
  zoomIn(): void {
    const { filter } = this;
    if (!filter) return;
    const { since, until, span } = filter;
    this.#zoom = { since, until, end: span.before };
    this.range = undefined;
    this.#load();
  }

  /** Shows the whole room. */
  reset(): void {
    this.range = undefined;
    if (!this.#zoom) return this.#options.onChange();
    this.#zoom = undefined;
    this.#load();
  }

  async #load(): Promise<void> {
    const load = ++this.#loads;
    const { room, counts, lastSeq, onChange } = this.#options;
    const zoom = this.#zoom;
    const end = zoom?.end ?? lastSeq() + 1;
    const times = zoom && { since: zoom.since, until: zoom.until };
    try {
      const answer = await counts(room, this.#bars, times);
      if (load !== this.#loads) return;
      this.counts = answer;
      this.#end = end;
      this.#added = 0;
      this.problem = undefined;
    } catch (error) {
      if (load !== this.#loads) return;
      this.problem = error instanceof Error ? error.message : String(error);
    }
    onChange();
  }
}
