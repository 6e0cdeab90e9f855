/**
 * State of the services: text under a service's name and a key, changed one value at a time.
 * Implemented by the folders of `store/`.
 *
 * @module
 */

/** The outcome of changing a value. */
export interface StateChange<Result> {
  /** The new value. `null` removes the old one, and `undefined` keeps it. */
  readonly value?: string | null;
  /** What to answer. */
  readonly result: Result;
}

/** A value of a service as it is to be from now on. */
export interface StateSetting {
  readonly service: string;
  readonly key: string;
  /** `null` removes it. */
  readonly value: string | null;
}

/** Keeps values that many clients change at once, and loses no change. */
export interface StateStore {
  /**
   * Changes one value. Changes are made one after the other, in the order of the calls; each sees
   * what the one before left. Reading a value is a change that keeps it.
   *
   * @param change Gets the value, `undefined` if there is none. Called once, some time after the
   * call; it must be synchronous, and an exception refuses this change alone.
   * @returns The change's result, once this change and all that it saw are on disk.
   * @throws {Error} if it could not be stored; nothing has changed then.
   */
  update<Result>(
    service: string,
    key: string,
    change: (value: string | undefined) => StateChange<Result>,
  ): Promise<Result>;
  /** All values of a service by key, in the order in which the keys were first set. */
  all(service: string): Promise<ReadonlyMap<string, string>>;
  /**
   * Removes values of a service that no update has read or changed since a moment, those unused for
   * longest first. A use is noted to the day.
   *
   * @param before Milliseconds since 1970.
   * @param limit Most values to remove: each takes some microseconds, during which nothing else is
   * done.
   * @returns How many were removed.
   * @throws {Error} if that could not be stored; nothing has changed then.
   */
  removeUnused(service: string, before: number, limit: number): Promise<number>;
}

/** A use within this time of one noted before is not noted again, milliseconds. */
export const USE_RESOLUTION_MS = 24 * 60 * 60 * 1000;
