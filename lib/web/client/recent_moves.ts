/**
 * Redirects what a client sends to the old name of a room that has just been renamed: it was sent
 * before the client learned the new name.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";

const MOST_MOVES = 20;

export class RecentMoves {
  /** Current names of rooms, by key of a former name; the latest last. */
  readonly #names = new Map<string, string>();

  /** Notes that a room was renamed. */
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

  /** The current name of a recently renamed room; `undefined` for any other name. */
  current(name: string): string | undefined {
    return this.#names.get(nameKey(name));
  }
}
