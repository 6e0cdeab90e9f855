/**
 * A view that is paused shows nothing that has come since.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";

export class Pause {
  /** Number of the last event shown; `undefined` while the view is not paused. */
  at: number | undefined;
  #events: readonly EventJson[] | undefined;
  #shown: readonly EventJson[] = [];

  /** @param lastSeq Number of the last event to show. */
  begin(lastSeq: number): void {
    this.at = lastSeq;
    this.#shown = [];
    this.#events = undefined;
  }

  end(): void {
    this.at = undefined;
  }

  /** Those of the events that are shown; the same array as before if nothing has changed. */
  shownOf(events: readonly EventJson[]): readonly EventJson[] {
    const { at } = this;
    if (at === undefined) return events;
    if (events !== this.#events) {
      this.#events = events;
      const shown = events.filter(({ seq }) => seq <= at);
      const last = this.#shown.length - 1;
      const isSame = shown.length === last + 1 && shown[0] === this.#shown[0] &&
        shown[last] === this.#shown[last];
      if (!isSame) this.#shown = shown;
    }
    return this.#shown;
  }
}
