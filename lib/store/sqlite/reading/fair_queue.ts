/**
 * Work that waits for its turn. Askers take turns, whatever each of them asks for, and each has at
 * most one piece of work under way. New askers go before those that have asked for a while, and
 * before bulk work such as pages of exports, so a newcomer does not wait for a page of each export.
 *
 * @module
 */

/** The client that work is done for; compared by identity. */
export type QueueOwner = unknown;

/** An item whose turn has come. */
export interface Turn<Item> {
  readonly asker: QueueOwner;
  readonly item: Item;
}

/** Askers served in a row because they begin, while others go on: these must not starve. */
const BEGINNING_IN_A_ROW = 8;
/** An asker counts as beginning for this many turns: entering a room takes a few. */
const BEGINNING_TURNS = 8;
/** Milliseconds of work for which an asker is charged one turn. */
const TURN_MS = 2;
/** How many of the most recently served askers are remembered. */
const MOST_RECENT = 256;

export class FairQueue<Item> {
  readonly #isBulk: (item: Item) => boolean;
  /** What waits, in order, of each asker that has something waiting. */
  readonly #waiting = new Map<QueueOwner, Item[]>();
  /** Askers with work under way. */
  readonly #busy = new Set<QueueOwner>();
  /** Askers that could be served now, the next one first: those that begin, and those that go on. */
  readonly #beginning = new Set<QueueOwner>();
  readonly #turns = new Set<QueueOwner>();
  #beginningInARow = 0;
  /** Turns taken by the most recently served askers, the latest at the end. */
  readonly #recent = new Map<QueueOwner, number>();

  /** @param isBulk Whether an item is so much work that even a new asker gets no preference. */
  constructor(isBulk: (item: Item) => boolean = () => false) {
    this.#isBulk = isBulk;
  }

  add(asker: QueueOwner, item: Item): void {
    const items = this.#waiting.get(asker);
    // An asker that waits already keeps its place, even if it would now join the other line.
    if (items) return void items.push(item);
    this.#waiting.set(asker, [item]);
    if (!this.#busy.has(asker)) this.#line(asker).add(asker);
  }

  /** Takes what comes next; call {@linkcode FairQueue.finish} once it is done. */
  take(): Turn<Item> | undefined {
    const goesOn = this.#beginningInARow >= BEGINNING_IN_A_ROW && this.#turns.size > 0;
    const isBeginning = this.#beginning.size > 0 && !goesOn;
    const keepsWaiting = isBeginning && this.#turns.size > 0;
    this.#beginningInARow = keepsWaiting ? this.#beginningInARow + 1 : 0;
    const askers = isBeginning ? this.#beginning : this.#turns;
    for (const asker of askers) {
      const items = this.#waiting.get(asker)!;
      const item = items.shift()!;
      if (items.length === 0) this.#waiting.delete(asker);
      askers.delete(asker);
      this.#busy.add(asker);
      return { asker, item };
    }
    return undefined;
  }

  /** Ends the turn of an asker, whose next one comes after all others. @param ms How long it took. */
  finish(asker: QueueOwner, ms = 0): void {
    this.#busy.delete(asker);
    const turns = this.#turnsOf(asker) + Math.max(1, ms / TURN_MS);
    this.#recent.delete(asker);
    this.#recent.set(asker, turns);
    if (this.#recent.size > MOST_RECENT) this.#recent.delete(this.#recent.keys().next().value);
    if (this.#waiting.has(asker)) this.#line(asker).add(asker);
  }

  /** Forgets something that waits, if it still does. */
  remove(asker: QueueOwner, item: Item): void {
    const items = this.#waiting.get(asker);
    const index = items?.indexOf(item) ?? -1;
    if (index === -1) return;
    items!.splice(index, 1);
    if (items!.length > 0) return;
    this.#waiting.delete(asker);
    this.#beginning.delete(asker);
    this.#turns.delete(asker);
  }

  #turnsOf(asker: QueueOwner): number {
    return this.#recent.get(asker) ?? 0;
  }

  /** The line in which an asker with waiting items stands. */
  #line(asker: QueueOwner): Set<QueueOwner> {
    const [next] = this.#waiting.get(asker)!;
    const isBeginning = this.#turnsOf(asker) < BEGINNING_TURNS && !this.#isBulk(next);
    return isBeginning ? this.#beginning : this.#turns;
  }

  /** Takes everything that waits, for when nothing more is done. */
  clear(): Item[] {
    const items = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#beginning.clear();
    this.#turns.clear();
    return items;
  }
}
