/**
 * Logs people in to their accounts and out again, at every door, and everything that follows from
 * it.
 *
 * @module
 */

import { type Account, stillAccepts } from "../../domain/access/account.ts";
import type { PublicKey } from "../../domain/access/public_key.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { NICKNAME_RULES, parseName } from "../../domain/name.ts";
import type { ChatSession } from "./chat_session.ts";
import { tellInvitations } from "./invitation_notice.ts";
import { log } from "../../log.ts";
import { nameRefusal } from "./registered_names.ts";
import { recallPerson, rememberAll, rememberMarks } from "./person_memory.ts";

/** Wrong passwords in a row after which a person is asked something else. */
const MOST_TRIES = 3;

/**
 * Logs somebody in, who then has the name of the account, even if another connection had it.
 *
 * @throws {DomainError} As `Accounts.logIn` does.
 */
export async function logIn(
  person: ChatSession,
  name: string,
  password: string,
  options?: UseAccountOptions,
): Promise<void> {
  refuseToken(person);
  const { accounts } = person.chat;
  let account: Account;
  try {
    account = await accounts.logIn(name, password, person.member.address);
  } catch (error) {
    throw whyNoPassword(person, name) ?? error;
  }
  await useAccount(person, account, options);
}

/**
 * Asks somebody for the password of an account until it is right, and logs them in.
 *
 * @returns Whether they are logged in; if not, they have been told why.
 * @throws {DomainError} `bad-name`, or `slow-down` if they have to wait.
 */
export async function logInByAsking(
  person: ChatSession,
  text: string,
  introduction = "",
): Promise<boolean> {
  const name = parseName(text, NICKNAME_RULES);
  const refusal = whyNoPassword(person, name);
  if (refusal) throw refusal;
  let question = `${introduction}What is the password of ${name}?`;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const password = await person.screen.askSecret?.(question);
    if (password === undefined) return false;
    try {
      await logIn(person, name, password);
      return true;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== "wrong-password") throw error;
      person.error(error.message, error.code);
    }
    question = `What is the password of ${name}?`;
  }
  person.notice(`Those were ${MOST_TRIES} wrong passwords. Try again later, or use another name.`);
  return false;
}

/**
 * Why no password can be right for an account: it has only keys. On a closed server that is not
 * said, because it would tell which names have an account.
 */
