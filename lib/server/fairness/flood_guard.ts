/**
 * Flood control by delay: a sender that is too fast is read more slowly, so pasted text arrives
 * late but complete.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { type ConnectionContext, currentConnection } from "../../context.ts";

/** How fast a sender may be. */
export interface FloodLimits {
  /** Lines per second in the long run; 0 turns the guard off. */
  readonly rate: number;
  /** Lines that may arrive at once. */
  readonly burst: number;
}

export interface FloodGuardOptions extends FloodLimits {
  readonly clock: Clock;
}

/** Counts the lines of every connection, which it finds by the current connection's context. */
export class FloodGuard {
  /** Milliseconds per line, and how far ahead of time a connection may get. */
  #intervalMs!: number;
  #aheadMs!: number;
  readonly #clock: Clock;
  /** When each connection will have paid for all its lines (generic cell rate algorithm). */
  readonly #paidAt = new WeakMap<ConnectionContext, number>();
  /** The same for the lines of blocks, so that a line after a block need not wait for all of it. */
  readonly #blocksPaidAt = new WeakMap<ConnectionContext, number>();

  constructor({ clock, ...limits }: FloodGuardOptions) {
    this.#clock = clock;
    this.adjust(limits);
  }

  /** Changes the limits, for everybody. @throws {RangeError} if they let nothing through. */
  adjust({ rate, burst }: FloodLimits): void {
    if (burst < 1) {
      throw new RangeError(`Cannot limit lines: a burst of ${burst} lets none through`);
    }
    this.#intervalMs = rate > 0 ? 1000 / rate : 0;
    this.#aheadMs = this.#intervalMs * (burst - 1);
  }

  /** Whether lines are never delayed. */
  get isOff(): boolean {
    return this.#intervalMs === 0;
  }

  /** Counts a line of the current connection; returns the milliseconds that it has to wait. */
  admit(): number {
    return this.#charge(this.#paidAt, 1);
  }

  /**
   * Counts lines that come as one block, besides {@linkcode admit}. Returns the milliseconds that it
   * has to wait for the blocks before it; the first one never waits.
   */
  admitBlock(lines: number): number {
    return this.#charge(this.#blocksPaidAt, lines);
  }

  #charge(account: WeakMap<ConnectionContext, number>, lines: number): number {
    if (this.isOff) return 0;
    const context = currentConnection();
    if (!context) return 0;
    const now = this.#clock.monotonic();
    const due = Math.max(account.get(context) ?? 0, now);
    account.set(context, due + lines * this.#intervalMs);
    return Math.max(0, due - now - this.#aheadMs);
  }
}
