/**
 * The limit on answers to each sender of datagrams.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";

export interface ReplyBudgetOptions {
  /** Answers per second in the long run. */
  readonly rate: number;
  /** Answers that may be given at once. */
  readonly burst: number;
  /** Sources counted at a time. */
  readonly maxSources: number;
  readonly clock: Clock;
}

/** A limit per source (generic cell rate algorithm, as in `flood_guard.ts`). */
export class ReplyBudget {
  readonly #intervalMs: number;
  readonly #aheadMs: number;
  readonly #maxSources: number;
  readonly #clock: Clock;
  /** When each source will have paid for its answers; the one answered last comes last. */
  readonly #paidAt = new Map<string, number>();

  /** @throws {RangeError} if the limits allow no answer. */
  constructor({ rate, burst, maxSources, clock }: ReplyBudgetOptions) {
    if (rate <= 0 || burst < 1 || maxSources < 1) {
      throw new RangeError(`Cannot budget answers: ${rate}/s, ${burst}, ${maxSources} allow none`);
    }
    this.#intervalMs = 1000 / rate;
    this.#aheadMs = this.#intervalMs * (burst - 1);
    this.#maxSources = maxSources;
    this.#clock = clock;
  }

  /** Counts an answer to `source`, or returns `false` if the source has used its budget. */
  take(source: string): boolean {
    const now = this.#clock.monotonic();
    const due = this.#paidAt.get(source);
    if (due === undefined && !this.#makeRoom(now)) return false;
    const start = Math.max(due ?? 0, now);
    if (start - now > this.#aheadMs) return false;
    this.#paidAt.delete(source);
    this.#paidAt.set(source, start + this.#intervalMs);
    return true;
  }

  /**
   * Forgets the sources in front that have paid: they would get as much as a new one. If the table
   * is full of others, there is a flood with forged addresses, and new sources get no answer.
   */
  #makeRoom(now: number): boolean {
    for (const [source, paidAt] of this.#paidAt) {
      if (paidAt > now) break;
      this.#paidAt.delete(source);
    }
    return this.#paidAt.size < this.#maxSources;
  }
}
