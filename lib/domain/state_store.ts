/**
 * What small services keep: text under a service's name and a key, changed one at a time.
 * Fulfilled by the folders of `store/`.
 *
 * @module
 */

/** What a change makes of a value. */
export interface StateChange<Result> {
  /** The new value; `undefined` leaves the old one. */
  readonly value?: string;
  /** What to answer. */
  readonly result: Result;
}

/** Keeps values that many clients change at once, and loses no change. */
export interface StateStore {
  /**
   * Changes one value. Changes are made one after the other, in the order of the calls; each sees
   * what the one before left. Reading a value is a change that leaves it.
   *
   * @param change Gets the value, `undefined` if there is none. Called once, some time after the
   * call; it must not wait, and what it throws refuses this change alone.
   * @returns The change's result, once this change and all that it saw are on disk.
   * @throws {Error} where it could not be kept; nothing is changed then.
   */
  update<Result>(
    service: string,
    key: string,
    change: (value: string | undefined) => StateChange<Result>,
  ): Promise<Result>;
  /** All values of a service by key, in the order in which the keys were first set. */
  all(service: string): Promise<ReadonlyMap<string, string>>;
}
