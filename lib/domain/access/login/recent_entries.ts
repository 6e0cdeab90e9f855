/**
 * A map with a bound: beyond it, the entry that was set longest ago is forgotten.
 *
 * @module
 */

export class RecentEntries<Value> {
  readonly #most: number;
  readonly #values = new Map<string, Value>();

  /** @param most Most entries. */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#most) return;
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest);
      return;
    }
  }

  delete(key: string): void {
    this.#values.delete(key);
  }
}
