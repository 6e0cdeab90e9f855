/**
 * One fair budget of main-thread time for everything a peer can make the server do.
 *
 * Every connection has a {@linkcode WorkAccount}. Before each unit of work it causes (a chunk of
 * bytes, a request, a command, a page of history) it asks to be admitted. In each turn of the event
 * loop a few units of accounts that used little recently go ahead at once. All others queue: those
 * that used little go first, and the rest take turns, until 8 ms of work are done and sockets are
 * polled. A connection has at most one unit in the queue, so a peer that asks without pause
 * waits for everybody else between any two of its units.
 *
 * Units are admitted in groups, because an admission for each line would cost as much as the line.
 * The time from the admission of a group to that of the next one, or to the end of the turn, is
 * charged to its accounts in equal parts: that covers the microtasks the work runs in, and callers
 * need not measure anything. Heavy accounts are never in a group with others.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Clock } from "../clock.ts";

/** Milliseconds of work after which no more is admitted until sockets have been polled. */
const WORK_MS = 8;
/** Milliseconds of recent use that make an account heavy, and the half-life of that use. */
const HEAVY_MS = 8;
const HALF_LIFE_MS = 500;
/** Most units in a group, and the milliseconds that a group of queued units should take. */
const GROUP_UNITS = 16;
const GROUP_MS = 1;
/** Microtasks that a group is given before the clock is read: enough to frame and serve a line. */
const MICROTASKS = 24;
/** Groups of light units admitted in a row before a heavy one: they must not starve it. */
const LIGHT_IN_A_ROW = 8;
/** Parts of a unit that go on without a look at the clock. */
const PARTS_UNSEEN = 8;

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
  /** Whether work was admitted in this turn, and when a turn with work ended last. */
  #isTurnOpen = false;
  #turnEnd = -Infinity;
  /** When sockets were last polled, which happens by itself whenever there is no work. */
  #polledAt = 0;
  /** Whose work is running, and since when. */
  #group: WorkAccount[] = [];
  #groupNumber = 1;
  #groupStart = 0;
  /** Units in the next group from the queue, which depends on how long the last one took. */
  #groupUnits = 1;
  #parts = 0;

  constructor({ clock, pollSockets = nextTurn }: FairBudgetOptions) {
    this.#clock = clock;
    this.#pollSockets = pollSockets;
  }

  /** Opens an account for a connection. It needs no closing. */
  account(): WorkAccount {
    return new WorkAccount({
      admit: (account) => this.#admit(account),
      admitThen: (account, run) => this.#admitThen(account, run),
      goOn: (account) => this.#goOn(account),
    });
  }

  /** How many units of work are waiting. */
  get waiting(): number {
    return this.#light.length + this.#heavy.length;
  }

  #admit(account: WorkAccount): Promise<void> | undefined {
    if (this.#isAdmitted(account)) return undefined;
    return new Promise((resolve) => this.#enqueue(account, resolve));
  }

  #admitThen(account: WorkAccount, run: () => void): void {
    if (this.#isAdmitted(account)) run();
    else this.#enqueue(account, run);
  }

  /** Whether a unit may go ahead at once, which it then does. */
  #isAdmitted(account: WorkAccount): boolean {
    if (!this.#isTurnOpen) this.#openTurn(this.#clock.monotonic());
    // One that asks again has had its unit, and nothing has looked at the clock since.
    const asksAgain = account.latestGroup === this.#groupNumber;
    const isFull = this.#isAdmitting || this.#group.length >= GROUP_UNITS;
    if (asksAgain || isFull || account.isHeavy) return false;
    this.#join(account);
    return true;
  }

  #enqueue(account: WorkAccount, run: () => void): void {
    const isHeavy = account.isHeavy && account.recentMs(this.#clock.monotonic()) > HEAVY_MS;
    (isHeavy ? this.#heavy : this.#light).push({ account, run });
    if (!this.#isAdmitting) this.#admitQueued();
  }

  #goOn(account: WorkAccount): Promise<void> | undefined {
    if (this.#isTurnOpen) {
      if (this.#parts++ % PARTS_UNSEEN > 0) return undefined;
      if (!this.#isPollDue(this.#clock.monotonic())) return undefined;
    }
    return this.#admit(account);
  }

  #isPollDue(now: number): boolean {
    return now - this.#polledAt >= WORK_MS;
  }

  #openTurn(now: number): void {
    this.#isTurnOpen = true;
    this.#groupStart = now;
    if (now - this.#turnEnd >= WORK_MS) this.#polledAt = now;
    setImmediate(() => {
      const now = this.#clock.monotonic();
      this.#settle(now);
      this.#isTurnOpen = false;
      this.#turnEnd = now;
      if (this.#isPollDue(now) && !this.#isAdmitting) this.#admitQueued();
    });
  }

  /** Admits what is queued, after sockets have been polled if that is due. */
  async #admitQueued(): Promise<void> {
    this.#isAdmitting = true;
    do {
      const now = this.#clock.monotonic();
      this.#settle(now);
      if (this.#isPollDue(now)) {
        await this.#pollSockets();
        this.#polledAt = this.#groupStart = this.#clock.monotonic();
      }
      if (!this.#isTurnOpen) this.#openTurn(this.#groupStart);
      this.#admitGroup();
      for (let count = 0; count < MICROTASKS; count++) await undefined;
    } while (this.waiting > 0);
    this.#isAdmitting = false;
  }

  #admitGroup(): void {
    const prefersHeavy = this.#lightInARow >= LIGHT_IN_A_ROW && this.#heavy.length > 0;
    const isLight = this.#light.length > 0 && !prefersHeavy;
    this.#lightInARow = isLight ? this.#lightInARow + 1 : 0;
    const queue = isLight ? this.#light : this.#heavy;
    for (let count = Math.min(this.#groupUnits, queue.length); count > 0; count--) {
      const { account, run } = queue.shift()!;
      this.#join(account);
      run();
    }
  }

  #join(account: WorkAccount): void {
    account.latestGroup = this.#groupNumber;
    this.#group.push(account);
  }

  /** Charges the work that has run since the last group was admitted. */
  #settle(now: number): void {
    const ms = now - this.#groupStart;
    this.#groupStart = now;
    const group = this.#group;
    if (group.length === 0) return;
    this.#group = [];
    this.#groupNumber++;
    for (const account of group) account.charge(ms / group.length, now);
    const units = Math.floor(group.length * GROUP_MS / ms);
    this.#groupUnits = Math.max(1, Math.min(units, this.#groupUnits * 2, GROUP_UNITS));
  }
}

interface Budget {
  admit(account: WorkAccount): Promise<void> | undefined;
  admitThen(account: WorkAccount, run: () => void): void;
  goOn(account: WorkAccount): Promise<void> | undefined;
}

/** What one connection has used of the budget. */
export class WorkAccount {
  /** The number of the group it was admitted with last. For the {@linkcode FairBudget}. */
  latestGroup = 0;
  readonly #budget: Budget;
  #usedMs = 0;
  #usedAt = 0;

  /** @param budget The parts of a {@linkcode FairBudget} that accounts ask. */
  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /**
   * Asks for a turn before a unit of work. Returns `undefined` where the work may begin at once,
   * else a promise to await first. The work should take no longer than a few milliseconds.
   */
  admit(): Promise<void> | undefined {
    return this.#budget.admit(this);
  }

  /** Calls `run` when the work may begin, perhaps before this returns. `run` must not throw. */
  admitThen(run: () => void): void {
    this.#budget.admitThen(this, run);
  }

  /**
   * As {@linkcode WorkAccount.admit}, for many small parts of one unit: waits only once the turn has
   * taken its 8 ms.
   */
  goOn(): Promise<void> | undefined {
    return this.#budget.goOn(this);
  }

  /** Whether it had used much when it was charged last; it may have become light since. */
  get isHeavy(): boolean {
    return this.#usedMs > HEAVY_MS;
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
  /** Does the unit, or lets it go on. Must not throw. */
  readonly run: () => void;
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
