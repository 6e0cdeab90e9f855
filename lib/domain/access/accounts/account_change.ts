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

/** What each kind of change concerns. */
const FIELDS = {
  password: "passwordHash",
  operator: "isOperator",
  keys: "keys",
  certificates: "certificates",
  verifier: "scramVerifier",
} as const satisfies Partial<Record<AccountChange["kind"], keyof Account>>;
const KINDS = Object.keys(FIELDS) as (keyof typeof FIELDS)[];

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
  const differs = (kind: keyof typeof FIELDS) =>
    JSON.stringify(was[FIELDS[kind]]) !== JSON.stringify(is[FIELDS[kind]]);
  // A new password has a new verifier, too.
  return KINDS.filter((kind) => differs(kind) && (kind !== "verifier" || !differs("password")))
    .map((kind) => ({ kind, account: after, before }));
}
