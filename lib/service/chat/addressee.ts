/**
 * Whom a text of several lines is for. It takes a while to send, and meanwhile others can change
 * where its author would say something, or to whom: by a kick, by writing to them, or by taking a
 * name that has become free.
 *
 * @module
 */

import type { ChatSession } from "./chat_session.ts";

/**
 * Returns, in a sentence, why what its author says now would be for others than those whom it was
 * for at first; `undefined` if it would not.
 */
export type Addressee = () => string | undefined;

/** Those in the room in which a person is talking, whatever name it gets. */
export function roomOf(person: ChatSession): Addressee {
  const { currentRoom: room, exits } = person;
  return () => person.exits === exits ? undefined : `You are no longer talking in #${room?.name}.`;
}

/** Who has written to a person last. */
export function correspondentOf(person: ChatSession): Addressee {
  const { correspondent } = person;
  return () =>
    person.correspondent === correspondent
      ? undefined
      : "Somebody else is the last who has written to you.";
}

/** Who has a name. That of an account is always theirs. */
export function holderOf({ chat: { people } }: ChatSession, name: string): Addressee {
  const holder = people.find(name);
  const account = holder?.member.account;
  return () => {
    const now = people.find(name);
    if (!holder || !now || now === holder) return undefined;
    const isSame = account !== undefined && now.member.account === account;
    return isSame ? undefined : `${now.nickname} is somebody else now.`;
  };
}
