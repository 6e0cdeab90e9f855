/**
 * The requests of `partyline account`.
 *
 * @module
 */

import type { Account } from "../../../domain/access/accounts/account.ts";
import type { ControlRequest } from "./control_request.ts";

/** An account as it is shown to operators. */
export interface AccountEntry {
  readonly name: string;
  readonly operator: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly [name: string]: string | boolean;
}

export const ACCOUNT_REQUESTS: readonly ControlRequest[] = [
  {
    name: "account add",
    async run(fields, { accounts }) {
      const isOperator = fields.optionalChoice("power", ["operator", "none"]) === "operator";
      const options = { isOperator, isTrusted: true };
      return entryOf(
        await accounts.register(fields.text("name"), fields.text("password"), options),
      );
    },
  },
  {
    name: "account list",
    run: (_fields, { accounts }) => Promise.resolve(accounts.list().map(entryOf)),
  },
  {
    name: "account remove",
    run: async (fields, { accounts }) => entryOf(await accounts.remove(fields.text("name"))),
  },
  {
    name: "account password",
    run: async (fields, { accounts }) =>
      entryOf(await accounts.setPassword(fields.text("name"), fields.text("password"))),
  },
  {
    name: "account grant",
    run: async (fields, { accounts }) => {
      const isOperator = fields.optionalChoice("power", ["operator", "none"]) === "operator";
      return entryOf(await accounts.setOperator(fields.text("name"), isOperator));
    },
  },
];

function entryOf({ name, isOperator, createdAt }: Account): AccountEntry {
  return { name, operator: isOperator, createdAt: new Date(createdAt).toISOString() };
}
