/**
 * Caches what is computed from a run of events, such as its encoded bytes, for all its receivers.
 *
 * A fan-out asks for the same run member after member, so a single slot for the latest run is
 * enough. Only older runs, which slow readers ask for, go into a `WeakMap`: its values stay alive
 * until the next full collection, and with every run in it they were a third of what the collector
 * copied.
 *
 * @module
 */

import type { EventRun } from "../rooms/room_stream.ts";

export class RunMemos<Memo> {
  readonly #make: (run: EventRun) => Memo;
  readonly #older = new WeakMap<EventRun, Memo>();
  #latest: EventRun | undefined;
  #memo: Memo | undefined;
  /** The `id` with which the newest run began. */
  #newestId = 0;

  /** @param make Computes the value for a run, which is never empty. */
  constructor(make: (run: EventRun) => Memo) {
    this.#make = make;
  }

  /** The value for this very array, computed if it is new. */
  of(run: EventRun): Memo {
    return run === this.#latest ? this.#memo! : this.#turnTo(run);
  }

  #turnTo(run: EventRun): Memo {
    const isNew = run[0].id > this.#newestId;
    let memo = isNew ? undefined : this.#older.get(run);
    if (memo === undefined) {
      memo = this.#make(run);
      if (!isNew) this.#older.set(run, memo);
    }
    if (isNew) this.#newestId = run[0].id;
    this.#latest = run;
    return this.#memo = memo;
  }
}
