/** A clock that advances only when told to. */

import { setImmediate } from "node:timers";
import type { Clock } from "../../lib/clock.ts";

export class FakeClock implements Clock {
  #now: number;
  #timers: { at: number; work: () => void }[] = [];
  readonly #settle: () => Promise<void>;

  /**
   * @param settle Runs everything that a timer causes; pass {@linkcode settleSockets} if that
   * involves sockets.
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

  /** Advances by `ms` milliseconds and runs due timers, but not timers that those set. */
  tick(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { work } of due) work();
  }

  /** Advances by `ms` milliseconds and runs due timers in order, including timers that those set. */
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

/** Waits for the next turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Runs everything that waits only for turns of the event loop. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await nextTurn();
  }
}

/**
 * Runs everything that waits for sockets too. Deno polls sockets in every turn that ends with a
 * timer, but only in about one of sixty turns without one.
 */
export async function settleSockets(turns = 5): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
