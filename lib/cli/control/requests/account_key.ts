/**
 * The requests of `partyline account key`.
 *
 * @module
 */

import type { AccountKey } from "../../../domain/access/accounts/account.ts";
import { parsePublicKeys } from "../../../domain/access/accounts/public_key.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { Fields } from "../../../web/fields.ts";
import type { ControlParts, ControlRequest } from "./control_request.ts";

/** A key as it is shown to operators. */
export interface KeyEntry {
  readonly fingerprint: string;
  readonly type: string;
  readonly label: string;
  /** ISO 8601. */
  readonly addedAt: string;
  readonly [name: string]: string;
}

export const KEY_REQUESTS: readonly ControlRequest[] = [
  {
    name: "account key add",
    async run(fields, parts) {
      const { keys, refusals } = parsePublicKeys(fields.text("keys"));
      if (keys.length === 0 && refusals.length > 0) throw new DomainError("bad-key", refusals[0]);
      const added = await parts.keys.add(accountIn(fields, parts), keys);
      return { added: added.map(entryOf), known: keys.length - added.length, refusals };
    },
  },
  {
    name: "account key list",
    run: (fields, parts) =>
      Promise.resolve(parts.keys.keysOf(accountIn(fields, parts)).map(entryOf)),
  },
  {
    name: "account key remove",
    async run(fields, parts) {
      const options = { isTrusted: true };
      return entryOf(
        await parts.keys.remove(accountIn(fields, parts), fields.text("key"), options),
      );
    },
  },
];

/** @throws {DomainError} `no-such-person`. */
function accountIn(fields: Fields, { accounts }: ControlParts): string {
  const name = fields.text("name");
  if (accounts.find(name)) return name;
  throw new DomainError(
    "no-such-person",
    `There is no account ${name}. Check the spelling, or add it with "partyline account add".`,
  );
}

function entryOf({ fingerprint, type, label, addedAt }: AccountKey): KeyEntry {
  return { fingerprint, type, label, addedAt: new Date(addedAt).toISOString() };
}
