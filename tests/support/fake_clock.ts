/** A clock that stands still until it is told to go on. */

import { setImmediate } from "node:timers";
import type { Clock } from "../../lib/clock.ts";

export class FakeClock implements Clock {
  #now: number;
  #timers: { at: number; work: () => void }[] = [];
  readonly #settle: () => Promise<void>;

  /**
   * @param settle Lets everything run that a timer leads to; {@linkcode settleSockets} where that
   * takes sockets.
   */
  constructor({ now = Date.UTC(2026, 10, 21, 6, 30), settle: settleAll = settle } = {}) {
    this.#now = now;
    this.#settle = settleAll;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.#now + ms, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Goes on by `ms` milliseconds, calling what is due, and not what that leads to. */
  tick(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { work } of due) work();
  }

  /** Goes on by `ms` milliseconds, calling what is due, in order, with all that it leads to. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#settle();
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#now = Math.max(this.#now, due.at);
      due.work();
      await this.#settle();
    }
    this.#now = end;
    await this.#settle();
  }
}

/** The next turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets everything run that needs no more than turns of the event loop. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await nextTurn();
  }
}

/**
 * Lets everything run that needs sockets, too: Deno reads them in each turn that ends with a timer,
 * but only once in some sixty of those that do not.
 */
export async function settleSockets(turns = 5): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
