/**
 * Changes of accounts, as those who follow them are told.
 *
 * @module
 */

import { type Account, formatAccount } from "./account.ts";

/** A change of an account. */
export interface AccountChange {
  readonly kind:
    | "added"
    | "removed"
    | "password"
    | "operator"
    | "keys"
    | "certificates"
    | "verifier";
  /** As it is after the change; as it was if it was removed. */
  readonly account: Account;
  /** As it was; `undefined` if it was added. */
  readonly before: Account | undefined;
  /** Whether another node made it, which also cleans up what belonged to the account. */
  readonly isElsewhere?: true;
}

/** What each kind of change concerns. A new password has a new verifier, too. */
const CONCERNS: readonly (readonly [AccountChange["kind"], ...(keyof Account)[]])[] = [
  ["password", "passwordHash"],
  ["operator", "isOperator"],
  ["keys", "keys"],
  ["certificates", "certificates"],
  ["verifier", "scramVerifier", "name"],
];

/** The changes that lead from one account of a key to another; `undefined` for none. */
export function changesBetween(
  before: Account | undefined,
  after: Account | undefined,
): AccountChange[] {
  if (!before) return after ? [{ kind: "added", account: after, before }] : [];
  if (!after) return [{ kind: "removed", account: before, before }];
  if (before.createdAt !== after.createdAt) {
    return [...changesBetween(before, undefined), ...changesBetween(undefined, after)];
  }
  const was = JSON.parse(formatAccount(before));
  const is = JSON.parse(formatAccount(after));
  const differs = (field: string) => JSON.stringify(was[field]) !== JSON.stringify(is[field]);
  return CONCERNS.filter(([, ...fields]) => fields.some(differs))
    .map(([kind]) => ({ kind, account: after, before }));
}
