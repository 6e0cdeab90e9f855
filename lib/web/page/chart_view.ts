/**
 * A chart of a room's events over time: its data, selection and zoom.
 *
 * @module
 */

import { addLevels, type LevelCounts } from "./log_level.ts";
import type { CountsJson } from "./chart_range.ts";
import { type BarRange, countIn, rangeTimes, spanOf } from "./chart_range.ts";
import type { ViewFilter } from "./filtered_room.ts";

export interface ChartViewOptions {
  /** The name of the room. */
  readonly room: string;
  /** Calls `GET /api/rooms/ROOM/counts`; `times` limits it to a part of the room. */
  counts(room: string, bars: number, times?: Times): Promise<CountsJson>;
  /** The number of the room's latest event. */
  lastSeq(): number;
  onChange(): void;
}

/** New events are added to the last bar; after this many the chart is loaded again. */
const RELOAD_AFTER = 50;
/** But no more often than this: thousands of lines may come in a second. */
const RELOAD_INTERVAL_MS = 3000;

interface Times {
  readonly since: string;
  readonly until: string;
}

/** The part of the room that was zoomed into. */
interface Zoom extends Times {
  /** One more than the number of its last event. */
  readonly end: number;
}

export class ChartView {
  counts: CountsJson | undefined;
  range: BarRange | undefined;
  /** Why the chart could not be loaded, in a sentence. */
  problem: string | undefined;
  readonly #options: ChartViewOptions;
  #zoom: Zoom | undefined;
  #end = 0;
  #bars = 0;
  #loads = 0;
  #reloadedAt = -Infinity;
  /** Events added since it was loaded. */
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

  /** Loads the chart with `bars` bars, unless it already has that many. */
  show(bars: number): void {
    if (bars === this.#bars) return;
    this.#bars = bars;
    this.range = undefined;
    this.#load();
  }

  /** Adds new events; a chart with a selection or zoom does not change. */
  add(events: number, levels: LevelCounts = {}): void {
    const last = this.counts?.buckets.at(-1);
    if (!last || this.range || this.#zoom) return;
    this.#added += events;
    const { buckets } = this.counts!;
    this.counts = {
      ...this.counts!,
      buckets: [...buckets.slice(0, -1), {
        ...last,
        count: last.count + events,
        levels: addLevels(last.levels ?? {}, levels),
      }],
    };
    this.#end += events;
    // The last bar covers only a fixed interval.
    const now = performance.now();
    if (this.#added < RELOAD_AFTER || now - this.#reloadedAt < RELOAD_INTERVAL_MS) return;
    this.#reloadedAt = now;
    this.#load();
  }

  choose(range: BarRange | undefined): void {
    this.range = range;
    this.#options.onChange();
  }

  /** The filter that shows only the selection. */
  get filter(): ViewFilter | undefined {
    if (!this.counts || !this.range) return undefined;
    return {
      span: spanOf(this.counts, this.range, this.#end),
      ...rangeTimes(this.counts, this.range),
    };
  }

  /** Number of events in the selection. */
  get count(): number {
    return this.counts && this.range ? countIn(this.counts, this.range) : 0;
  }

  /** Shows only the selection, in finer bars. */
  zoomIn(): void {
    const { filter } = this;
    if (!filter) return;
    const { since, until, span } = filter;
    this.#zoom = { since, until, end: span.before };
    this.range = undefined;
    this.#load();
  }

  /** Removes the selection and the zoom. */
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
