/**
 * Who wants to know when which names come and go.
 *
 * @module
 */

import { nameKey } from "../../../domain/name.ts";

/** Lists of names, compared without case, and who has them. */
export class MonitorLists<Watcher extends object> {
  readonly #maxNames: number;
  /** Names as they were given, by key. */
  readonly #lists = new Map<Watcher, Map<string, string>>();
  readonly #watchers = new Map<string, Set<Watcher>>();

  /** @param maxNames Most names in a list. */
  constructor(maxNames: number) {
    this.#maxNames = maxNames;
  }

  /** Adds a name to a list; returns `false` if the list is full. */
  add(watcher: Watcher, name: string): boolean {
    const key = nameKey(name);
    const list = this.#lists.get(watcher) ?? new Map<string, string>();
    if (list.has(key)) return true;
    if (list.size >= this.#maxNames) return false;
    this.#lists.set(watcher, list.set(key, name));
    const watchers = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, watchers.add(watcher));
    return true;
  }

  remove(watcher: Watcher, name: string): void {
    const key = nameKey(name);
    const list = this.#lists.get(watcher);
    if (!list?.delete(key)) return;
    if (list.size === 0) this.#lists.delete(watcher);
    const watchers = this.#watchers.get(key)!;
    watchers.delete(watcher);
    if (watchers.size === 0) this.#watchers.delete(key);
  }

  /** Empties the list of somebody, who may have left. */
  clear(watcher: Watcher): void {
    for (const name of this.namesOf(watcher)) this.remove(watcher, name);
  }

  /** The list of somebody, in the order in which it was made. */
  namesOf(watcher: Watcher): string[] {
    return [...this.#lists.get(watcher)?.values() ?? []];
  }

  /** Those who have a name on their list. */
  watchersOf(name: string): readonly Watcher[] {
    return [...this.#watchers.get(nameKey(name)) ?? []];
  }
}
