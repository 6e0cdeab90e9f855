/**
 * One fair budget of main-thread time for everything a peer can make the server do.
 *
 * Every connection has a {@linkcode WorkAccount}. Before each unit of work it causes (a chunk of
 * bytes, a request, a command, a page of history) it asks to be admitted. An account that has used
 * little recently goes ahead at once as long as the turn is young; all others queue, and are admitted
 * one a turn, those that used little first. A connection has at most one unit in the queue, so a
 * peer that asks without pause waits for everybody else between any two of its units.
 *
 * The time from an admission to the next one, or to the end of the turn, is charged to the account:
 * that covers the microtasks the work runs in, and callers need not measure anything.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Clock } from "../clock.ts";

/** Milliseconds after which no further work is admitted in the same turn. */
const TURN_MS = 4;
/** Milliseconds of recent use that make an account heavy, and the half-life of that use. */
const HEAVY_MS = 8;
const HALF_LIFE_MS = 500;
/** Milliseconds of one unit after which its peer has to wait for its next turn. */
const UNIT_MS = 2;
/** Milliseconds of queued work between two turns in which sockets are polled. */
const POLL_MS = 2;
/** Light units admitted in a row before a heavy one is: many light peers must not starve it. */
const LIGHT_IN_A_ROW = 8;

export interface FairBudgetOptions {
  readonly clock: Clock;
  /**
   * Resolves in a later turn of the event loop, after sockets were polled.
   *
   * @default {any later turn}
   */
  readonly pollSockets?: () => Promise<void>;
}

/** Shares the main thread among all connections of a server. */
export class FairBudget {
  readonly #clock: Clock;
  readonly #pollSockets: () => Promise<void>;
  readonly #light = new Queue();
  readonly #heavy = new Queue();
  #isAdmitting = false;
  #lightInARow = 0;
  /** When the first work of this turn was admitted; `undefined` before that. */
  #turnStart: number | undefined;
  /** Whose work is running, and since when. */
  #current: WorkAccount | undefined;
  #currentStart = 0;

  constructor({ clock, pollSockets = nextTurn }: FairBudgetOptions) {
    this.#clock = clock;
    this.#pollSockets = pollSockets;
  }

  /** Opens an account for a connection. It needs no closing. */
  account(): WorkAccount {
    return new WorkAccount({
      admit: (account) => this.#admit(account),
      goOn: (account) => this.#goOn(account),
    });
  }

  /** How many units of work are waiting. */
  get waiting(): number {
    return this.#light.length + this.#heavy.length;
  }

  #admit(account: WorkAccount): Promise<void> | undefined {
    const now = this.#clock.monotonic();
    this.#settle(now);
    const isHeavy = account.recentMs(now) > HEAVY_MS;
    if (!isHeavy && !this.#isAdmitting && this.#isTurnYoung(now)) {
      this.#begin(account, now);
      return undefined;
    }
    return new Promise((resolve) => {
      (isHeavy ? this.#heavy : this.#light).push({ account, resolve });
      if (!this.#isAdmitting) this.#admitQueued();
    });
  }

  #goOn(account: WorkAccount): Promise<void> | undefined {
    const isShort = this.#current === account &&
      this.#clock.monotonic() - this.#currentStart < UNIT_MS;
    return isShort ? undefined : this.#admit(account);
  }

  #isTurnYoung(now: number): boolean {
    if (this.#turnStart !== undefined) return now - this.#turnStart < TURN_MS;
    this.#turnStart = now;
    setImmediate(() => {
      this.#settle(this.#clock.monotonic());
      this.#turnStart = undefined;
    });
    return true;
  }

  async #admitQueued(): Promise<void> {
    this.#isAdmitting = true;
    await nextTurn();
    let polledAt = this.#clock.monotonic();
    for (let unit = this.#next(); unit; unit = this.#next()) {
      this.#begin(unit.account, this.#clock.monotonic());
      unit.resolve();
      await nextTurn();
      this.#settle(this.#clock.monotonic());
      if (this.#clock.monotonic() - polledAt < POLL_MS) continue;
      await this.#pollSockets();
      polledAt = this.#clock.monotonic();
    }
    this.#isAdmitting = false;
  }

  #next(): Unit | undefined {
    const prefersHeavy = this.#lightInARow >= LIGHT_IN_A_ROW && this.#heavy.length > 0;
    const light = prefersHeavy ? undefined : this.#light.shift();
    this.#lightInARow = light ? this.#lightInARow + 1 : 0;
    return light ?? this.#heavy.shift();
  }

  #begin(account: WorkAccount, now: number): void {
    this.#current = account;
    this.#currentStart = now;
  }

  /** Charges the work that has run since the last admission. */
  #settle(now: number): void {
    this.#current?.charge(now - this.#currentStart, now);
    this.#current = undefined;
  }
}

type Ask = (account: WorkAccount) => Promise<void> | undefined;

/** What one connection has used of the budget. */
export class WorkAccount {
  readonly #budget: { readonly admit: Ask; readonly goOn: Ask };
  #usedMs = 0;
  #usedAt = 0;

  /** @param budget The parts of a {@linkcode FairBudget} that accounts ask. */
  constructor(budget: { readonly admit: Ask; readonly goOn: Ask }) {
    this.#budget = budget;
  }

  /**
   * Asks for a turn before a unit of work. Returns `undefined` where the work may begin at once,
   * else a promise to await first. The work should take no longer than a few milliseconds.
   */
  admit(): Promise<void> | undefined {
    return this.#budget.admit(this);
  }

  /**
   * As {@linkcode WorkAccount.admit}, for many small parts of one unit: waits only once the unit has
   * run for 2 ms.
   */
  goOn(): Promise<void> | undefined {
    return this.#budget.goOn(this);
  }

  /** Milliseconds used recently: use counts half as much after half a second. */
  recentMs(now: number): number {
    return this.#usedMs * 2 ** ((this.#usedAt - now) / HALF_LIFE_MS);
  }

  /** Counts use of the main thread. */
  charge(ms: number, now: number): void {
    this.#usedMs = this.recentMs(now) + ms;
    this.#usedAt = now;
  }
}

interface Unit {
  readonly account: WorkAccount;
  readonly resolve: () => void;
}

/** First in, first out, in constant time however many wait. */
class Queue {
  #units: Unit[] = [];
  #first = 0;

  get length(): number {
    return this.#units.length - this.#first;
  }

  push(unit: Unit): void {
    this.#units.push(unit);
  }

  shift(): Unit | undefined {
    if (this.length === 0) return undefined;
    const unit = this.#units[this.#first++];
    if (this.#first * 2 > this.#units.length) {
      this.#units = this.#units.slice(this.#first);
      this.#first = 0;
    }
    return unit;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
