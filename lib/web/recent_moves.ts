/**
 * Redirects what a client sends to the old name of a room that has just been renamed: it was sent
 * before the client learned the new name.
 *
 * @module
 */

import { nameKey } from "../domain/name.ts";

const MOST_MOVES = 20;

export class RecentMoves {
  /** The names that rooms have now, by key of one that they had; the latest last. */
  readonly #names = new Map<string, string>();

  /** Notes that a room has another name now. */
  note(from: string, to: string): void {
    const names = this.#names;
    const key = nameKey(from);
    for (const [name, next] of names) if (nameKey(next) === key) names.set(name, to);
    // The latest last.
    names.delete(key);
    names.set(key, to);
    const [oldest] = names.keys();
    if (names.size > MOST_MOVES) names.delete(oldest);
  }

  /** The name that a room has now; `undefined` if it did not have that name. */
  current(name: string): string | undefined {
    return this.#names.get(nameKey(name));
  }
}
