/**
 * The account that a connection's use of the main thread is charged to.
 *
 * @module
 */

/** Milliseconds of recent use that make an account heavy, and the half-life of that use. */
const HEAVY_MS = 8;
const HALF_LIFE_MS = 500;

interface Budget {
  admit(account: WorkAccount, share: number, goesOn: boolean): Promise<void> | undefined;
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
   *
   * @param share The part of a whole unit that it can amount to.
   */
  admit(share = 1): Promise<void> | undefined {
    return this.#budget.admit(this, share, false);
  }

  /**
   * Like {@linkcode WorkAccount.admit}, to continue a command or an answer. New input goes first.
   */
  turn(): Promise<void> | undefined {
    return this.#budget.admit(this, 1, true);
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

  /** Whether it has used much recently. */
  isHeavyAt(now: number): boolean {
    return this.isHeavy && this.recentMs(now) > HEAVY_MS;
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
