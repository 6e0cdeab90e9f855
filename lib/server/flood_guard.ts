/**
 * Flood control by delay: whoever sends faster than the rate is read more slowly, so that a
 * pasted text arrives whole, only later.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { type ConnectionContext, currentConnection } from "../context.ts";

export interface FloodGuardOptions {
  /** Lines a second in the long run; 0 turns the guard off. */
  readonly rate: number;
  /** Lines that may come at once. */
  readonly burst: number;
  readonly clock: Clock;
}

/** Counts the lines of every connection; which one is meant, the connection's context says. */
export class FloodGuard {
  /** A line's share of time in milliseconds, and how far ahead of time a connection may get. */
  readonly #intervalMs: number;
  readonly #aheadMs: number;
  readonly #clock: Clock;
  /** When each connection will have paid for all its lines (the generic cell rate algorithm). */
  readonly #paidAt = new WeakMap<ConnectionContext, number>();

  constructor({ rate, burst, clock }: FloodGuardOptions) {
    if (burst < 1) {
      throw new RangeError(`Cannot limit lines: a burst of ${burst} lets none through`);
    }
    this.#intervalMs = rate > 0 ? 1000 / rate : 0;
    this.#aheadMs = this.#intervalMs * (burst - 1);
    this.#clock = clock;
  }

  /** Whether lines are never delayed. */
  get isOff(): boolean {
    return this.#intervalMs === 0;
  }

  /** Counts a line of the current connection; returns how many milliseconds it has to wait. */
  admit(): number {
    if (this.isOff) return 0;
    const context = currentConnection();
    if (!context) return 0;
    const now = this.#clock.monotonic();
    const due = Math.max(this.#paidAt.get(context) ?? 0, now);
    this.#paidAt.set(context, due + this.#intervalMs);
    return Math.max(0, due - now - this.#aheadMs);
  }
}
