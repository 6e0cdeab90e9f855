/**
 * Logs people in to their accounts and out again, at every door, and everything that follows from
 * it.
 *
 * @module
 */

import { type Account, stillAccepts } from "../../../domain/access/accounts/account.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { NICKNAME_RULES, parseName } from "../../../domain/name.ts";
import type { ChatSession } from "../chat_session.ts";
import { recallPerson, rememberMarks } from "../person_memory.ts";
import { tellInvitations } from "../rooms/invitation_notice.ts";
import { replaceHolders, takeAlternative } from "./name_takeover.ts";
import { refuseToken } from "./own_account.ts";

/** Wrong passwords in a row after which a person is asked something else. */
const MOST_TRIES = 3;

/**
 * Logs somebody in, who then has the name of the account, even if another connection had it.
 *
 * @throws {DomainError} As `AccountPasswords.logIn` does.
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
    account = await accounts.passwords.logIn(name, password, person.member.address);
  } catch (error) {
    throw whyNoPassword(person, name) ?? error;
  }
  await useAccount(person, account, options);
}

/**
 * Asks somebody for the password of an account until it is right, and logs them in.
 *
 * @returns Whether they are logged in; if not, they have given no password.
 * @throws {DomainError} `bad-name`, `slow-down` if they have to wait, or `wrong-password` after
 * {@linkcode MOST_TRIES}.
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
  throw new DomainError(
    "wrong-password",
    `Those were ${MOST_TRIES} wrong passwords. Try again later, or use another name.`,
  );
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

/** Takes back everything that came with the account, except for the name and the rooms. */
function forgetAccount(person: ChatSession): void {
  const { member, screen } = person;
  person.identify(undefined);
  member.heedAll();
  screen.forgetMarks?.();
}
