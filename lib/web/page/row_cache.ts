/**
 * The rows of a view, built again only when something has changed.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import { EventFactsCache } from "./event_facts.ts";
import type { Note, Row } from "./row.ts";
import { buildRows } from "./rows.ts";
import type { Timeline } from "./timeline.ts";
import type { UnsentLine } from "./unsent.ts";

export interface RowCacheInputs {
  readonly timeline: Timeline;
  /** Those of the timeline's events that are shown. */
  readonly events: readonly EventJson[];
  /** Number of the last event shown. */
  readonly shownTo: number;
  /** Whether notes and unsent lines belong to what is shown. */
  readonly isLive: boolean;
  /** Whether the first row can be the beginning of the room. */
  readonly isWhole: boolean;
  /** Log lines from this number on are not folded. */
  readonly keepFrom: number;
  readonly name: string;
  /** Number of the event before the "New" marker. */
  readonly readTo: number | undefined;
  readonly notes: readonly Note[];
  readonly unsent: readonly UnsentLine[];
  /** Numbers of log lines whose folds are open, and how often they have changed. */
  readonly unfolded: ReadonlySet<number>;
  readonly folds: number;
}

export class RowCache {
  #inputs: readonly unknown[] = [];
  #rows: readonly Row[] = [];
  readonly #facts = new EventFactsCache();

  /** The same array until something changes. */
  rows(given: RowCacheInputs): readonly Row[] {
    const { timeline, events, shownTo, isLive, isWhole, readTo, notes, unsent, folds } = given;
    const { keepFrom, name, unfolded } = given;
    const { holes, isAtStart, isAtEnd } = timeline;
    // Unsent lines change in place.
    const states = unsent.map(({ ref, state }) => ref + state).join();
    const values = [events, holes, isAtStart, isAtEnd, isLive, keepFrom, name, readTo, notes];
    const inputs = [...values, folds, states];
    if (inputs.every((input, at) => input === this.#inputs[at])) return this.#rows;
    this.#inputs = inputs;
    return this.#rows = buildRows({
      events,
      holes: holes.filter(({ first }) => first <= shownTo),
      isAtStart: isAtStart && isWhole,
      isAtEnd,
      keepFrom,
      name,
      unfolded,
      // Before it, something unread may not be loaded.
      readTo: readTo !== undefined && readTo >= timeline.after ? readTo : undefined,
      notes: isLive ? notes : [],
      unsent: isLive ? unsent : [],
      facts: this.#facts,
    });
  }
}