function whyNoPassword(
  { chat: { accounts, access } }: ChatSession,
  name: string,
): DomainError | undefined {
  const account = accounts.find(name);
  const hasKeysOnly = account?.passwordHash === undefined && account?.keys !== undefined;
  if (!hasKeysOnly || access.isClosed) return undefined;
  return new DomainError(
    "no-password",
    `${account.name} logs in with an SSH key and has no password. Connect with ssh as ` +
      `${account.name}; /password sets one there.`,
  );
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
      "You are logged in already. Log out first to register another name.",
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
 * @throws {DomainError} As `Accounts.logIn` and `Accounts.setPassword` do.
 */
export async function changePassword(
  person: ChatSession,
  old: string,
  password: string,
): Promise<void> {
  const { chat: { accounts }, member } = person;
  const { name, passwordHash } = requireAccount(person);
  if (passwordHash !== undefined) await accounts.logIn(name, old, member.address);
  person.isChangingAccount = true;
  try {
    await accounts.setPassword(name, password);
  } finally {
    person.isChangingAccount = false;
  }
}

/** The account that somebody is logged in to. @throws {DomainError} `login-needed`. */
export function requireAccount(person: ChatSession): Account {
  refuseToken(person);
  const { chat, member } = person;
  const account = member.account === undefined ? undefined : chat.accounts.find(member.account);
  if (account) return account;
  throw new DomainError("login-needed", "You are not logged in. /login NAME does that.");
}

/**
 * Logs somebody out. They leave the rooms that they were in only because of the account, and its
 * name, unless nobody else needs it.
 *
 * @param reason Told to them.
 */
export function logOut(person: ChatSession, reason: string): void {
  const { chat, member, screen, nickname } = person;
  if (member.account === undefined) return;
  void rememberMarks(person);
  forgetAccount(person);
  person.notice(reason);
  if (chat.access.isClosed) {
    screen.end("Only people with an account may stay. Connect again and log in.");
    void person.depart("");
    return;
  }
  chat.evictions.check(person);
  if (chat.accounts.find(nickname)) {
    takeAlternative(person, nickname, () => {
      person.notice(`You are now called ${person.nickname}. /nick NAME changes that.`);
    });
  }
  screen.showAccount?.();
  void person.correspondence.accountChanged();
}

export interface UseAccountOptions {
  /**
   * Whether the person does not take the name of the account. On a closed server people have no
   * other names, so they take it all the same, once they have any.
   */
  readonly keepsName?: boolean;
}

/**
 * Makes somebody the owner of an account, which they have proven to be, and gives them its name.
 *
 * @throws {DomainError} `wrong-password` if the account is no longer what it was.
 */
export async function useAccount(
  person: ChatSession,
  account: Account,
  { keepsName = false }: UseAccountOptions = {},
): Promise<void> {
  const { chat: { access }, member, nickname } = person;
  const takesName = !keepsName || (access.isClosed && nickname !== "");
  if (member.account !== undefined && member.account !== account.key) {
    await rememberMarks(person);
    forgetAccount(person);
    await person.correspondence.accountChanged();
  }
  if (takesName) await replaceHolders(person, account);
  // The person may have left, or the account been removed, meanwhile.
  const current = person.chat.accounts.find(account.name);
  if (person.hasDeparted || !current || !stillAccepts(current, account)) {
    throw new DomainError("wrong-password", "The account has changed. Log in again.");
  }
  person.identify(current);
  const agreed = takesName ? person.takeName(account.name) : undefined;
  if (agreed) await agreed;
  await recallPerson(person);
  person.chat.evictions.check(person);
  if (person.screen.showAccount) {
    person.screen.showAccount();
  } else {
    const power = current.isOperator ? ", an operator of this server" : "";
    person.notice(`You are logged in as ${account.name}${power}.`);
  }
  await person.correspondence.accountChanged();
  // Somebody who is entering is told after the rooms.
  if (person.rooms.length > 0) await tellInvitations(person);
}

/**
 * Takes the name of the account that somebody is logged in to, even if another connection has it.
 *
 * @throws {DomainError} `login-needed`.
 */
export async function takeOwnName(person: ChatSession): Promise<void> {
  await replaceHolders(person, requireAccount(person));
  if (person.hasDeparted) return;
  // The account may have been removed meanwhile.
  const agreed = person.takeName(requireAccount(person).name);
  if (agreed) await agreed;
}

/**
 * Gives somebody a free name like one that they must not have any longer.
 *
 * @param tell Called once they have it.
 */
export function takeAlternative(person: ChatSession, name: string, tell: () => void): void {
  const agreed = person.takeName(person.chat.people.alternative(name));
  if (!agreed) return tell();
  const again = async (error: unknown) => {
    if (person.hasDeparted) return;
    const code = error instanceof DomainError ? error.code : undefined;
    // Nobody asked for it, so nobody would ask again.
    if (code === "unavailable") await person.chat.registry.caughtUp();
    else if (code !== "name-in-use") throw error;
    if (!person.hasDeparted) takeAlternative(person, name, tell);
  };
  agreed.then(tell, again).catch((error) => {
    log("chat").error("Cannot give {name} another name: {error}", { name, error });
  });
}

async function replaceHolders(person: ChatSession, account: Account): Promise<void> {
  const { people } = person.chat;
  for (;;) {
    await people.untilFree(account.name);
    const holder = people.find(account.name);
    if (!holder || holder === person) return;
    await replaceHolder(holder, person);
  }
}

/** Ends a connection whose name its owner wants on another one. Both are told. */
export async function replaceHolder(holder: ChatSession, person: ChatSession): Promise<void> {
  const { nickname: name } = holder;
  if (!holder.hasDeparted) {
    person.notice(
      `${name} was still connected by ${holder.member.via}. That connection has ended.`,
    );
    holder.screen.end(
      `${name} has logged in on another connection, by ${person.member.via}, so this one has ` +
        "ended. If that was not you, log in and change the password with /password.",
      true,
    );
  }
  await holder.depart("");
}

/** A program with a token has not proven to be the owner of the account. */
function refuseToken({ member }: ChatSession): void {
  if (!member.token) return;
  throw new DomainError(
    "not-permitted",
    "A token acts as its account, and can neither log in or out nor change the password.",
  );
}

/** Takes back everything that came with the account, except for the name and the rooms. */
function forgetAccount(person: ChatSession): void {
  const { member, screen } = person;
  person.identify(undefined);
  member.heedAll();
  screen.forgetMarks?.();
}
