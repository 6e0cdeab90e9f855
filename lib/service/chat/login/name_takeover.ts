/**
 * Names that change hands: the owner of an account takes its name from another connection, and
 * somebody who must give up a name gets another one.
 *
 * @module
 */

import type { Account } from "../../../domain/access/accounts/account.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { log } from "../../../log.ts";
import type { ChatSession } from "../chat_session.ts";
import { requireAccount } from "./own_account.ts";

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

/** Ends every other connection that has the name of an account, so that its owner can take it. */
export async function replaceHolders(person: ChatSession, account: Account): Promise<void> {
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
