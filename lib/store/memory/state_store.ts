/**
 * State in memory, for tests and trials: gone with the process.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { StateChange, StateStore } from "../../domain/state_store.ts";

export class MemoryStateStore implements StateStore {
  readonly #services = new Map<string, Map<string, string>>();

  async update<Result>(
    service: string,
    key: string,
    change: (value: string | undefined) => StateChange<Result>,
  ): Promise<Result> {
    // As late as one on disk, so that what works with this one works with that.
    await new Promise((resolve) => setImmediate(resolve));
    const { value, result } = change(this.#services.get(service)?.get(key));
    if (value !== undefined) this.#open(service).set(key, value);
    return result;
  }

  // deno-lint-ignore require-await -- as the contract has it
  async all(service: string): Promise<ReadonlyMap<string, string>> {
    return new Map(this.#services.get(service));
  }

  #open(service: string): Map<string, string> {
    let values = this.#services.get(service);
    if (!values) this.#services.set(service, values = new Map());
    return values;
  }
}
