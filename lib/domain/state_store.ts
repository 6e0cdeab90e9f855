/**
 * State of the services: text under a service's name and a key, changed one value at a time.
 * Implemented by the folders of `store/`.
 *
 * @module
 */

/** The outcome of changing a value. */
export interface StateChange<Result> {
  /**
   * The new value. `null` removes the old one, and `undefined` keeps it: nothing is stored. If it is
   * the value that there is, the result holds for all nodes of a cluster at that moment; with
   * `undefined`, it may miss what another node has just changed.
   */
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

/** A setting that is made only if the value is still what it was when that was decided. */
export interface ConditionalSetting extends StateSetting {
  /** `null` for none. */
  readonly was: string | null;
}

/** Another node was faster: a value is not what it was when something was decided. */
export class StateConflictError extends Error {
  override readonly name = "StateConflictError";

  constructor() {
    super("Another node has changed it at the same moment");
  }
}

/**
 * Takes over a change of a value; `null` for one that was removed.
 *
 * @param was The value before, `null` for none; absent if the change did not depend on it.
 */
export type StateListener = (key: string, value: string | null, was?: string | null) => void;

/** A setting that is stored together with events. */
export interface DatedSetting extends StateSetting {
  /** When it was decided, milliseconds since 1970; counts as a use. */
  readonly at: number;
}

/** A value as it is stored. */
export interface StoredValue {
  readonly value: string;
  /** When it was last used, milliseconds since 1970. */
  readonly used: number;
}

/** The values as they are stored at this node, for those who decide for all nodes. */
export interface StateTable {
  /** Reads a value at once. That is no use of it. */
  read(service: string, key: string): StoredValue | undefined;
  /** The services that have values, in alphabetical order. */
  services(): readonly string[];
  /** As {@linkcode StateStore.all}. */
  all(service: string): Promise<ReadonlyMap<string, string>>;
  /**
   * Reads a few values at once, in the order of their keys.
   *
   * @param from Where to start: this key, or the next one after it.
   * @param limit The most values to return.
   */
  page(service: string, from: string, limit: number): ReadonlyMap<string, string>;
  /** What {@linkcode StateStore.removeUnused} would remove. */
  unused(service: string, before: number, limit: number): ReadonlyMap<string, string>;
}

/** Keeps values that many clients change at once, and loses no change. */
export interface StateStore {
  /**
   * Changes one value. Changes of one value are made one after the other, in the order of the calls;
   * each sees what the one before left. Reading a value is a change that keeps it.
   *
   * @param change Gets the value, `undefined` if there is none. Called some time after the call, and
   * again with the new value if another node of a cluster has changed it at the same moment: only
   * what the last call returns counts, so it must take back what earlier calls have noted elsewhere.
   * It must be synchronous, and an exception refuses this change alone.
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
  /**
   * Tells a listener of each change of a service that another node of a cluster makes, once it is
   * stored and before anybody sees the events of the same moment; until the function returned is
   * called. By then, callers that waited for an earlier change of this node have gone on. Changes of
   * this node are not told: a server without a cluster never calls it.
   */
  follow(service: string, listener: StateListener): () => void;
}

/**
 * Loads all values of a service, and takes over what other nodes make of them from then on, with the
 * same function.
 *
 * @throws {Error} if they cannot be read; nothing is taken over then.
 */
export async function loadAndFollow(
  state: StateStore,
  service: string,
  take: StateListener,
): Promise<void> {
  // Followed first, so that no change is missed while the values are read.
  const early: Parameters<StateListener>[] = [];
  let tell: StateListener = (...change) => void early.push(change);
  const unfollow = state.follow(service, (...change) => tell(...change));
  try {
    for (const [key, value] of await state.all(service)) take(key, value);
  } catch (error) {
    unfollow();
    throw error;
  }
  for (const change of early) take(...change);
  tell = take;
}

/** A use within this time of one noted before is not noted again, milliseconds. */
export const USE_RESOLUTION_MS = 24 * 60 * 60 * 1000;
