/**
 * The bank of the tutorial: accounts that hold whole numbers and never go below nothing.
 *
 * @module
 */

/** A line that asks something of an account. */
export interface LedgerRequest {
  /** The account's name as typed; any text without a colon, even none. */
  readonly name: string;
  /** `dp` deposits 1, `wd` withdraws 1 if there is any, all else only reports. */
  readonly word: string;
}

/**
 * The request in a line `NAME:WORD`; `undefined` if there is no colon. A name ends at the first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseLedgerRequest } from "./ledger.ts";
 *
 * assertEquals(parseLedgerRequest("jack:dp"), { name: "jack", word: "dp" });
 * assertEquals(parseLedgerRequest("jack"), undefined);
 * ```
 */
export function parseLedgerRequest(line: string): LedgerRequest | undefined {
  const colon = line.indexOf(":");
  return colon === -1 ? undefined : { name: line.slice(0, colon), word: line.slice(colon + 1) };
}

/**
 * The balance after a request.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { applyToBalance } from "./ledger.ts";
 *
 * assertEquals(applyToBalance(0, "dp"), 1);
 * assertEquals(applyToBalance(0, "wd"), 0);
 * ```
 */
export function applyToBalance(balance: number, word: string): number {
  if (word === "dp") return balance + 1;
  return word === "wd" && balance > 0 ? balance - 1 : balance;
}

/** What an owner is told of an account. */
export function describeBalance(name: string, balance: number): string {
  return balance === 0 ? `${name} has no money!!` : `${name}'s money: ${balance}`;
}
