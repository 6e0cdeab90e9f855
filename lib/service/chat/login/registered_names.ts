/**
 * Who may be called what: a name with an account is for its owner.
 *
 * @module
 */

import type { AccessControl } from "../../../domain/access/access_control.ts";
import type { Accounts } from "../../../domain/access/accounts/accounts.ts";
import type { Asker } from "../../../domain/asker.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";

export interface RegisteredNamesOptions {
  readonly access: AccessControl;
  readonly accounts: Accounts;
}

/**
 * Why somebody may not use a name; `undefined` if they may.
 *
 * @param asker Who wants it; `undefined` for something that is not in the chat, such as a webhook.
 */
export function nameRefusal(
  { access, accounts }: RegisteredNamesOptions,
  name: string,
  asker: Pick<Asker, "account"> | undefined,
): DomainError | undefined {
  const key = nameKey(name);
  if (asker?.account === key) return undefined;
  if (access.isClosed && asker) {
    return asker.account === undefined ? closed() : new DomainError(
      "name-reserved",
      "On this server you are called by the name of your account, and cannot take another one.",
    );
  }
  const account = accounts.find(name);
  return account && new DomainError(
    "login-needed",
    `${account.name} is a registered name. Give its password with /login ${account.name}, or ` +
      "choose another name.",
  );
}

/**
 * How somebody gets an account.
 *
 * @param sentence Says that where everybody may register a name.
 */
export function wayToAccount(
  { isClosed }: Pick<AccessControl, "isClosed">,
  sentence: string,
): string {
  return isClosed ? "Only the server's administrator can create accounts." : sentence;
}

/** The refusal to serve guests, with what they can do. */
export function closed(): DomainError {
  return new DomainError(
    "login-needed",
    "Only people with an account may enter this server. Give the name of your account and its " +
      "password, or ask whoever runs the server to add one for you.",
  );
}
