/**
 * State in memory, for tests and trials: gone with the process.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { type Clock, systemClock } from "../../clock.ts";
import {
  type StateChange,
  type StateSetting,
  type StateStore,
  USE_RESOLUTION_MS,
} from "../../domain/state_store.ts";

interface Value {
  text: string;
  /** When it was last used, milliseconds since 1970. */
  used: number;
}

export class MemoryStateStore implements StateStore {
  readonly #services = new Map<string, Map<string, Value>>();
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  async update<Result>(
    service: string,
    key: string,
    change: (value: string | undefined) => StateChange<Result>,
  ): Promise<Result> {
    // Resolves as late as the store on disk, so that code that works with this one works with that.
    await setImmediate();
    const values = this.#open(service);
    const now = this.#clock.now();
    const old = values.get(key);
    const { value: text, result } = change(old?.text);
    if (text === null) values.delete(key);
    else if (old) Object.assign(old, { text: text ?? old.text, used: latestUse(old.used, now) });
    else if (text !== undefined) values.set(key, { text, used: now });
    return result;
  }

  // deno-lint-ignore require-await -- required by the contract
  async all(service: string): Promise<ReadonlyMap<string, string>> {
    return new Map([...this.#open(service)].map(([key, { text }]) => [key, text]));
  }

  async removeUnused(service: string, before: number, limit: number): Promise<number> {
    await setImmediate();
    const values = this.#open(service);
    const unused = [...values].filter(([, { used }]) => used < before)
      .sort(([, a], [, b]) => a.used - b.used).slice(0, limit);
    for (const [key] of unused) values.delete(key);
    return unused.length;
  }

  /** Nobody else changes it. */
  follow(): () => void {
    return () => {};
  }

  /** Changes a value at once, as an event that carries it does. */
  set({ service, key, value }: StateSetting): void {
    const values = this.#open(service);
    if (value === null) values.delete(key);
    else values.set(key, { text: value, used: this.#clock.now() });
  }

  #open(service: string): Map<string, Value> {
    let values = this.#services.get(service);
    if (!values) this.#services.set(service, values = new Map());
    return values;
  }
}

function latestUse(used: number, now: number): number {
  return now - used >= USE_RESOLUTION_MS ? now : used;
}
