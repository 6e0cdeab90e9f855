/**
 * State in memory, for tests and trials: gone with the process.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { type Clock, systemClock } from "../../clock.ts";
import {
  type DatedSetting,
  type StateChange,
  type StateSetting,
  type StateStore,
  type StateTable,
  type StoredValue,
  USE_RESOLUTION_MS,
} from "../../domain/state_store.ts";

interface Value {
  text: string;
  /** When it was last used, milliseconds since 1970. */
  used: number;
}

export class MemoryStateStore implements StateStore, StateTable {
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

  page(service: string, from: string, limit: number): ReadonlyMap<string, string> {
    const values = [...this.#open(service)].filter(([key]) => key >= from)
      .sort(([a], [b]) => a < b ? -1 : 1).slice(0, limit);
    return new Map(values.map(([key, { text }]) => [key, text]));
  }

  async removeUnused(service: string, before: number, limit: number): Promise<number> {
    await setImmediate();
    const unused = this.unused(service, before, limit);
    for (const key of unused.keys()) this.#open(service).delete(key);
    return unused.size;
  }

  unused(service: string, before: number, limit: number): ReadonlyMap<string, string> {
    const unused = [...this.#open(service)].filter(([, { used }]) => used < before)
      .sort(([, a], [, b]) => a.used - b.used).slice(0, limit);
    return new Map(unused.map(([key, { text }]) => [key, text]));
  }

  services(): readonly string[] {
    return [...this.#services].flatMap(([name, { size }]) => size > 0 ? [name] : []).sort();
  }

  read(service: string, key: string): StoredValue | undefined {
    const value = this.#open(service).get(key);
    return value && { value: value.text, used: value.used };
  }

  /** Nobody else changes it. */
  follow(): () => void {
    return () => {};
  }

  /** Changes a value at once, as an event that carries it does. */
  set(setting: StateSetting | DatedSetting): void {
    const { service, key, value } = setting;
    const values = this.#open(service);
    const used = "at" in setting ? setting.at : this.#clock.now();
    if (value === null) values.delete(key);
    else values.set(key, { text: value, used });
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
