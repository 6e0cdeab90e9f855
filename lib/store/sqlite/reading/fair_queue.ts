/**
 * Work that waits for its turn. Askers take turns, whatever each of them asks for, and each has at
 * most one piece of work under way.
 *
 * @module
 */

/** The client that work is done for; compared by identity. */
export type Asker = unknown;

/** An item whose turn has come. */
export interface Turn<Item> {
  readonly asker: Asker;
  readonly item: Item;
}

export class FairQueue<Item> {
  /** What waits, in order, of each asker that has something waiting. */
  readonly #waiting = new Map<Asker, Item[]>();
  /** Askers with work under way. */
  readonly #busy = new Set<Asker>();
  /** Askers that could be served now, the next one first. */
  readonly #turns = new Set<Asker>();

  add(asker: Asker, item: Item): void {
    const items = this.#waiting.get(asker);
    if (items) items.push(item);
    else this.#waiting.set(asker, [item]);
    if (!this.#busy.has(asker)) this.#turns.add(asker);
  }

  /** Takes what comes next; call {@linkcode FairQueue.finish} once it is done. */
  take(): Turn<Item> | undefined {
    for (const asker of this.#turns) {
      const items = this.#waiting.get(asker)!;
      const item = items.shift()!;
      if (items.length === 0) this.#waiting.delete(asker);
      this.#turns.delete(asker);
      this.#busy.add(asker);
      return { asker, item };
    }
    return undefined;
  }

  /** Lets an asker have its next turn, after those of all others. */
  finish(asker: Asker): void {
    this.#busy.delete(asker);
    if (this.#waiting.has(asker)) this.#turns.add(asker);
  }

  /** Forgets something that waits, if it still does. */
  remove(asker: Asker, item: Item): void {
    const items = this.#waiting.get(asker);
    const index = items?.indexOf(item) ?? -1;
    if (index === -1) return;
    items!.splice(index, 1);
    if (items!.length > 0) return;
    this.#waiting.delete(asker);
    this.#turns.delete(asker);
  }

  /** Takes everything that waits, for when nothing more is done. */
  clear(): Item[] {
    const items = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#turns.clear();
    return items;
  }
}
