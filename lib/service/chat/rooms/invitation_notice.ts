/**
 * Tells people of invitations that they missed.
 *
 * @module
 */

import type { ChatSession } from "../chat_session.ts";

/** Tells somebody who has logged in of the rooms that they were invited to meanwhile. */
export async function tellInvitations(person: ChatSession): Promise<void> {
  const { account } = person.member;
  if (account === undefined) return;
  for (const { room, by } of await person.chat.moderation.invitations.take(account)) {
    person.notice(`${by} invited you to #${room} while you were away. /join ${room} enters it.`);
  }
}

/** What somebody is told who is invited while they are here. */
export function invitationText(by: string, room: string): string {
  return `${by} invited you to #${room}. /join ${room} enters it.`;
}
