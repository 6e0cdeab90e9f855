/**
 * What people do with their own accounts, at every door: register one, and change its password.
 *
 * @module
 */

import type { Account } from "../../../domain/access/accounts/account.ts";
import type { PublicKey } from "../../../domain/access/accounts/public_key.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { ChatSession } from "../chat_session.ts";
import { rememberAll } from "../person_memory.ts";
import { nameRefusal } from "./registered_names.ts";

/** The account that somebody is logged in to. @throws {DomainError} `login-needed`. */
export function requireAccount(person: ChatSession): Account {
  refuseToken(person);
  const { chat, member } = person;
  const account = member.account === undefined ? undefined : chat.accounts.find(member.account);
  if (account) return account;
  throw new DomainError("login-needed", "You are not logged in. /login NAME does that.");
}

/**
 * Makes sure that somebody may register their name, or the name that they are about to take.
 *
 * @throws {DomainError} if not.
 */
export function requireRegistrable(person: ChatSession, name = person.nickname): void {
  refuseToken(person);
  const { chat, member } = person;
  if (chat.access.isClosed) {
    throw new DomainError(
      "not-permitted",
      "Accounts of this server are added by whoever runs it. Ask them for one.",
    );
  }
  if (member.account !== undefined) {
    throw new DomainError(
      "not-permitted",
      "You are already logged in. Log out first to register another name.",
    );
  }
  const refusal = nameRefusal(chat, name, member);
  if (refusal) throw refusal;
  if (name !== person.nickname) chat.people.check(name, person);
}

/**
 * Makes an account of the name that somebody uses, or is about to take.
 *
 * @param proof The password, or the key that takes its place.
 * @throws {DomainError} As {@linkcode requireRegistrable}, `Accounts.register` and
 * `AccountKeys.register` do.
 */
export async function registerName(
  person: ChatSession,
  proof: string | PublicKey,
  name = person.nickname,
): Promise<void> {
  requireRegistrable(person, name);
  const { chat, member } = person;
  const options = { address: member.address };
  person.isChangingAccount = true;
  try {
    const account = typeof proof === "string"
      ? await chat.accounts.register(name, proof, options)
      : await chat.keys.register(name, proof, options);
    person.identify(account);
  } finally {
    person.isChangingAccount = false;
  }
  await rememberAll(person);
  person.screen.showAccount?.();
  await person.correspondence.accountChanged();
}

/**
 * Changes the password of the account that somebody is logged in to. Others who are logged in to it
 * are logged out.
 *
 * @param old Not looked at if the account has no password yet.
 * @throws {DomainError} As `AccountPasswords.logIn` and `Accounts.setPassword` do.
 */
export async function changePassword(
  person: ChatSession,
  old: string,
  password: string,
): Promise<void> {
  const { chat: { accounts }, member } = person;
  const { name, passwordHash } = requireAccount(person);
  if (passwordHash !== undefined) await accounts.passwords.logIn(name, old, member.address);
  person.isChangingAccount = true;
  try {
    await accounts.setPassword(name, password);
  } finally {
    person.isChangingAccount = false;
  }
}

/**
 * A program with a token has not proven to be the owner of the account.
 *
 * @throws {DomainError} `not-permitted` to one.
 */
export function refuseToken({ member }: ChatSession): void {
  if (!member.token) return;
  throw new DomainError(
    "not-permitted",
    "A token acts as its account, and can neither log in or out nor change the password.",
  );
}
