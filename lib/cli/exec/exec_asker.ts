/**
 * Who runs a command over SSH, for as long as they may.
 *
 * @module
 */

import type { ConnectionContext } from "../../context.ts";
import type { Account } from "../../domain/access/accounts/account.ts";
import type { AccountChange } from "../../domain/access/accounts/account_change.ts";
import type { Asker } from "../../domain/asker.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { NICKNAME_RULES, parseName } from "../../domain/name.ts";
import type { ChatContext } from "../../service/chat/chat_session.ts";

/** Dispose of it at the end of the command. */
export interface ExecAsker extends Disposable {
  readonly asker: Asker;
}

/**
 * Who a peer has proven to be. A change of their account that takes something away ends what they
 * do.
 *
 * @throws {DomainError} `bad-name`, `login-needed`.
 */
export function identifyExec(
  { accounts, access }: Pick<ChatContext, "accounts" | "access">,
  { identity, address }: ConnectionContext,
): ExecAsker {
  const account = identity?.account === undefined ? undefined : accounts.find(identity.account);
  const revocation = new AbortController();
  const asker: Asker = {
    nickname: account?.name ?? parseName(identity?.name ?? "", NICKNAME_RULES),
    account: account?.key,
    isOperator: account?.isOperator,
    address,
    capacity: "person",
    revoked: revocation.signal,
  };
  const refusal = access.admission(asker);
  if (refusal) throw refusal;
  const fingerprint = identity?.publicKey?.fingerprint;
  const stopListening = accounts.onChange((change) => {
    if (change.account.key === account?.key && takesAway(change, fingerprint)) {
      revocation.abort(changed(change.account));
    }
  });
  return { asker, [Symbol.dispose]: stopListening };
}

/** Whether a change takes something from whoever has logged in with a key, or without one. */
function takesAway({ kind, account, before }: AccountChange, fingerprint?: string): boolean {
  if (kind === "removed") return true;
  if (kind === "operator") return !account.isOperator;
  const has = ({ keys = [] }: Account) => keys.some((key) => key.fingerprint === fingerprint);
  const hadKey = before !== undefined && has(before);
  return kind === "password" ? !hadKey : kind === "keys" && hadKey && !has(account);
}

function changed({ name }: Account): DomainError {
  return new DomainError(
    "login-needed",
    `The account ${name} has changed, so this has stopped. Connect again.`,
  );
}
