/**
 * How a transport asks for main-thread time before it works for a peer, as `FairBudget` gives it.
 *
 * @module
 */

/** One account of main-thread time, for one peer or a group of peers. */
export interface Turns {
  /**
   * Returns what to await before a unit of work; `undefined` if it may begin at once.
   *
   * @param share The part of a whole unit that it can amount to. @default {1}
   */
  admit(share?: number): Promise<void> | undefined;
}

/** Opens accounts of main-thread time. */
export interface Work {
  account(): Turns;
}
