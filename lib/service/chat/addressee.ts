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

/** The holder of a name. Two sessions of the same account count as one holder. */
export function holderOf({ chat: { people } }: ChatSession, name: string): Addressee {
  const holder = people.find(name);
  const account = holder?.member.account;
  return () => {
    const now = people.find(name);
    if (!holder || !now || now === holder) return undefined;
    const isSame = account !== undefined && now.member.account === account;
    return isSame ? undefined : `The name ${now.nickname} is somebody else's now.`;
  };
}
