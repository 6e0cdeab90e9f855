/**
 * The requests of `partyline token`.
 *
 * @module
 */

import { noSuchAccount } from "../../../domain/access/accounts/account_table.ts";
import type { ApiToken } from "../../../domain/access/accounts/api_token.ts";
import { parseRoomName } from "../../../domain/name.ts";
import type { Fields } from "../../../web/fields.ts";
import type { ControlParts, ControlRequest } from "./control_request.ts";

/** A token as it is shown to operators. */
export interface TokenEntry {
  readonly label: string;
  /** Its only rooms; none if it is for all that the account may use. */
  readonly rooms: readonly string[];
  /** ISO 8601. */
  readonly createdAt: string;
  /** The day on which it was used last; `null` for never. */
  readonly usedOn: string | null;
  readonly [name: string]: string | readonly string[] | null;
}

export const TOKEN_REQUESTS: readonly ControlRequest[] = [
  {
    name: "token new",
    run: async (fields, { tokens }) => {
      const words = fields.optionalText("rooms")?.split(" ") ?? [];
      const rooms = words.filter((word) => word !== "").map(parseRoomName);
      return { secret: await tokens.create(fields.text("account"), fields.text("label"), rooms) };
    },
  },
  {
    name: "token list",
    // deno-lint-ignore require-await -- so that a refusal rejects
    run: async (fields, parts) => parts.tokens.list(accountIn(fields, parts)).map(entryOf),
  },
  {
    name: "token revoke",
    run: async (fields, { tokens }) =>
      entryOf(await tokens.revoke(fields.text("account"), fields.text("label"))),
  },
];

/** @throws {DomainError} `no-such-person`. */
function accountIn(fields: Fields, { accounts }: ControlParts): string {
  const name = fields.text("account");
  const account = accounts.find(name);
  if (account) return account.key;
  throw noSuchAccount(name);
}

function entryOf({ label, rooms = [], createdAt, usedAt }: ApiToken): TokenEntry {
  return {
    label,
    rooms,
    createdAt: new Date(createdAt).toISOString(),
    usedOn: usedAt === undefined ? null : new Date(usedAt).toISOString().slice(0, 10),
  };
}
