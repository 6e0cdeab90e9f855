/**
 * One fair budget of main-thread time for everything a peer can make the server do.
 *
 * Every connection has a {@linkcode WorkAccount}. Before each unit of work it causes (a chunk of
 * bytes, a request, a command, a page of history) it asks to be admitted. In each turn of the event
 * loop a few units of accounts that used little recently go ahead at once. All others queue: those
 * that used little go first, and the rest take turns, until 8 ms of work are done and sockets are
 * polled. New input goes before the continuation of answers, so that somebody who says a line
 * need not wait until each of a crowd has been told who else is there. A connection has at most one
 * unit in the queue, so a peer that asks without pause waits for everybody else between any two of
 * its units.
 *
 * Units are admitted in groups, because an admission for each line would cost as much as the line.
 * Chunks of a few bytes count as parts of a unit, so a hundred people may say a line in one group.
 * The time from the admission of a group to that of the next one, or to the end of the turn, is
 * charged to its accounts in equal parts: that covers the microtasks the work runs in, and callers
 * need not measure anything. Heavy accounts are never in a group with others.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Clock } from "../../clock.ts";
import { Queue } from "./queue.ts";
import { WorkAccount } from "./work_account.ts";

/** Milliseconds of work after which no more is admitted until sockets have been polled. */
const WORK_MS = 8;
/** Most units in a group, and the milliseconds that a group of queued units should take. */
const GROUP_UNITS = 16;
const GROUP_MS = 1;
/** Microtasks that a group is given before the clock is read: enough to frame and serve a line. */
const MICROTASKS = 24;
/** How many groups in a row may come from other queues while one waits, so that it cannot starve. */
const MOST_PASSED = 8;
/** Parts of a unit that go on without a look at the clock, unless as many take long. */
const PARTS_UNSEEN = 8;
const PARTS_MS = 1;

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
  /** The part of the budget that accounts call: shared, because each connection has an account. */
  readonly #forAccounts = {
    admit: (account: WorkAccount, share: number, goesOn: boolean) =>
      this.#admit(account, share, goesOn),
    goOn: (account: WorkAccount) => this.#goOn(account),
  };
  /** Waiting units in order of preference: new light ones, continuing light ones, heavy ones. */
  readonly #first = new UnitQueue();
  readonly #next = new UnitQueue();
  readonly #heavy = new UnitQueue();
  readonly #queues = [this.#first, this.#next, this.#heavy];
  #isAdmitting = false;
  /** Whether work was admitted in this turn, and when a turn with work ended last. */
  #isTurnOpen = false;
  #turnEnd = -Infinity;
  /** When sockets were last polled, which happens by itself whenever there is no work. */
  #polledAt = 0;
  /** Whose work is running, and since when. */
  #group: WorkAccount[] = [];
  #groupNumber = 1;
  /** What the units in it amount to that did not queue. */
  #groupSize = 0;
  #groupStart = 0;
  /** Units in the next group from the queue, which depends on how long the last one took. */
  #groupUnits = 1;
  /** Parts that have gone on since the clock was looked at, how many may, and when that was. */
  #parts = 0;
  #partsUnseen = 1;
  #lookedAt = 0;

  constructor({ clock, pollSockets = nextTurn }: FairBudgetOptions) {
    this.#clock = clock;
    this.#pollSockets = pollSockets;
  }

  /** Opens an account for a connection. It needs no closing. */
  account(): WorkAccount {
    return new WorkAccount(this.#forAccounts);
  }

  /** How many units of work are waiting. */
  get waiting(): number {
    return this.#first.length + this.#next.length + this.#heavy.length;
  }

  #admit(account: WorkAccount, share: number, goesOn: boolean): Promise<void> | undefined {
    if (this.#isAdmitted(account, share)) return undefined;
    return new Promise((resolve) => this.#enqueue(account, goesOn, resolve));
  }

  /** Whether a unit may go ahead at once, which it then does. */
  #isAdmitted(account: WorkAccount, share: number): boolean {
    if (!this.#isTurnOpen) this.#openTurn(this.#clock.monotonic());
    // One that asks again has had its unit, and nothing has looked at the clock since.
    const asksAgain = account.latestGroup === this.#groupNumber;
    const isFull = this.#isAdmitting || this.#groupSize >= GROUP_UNITS;
    if (asksAgain || isFull || account.isHeavy) return false;
    this.#groupSize += share;
    this.#join(account);
    return true;
  }

  #enqueue(account: WorkAccount, goesOn: boolean, run: () => void): void {
    // The clock costs as much as the rest.
    const isHeavy = account.isHeavy && account.isHeavyAt(this.#clock.monotonic());
    const queue = isHeavy ? this.#heavy : goesOn ? this.#next : this.#first;
    queue.push({ account, run });
    if (!this.#isAdmitting) this.#admitQueued();
  }

  #goOn(account: WorkAccount): Promise<void> | undefined {
    if (this.#isTurnOpen) {
      if (++this.#parts < this.#partsUnseen) return undefined;
      this.#parts = 0;
      const now = this.#clock.monotonic();
      this.#partsUnseen = now - this.#lookedAt > PARTS_MS ? 1 : PARTS_UNSEEN;
      this.#lookedAt = now;
      if (!this.#isPollDue(now)) return undefined;
    }
    return this.#admit(account, 1, true);
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
    const waiting = this.#queues.filter(({ length }) => length > 0);
    if (waiting.length === 0) return;
    const queue = waiting.findLast(({ passed }) => passed >= MOST_PASSED) ?? waiting[0];
    for (const other of waiting) other.passed++;
    queue.passed = 0;
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
    this.#groupSize = 0;
    this.#groupNumber++;
    for (const account of group) account.charge(ms / group.length, now);
    const units = Math.floor(group.length * GROUP_MS / ms);
    this.#groupUnits = Math.max(1, Math.min(units, this.#groupUnits * 2, GROUP_UNITS));
  }
}

interface Unit {
  readonly account: WorkAccount;
  /** Does the unit, or lets it go on. Must not throw. */
  readonly run: () => void;
}

class UnitQueue extends Queue<Unit> {
  /** How many groups were taken from other queues since the last one from this queue. */
  passed = 0;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
