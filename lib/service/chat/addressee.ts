/**
 * The recipient of a message of several lines. Sending takes a while, and meanwhile a kick, another
 * private message or a reused nickname can change where the author's next line would go.
 *
 * @module
 */

import type { ChatSession } from "./chat_session.ts";

/**
 * Returns a sentence that says why the rest would reach somebody else than the beginning did;
 * `undefined` if the recipient is still the same.
 */
export type Addressee = () => string | undefined;

/** The room in which a person is talking, even if it is renamed. */
export function roomOf(person: ChatSession): Addressee {
  const { currentRoom: room, visits } = person;
  const { exits } = visits;
  return () => visits.exits === exits ? undefined : `You are no longer talking in #${room?.name}.`;
}

/** The last person who wrote to somebody. */
export function correspondentOf(person: ChatSession): Addressee {
  const { correspondent } = person;
  return () =>
    person.correspondent === correspondent ? undefined : "Somebody else has written to you since.";
}

/**
 * The holder of a name or, if nobody has it, its account. Two sessions of the same account count as
 * one holder.
 */
export function holderOf({ chat: { people, accounts } }: ChatSession, name: string): Addressee {
  const find = () => {
    const person = people.find(name);
    const key = person ? person.member.account : name;
    return { person, account: key === undefined ? undefined : accounts.find(key) };
  };
  const before = find();
  return () => {
    const { person, account } = find();
    const isNew = person !== before.person || !person;
    if (!isNew || !(person ?? account) || !(before.person ?? before.account)) return undefined;
    // An account that was removed and added again may be somebody else's.
    const isSame = account !== undefined && account.key === before.account?.key &&
      account.createdAt === before.account.createdAt;
    return isSame ? undefined : `The name ${person?.nickname ?? name} is somebody else's now.`;
  };
}
