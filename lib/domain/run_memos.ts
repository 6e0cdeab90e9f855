/**
 * What is made of a run of events once for all who are told of it, such as its bytes.
 *
 * A fan-out asks for the same run member after member, so only that of the latest run is at hand.
 * A run from before is asked for by those who are behind, and then kept for as long as it is alive.
 * Not every run is: what a `WeakMap` holds for a key that is gone counts as alive until the next
 * full collection, and was a third of what the collector had to copy.
 *
 * @module
 */

import type { EventRun } from "./room_stream.ts";

export class RunMemos<Memo> {
  readonly #make: (run: EventRun) => Memo;
  readonly #older = new WeakMap<EventRun, Memo>();
  #latest: EventRun | undefined;
  #memo: Memo | undefined;
  /** The `id` with which the newest run began. */
  #newestId = 0;

  /** @param make Makes it of a run, which is never empty. */
  constructor(make: (run: EventRun) => Memo) {
    this.#make = make;
  }

  /** What was made of this very array, or is made of it now. */
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
