/**
 * Tells people in the chat what a change of an account means for them, wherever it was made.
 *
 * @module
 */

import type { Account } from "../../../domain/access/accounts/account.ts";
import type { AccountChange } from "../../../domain/access/accounts/account_change.ts";
import { log } from "../../../log.ts";
import type { ChatContext, ChatSession } from "../chat_session.ts";
import { logOut } from "./log_in.ts";
import { takeAlternative } from "./name_takeover.ts";

/** Follows the accounts for as long as there are any. */
export function followAccounts(chat: ChatContext): void {
  chat.accounts.onChange((change) => {
    const { kind, account, isElsewhere } = change;
    if (kind === "added") makeWay(chat, account);
    if (kind === "removed" && !isElsewhere) void forget(chat, account);
    const people = [...chat.people.holders];
    for (const person of people) {
      // What becomes of tokens is known where they are kept.
      const { token, account: key } = person.member;
      // Each node tells its own people.
      if (person.isRemote) continue;
      if (key === account.key && !token) tell(person, change);
    }
  });
}

/** Gives a guest another name, if theirs has become an account without them. */
function makeWay({ people }: ChatContext, { name }: Account): void {
  const holder = people.find(name);
  if (!holder || holder.isRemote || holder.isChangingAccount) return;
  takeAlternative(holder, name, () => {
    holder.notice(
      `An account with the name ${name} was added, so you are now called ${holder.nickname}. If ` +
        `it is yours, log in with /login ${name}.`,
    );
  });
}

function tell(person: ChatSession, { kind, account, before }: AccountChange): void {
  const { name, isOperator } = account;
  if (kind === "removed") {
    logOut(person, `The account ${name} was removed from this server, so you are logged out.`);
  } else if (kind === "password" && !person.isChangingAccount) {
    logOut(
      person,
      `The password of ${name} was changed, so you are logged out. If you know the new one, log ` +
        `in with /login ${name}; otherwise ask an operator of this server.`,
    );
  } else if (kind === "keys" && !person.isChangingAccount && hasLostKey(person, account, before)) {
    logOut(
      person,
      `The key that you have connected with was removed from ${name}, so you are logged out.`,
    );
  } else if (kind === "operator") {
    person.identify(account);
    person.notice(
      isOperator
        ? "You are now an operator of this server."
        : "You are no longer an operator of this server.",
    );
    person.chat.evictions.check(person);
    person.screen.showAccount?.();
  }
}

/** Whether the key that somebody has connected with belonged to the account, and does no longer. */
function hasLostKey({ member }: ChatSession, account: Account, before?: Account): boolean {
  const fingerprint = member.context.identity?.publicKey?.fingerprint;
  const has = ({ keys = [] }: Account) => keys.some((key) => key.fingerprint === fingerprint);
  return before !== undefined && has(before) && !has(account);
}

async function forget({ memory }: ChatContext, { key }: Account): Promise<void> {
  try {
    await memory.forget(key);
  } catch (error) {
    log("chat").warning("Cannot remove what an account had set: {error}", { error });
  }
}
