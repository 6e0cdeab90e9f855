/**
 * The temporary state of rooms, with the changes of entries that are not stored yet.
 *
 * @module
 */

import { formatStay, parseStay, type Stay } from "../domain/access/stay.ts";
import { nameKey } from "../domain/name.ts";
import type { StateSetting, StateStore } from "../domain/state_store.ts";
import { CLUSTER_STAY_STATE } from "../domain/visitor.ts";

/** The stored state, by key of the room. */
export async function readStays(state: Pick<StateStore, "all">): Promise<Map<string, Stay>> {
  const texts = await state.all(CLUSTER_STAY_STATE);
  return new Map(Array.from(texts, ([key, text]) => [key, parseStay(text)]));
}

export class StagedStays {
  readonly #stored: Map<string, Stay>;
  readonly #staged = new Map<string, Stay | undefined>();
  /** Keys of rooms whose state changed because somebody joined or left. */
  readonly #touched = new Set<string>();

  constructor(stored: Map<string, Stay>) {
    this.#stored = stored;
  }

  /** Notes what acts of moderation have set. */
  note(settings: readonly StateSetting[]): void {
    for (const { service, key, value } of settings) {
      if (service !== CLUSTER_STAY_STATE) continue;
      this.#staged.set(key, value === null ? undefined : parseStay(value));
    }
  }

  /** Changes what holds in a room, if anything does. */
  change(room: string, change: (stay: Stay) => Stay | undefined): void {
    const key = nameKey(room);
    const stay = this.#find(key);
    const next = stay && change(stay);
    if (next === stay) return;
    this.#staged.set(key, next);
    this.#touched.add(key);
  }

  /** The settings that store the changes since the last call. */
  takeSettings(): StateSetting[] {
    const keys = [...this.#touched];
    this.#touched.clear();
    return keys.map((key) => {
      const stay = this.#find(key);
      return { service: CLUSTER_STAY_STATE, key, value: stay ? formatStay(stay) : null };
    });
  }

  /** Adopts the changes once they are stored. */
  close(): void {
    for (const [key, stay] of this.#staged) {
      if (stay) this.#stored.set(key, stay);
      else this.#stored.delete(key);
    }
  }

  #find(key: string): Stay | undefined {
    return this.#staged.has(key) ? this.#staged.get(key) : this.#stored.get(key);
  }
}
