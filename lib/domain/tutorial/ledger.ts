/**
 * The bank of the tutorial: accounts whose balances are whole numbers and never negative.
 *
 * @module
 */

/** A request about an account. */
export interface LedgerRequest {
  /** The account's name as typed; any text without a colon, even none. */
  readonly name: string;
  /** `dp` deposits 1, `wd` withdraws 1 if possible, anything else only reports. */
  readonly word: string;
}

/**
 * Parses a line `NAME:WORD`, split at the first colon; returns `undefined` if there is none.
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

/** The answer to a request: the account's balance in words. */
export function describeBalance(name: string, balance: number): string {
  return balance === 0 ? `${name} has no money!!` : `${name}'s money: ${balance}`;
}
