/**
 * Values of the state as entries see them that are not stored yet.
 *
 * @module
 */

import type {
  ConditionalSetting,
  DatedSetting,
  StateSetting,
  StateStore,
} from "../domain/state_store.ts";

export class StagedValues {
  readonly #store: Pick<StateStore, "update">;
  /** By service and key; services have no line feed. */
  readonly #known = new Map<string, string | null>();
  readonly #changed = new Map<string, DatedSetting>();

  constructor(store: Pick<StateStore, "update">) {
    this.#store = store;
  }

  /** Makes the changes whose condition holds; says of each whether it was made. */
  async make(changes: readonly ConditionalSetting[], at: number): Promise<boolean[]> {
    // All at once: each takes a turn of the event loop.
    await Promise.all(changes.map((change) => this.#find(change)));
    return changes.map((change) => {
      const isMade = this.#known.get(nameOf(change)) === change.was;
      if (isMade) this.set(change, at);
      return isMade;
    });
  }

  set({ service, key, value }: StateSetting, at: number): void {
    const name = nameOf({ service, key });
    this.#known.set(name, value);
    this.#changed.set(name, { service, key, value, at });
  }

  /** All changed values. */
  settings(): readonly DatedSetting[] {
    return [...this.#changed.values()];
  }

  async #find(setting: Pick<StateSetting, "service" | "key">): Promise<void> {
    const name = nameOf(setting);
    if (this.#known.has(name)) return;
    const { service, key } = setting;
    const value = await this.#store.update(service, key, (value) => ({ result: value ?? null }));
    this.#known.set(name, value);
  }
}

function nameOf({ service, key }: Pick<StateSetting, "service" | "key">): string {
  return `${service}\n${key}`;
}
