/**
 * Values of the state as entries see them that are not stored yet.
 *
 * @module
 */

import type {
  ConditionalSetting,
  DatedSetting,
  StateSetting,
  StateTable,
} from "../domain/state_store.ts";

export class StagedValues {
  readonly #table: Pick<StateTable, "read">;
  /** By service and key; services have no line feed. */
  readonly #known = new Map<string, string | null>();
  /** In the order in which they are to be stored. */
  readonly #changes: DatedSetting[] = [];
  /** Where in the changes a value is set that is not removed later. */
  readonly #places = new Map<string, number>();

  constructor(table: Pick<StateTable, "read">) {
    this.#table = table;
  }

  /** Whether the value that a setting depends on is still what it was. */
  isStill(setting: StateSetting | ConditionalSetting): boolean {
    return !("was" in setting) || this.#valueOf(setting) === setting.was;
  }

  /** Makes a change, if its condition holds; returns whether it does. */
  make(change: ConditionalSetting, at: number): boolean {
    const isMade = this.isStill(change);
    if (isMade) this.set(change, at);
    return isMade;
  }

  set({ service, key, value }: StateSetting, at: number): void {
    const name = nameOf({ service, key });
    this.#known.set(name, value);
    const place = this.#places.get(name);
    const setting = { service, key, value, at };
    if (place !== undefined && value !== null) {
      this.#changes[place] = setting;
      return;
    }
    // A value that is removed and set again goes behind all others, however entries are grouped.
    if (value === null) this.#places.delete(name);
    else this.#places.set(name, this.#changes.length);
    this.#changes.push(setting);
  }

  /** What is to be stored. */
  settings(): readonly DatedSetting[] {
    return this.#changes;
  }

  #valueOf(setting: Pick<StateSetting, "service" | "key">): string | null {
    const name = nameOf(setting);
    let value = this.#known.get(name);
    if (value === undefined) {
      value = this.#table.read(setting.service, setting.key)?.value ?? null;
      this.#known.set(name, value);
    }
    return value;
  }
}

function nameOf({ service, key }: Pick<StateSetting, "service" | "key">): string {
  return `${service}\n${key}`;
}
