/**
 * When people spoke last in rooms in slow mode.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Asker } from "../asker.ts";
import { nameKey } from "../name.ts";

/** People remembered at a time; those who spoke least recently are forgotten first. */
const MOST_PEOPLE = 10_000;

export class SlowMode {
  readonly #clock: Clock;
  readonly #spokeAt = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When somebody spoke last in a room, milliseconds since 1970; `undefined` if that is unknown. */
  spokeAt(asker: Asker, room: string): number | undefined {
    return this.#spokeAt.size === 0 ? undefined : this.#spokeAt.get(keyOf(asker, room));
  }

  /** Notes that somebody speaks. */
  note(asker: Asker, room: string): void {
    const key = keyOf(asker, room);
    this.#spokeAt.delete(key);
    this.#spokeAt.set(key, this.#clock.now());
    if (this.#spokeAt.size <= MOST_PEOPLE) return;
    const [oldest] = this.#spokeAt.keys();
    this.#spokeAt.delete(oldest);
  }
}

/** By account or name, so that connecting again does not help. */
function keyOf({ account, nickname }: Asker, room: string): string {
  return `${nameKey(room)} ${account ?? nameKey(nickname)}`;
}
