/**
 * Which part of the open room is shown: the chart's selection, a query, or the time from a day on.
 *
 * @module
 */

import { logQueryText } from "../../domain/search/log_query_text.ts";
import type { EventJson } from "../protocol.ts";
import { fetchCounts } from "./api.ts";
import { ChartView } from "./chart_view.ts";
import type { Client } from "./client.ts";
import { countOfEvents, levelsOfEvents } from "./hole.ts";
import type { Places } from "./places.ts";
import type { RoomState } from "./room_state.ts";

export interface RoomFiltersOptions {
  readonly client: Client;
  readonly places: Places;
  /** Shows the query of the open view in the address bar. */
  showQuery(): void;
  /** Shows a sentence in the open view. */
  note(text: string, options?: { readonly isError: boolean }): void;
  onChange(): void;
}

export class RoomFilters {
  readonly #options: RoomFiltersOptions;
  #chart: ChartView | undefined;

  constructor(options: RoomFiltersOptions) {
    this.#options = options;
  }

  /** The chart of the open room. */
  get chart(): ChartView | undefined {
    const { client, places: { room }, onChange } = this.#options;
    if (!room) return undefined;
    if (this.#chart?.room !== room.name) {
      this.#chart = new ChartView({
        room: room.name,
        counts: (room, buckets, times) => fetchCounts(room, buckets, times, client.session),
        lastSeq: () => room.timeline.lastSeq,
        onChange,
      });
    }
    return this.#chart;
  }

  /** Adds new events of a room to the chart. */
  add(room: RoomState, events: readonly EventJson[], lines: readonly EventJson[]): void {
    if (this.#chart?.room !== room.name) return;
    this.#chart.add(countOfEvents(events), levelsOfEvents(lines));
  }

  /** Filters the messages by the chart's selection, or removes the filter if there is none. */
  applyChart(): void {
    const { view } = this.#options.places;
    const filter = this.#chart?.filter;
    if (filter) view?.setFilter(filter);
    else view?.clearFilter();
  }

  /** Removes the chart's filter. */
  showAll(): void {
    const { view } = this.#options.places;
    if (!view?.filter) return;
    this.#chart?.choose(undefined);
    view.clearFilter();
  }

  /** Filters the open view by a query; the address bar keeps it. */
  setQuery(query: string): void {
    const { places, showQuery, onChange } = this.#options;
    places.view?.setQuery(logQueryText(query));
    showQuery();
    onChange();
  }

  /** Goes to the first message of a day, such as `2026-11-21`, or later. */
  async goToDay(day: string): Promise<void> {
    const { client, places: { room, view }, note } = this.#options;
    if (!room || !view) return;
    const since = new Date(`${day}T00:00`);
    const until = new Date(Math.max(Date.now(), since.getTime()) + 1000);
    const times = { since: since.toISOString(), until: until.toISOString() };
    try {
      const { buckets } = await fetchCounts(room.name, 1, times, client.session);
      if (buckets[0].count === 0) {
        note(`Nothing has been said in #${room.name} since then.`);
        return void view.goToNewest();
      }
      await view.goNear(buckets[0].after + 1);
    } catch (error) {
      note((error as Error).message, { isError: true });
    }
  }
}
