/**
 * The nicknames that stand for accounts in private conversations. A conversation is one of two
 * accounts, but clients know people by nicknames, and a session may have another than its account.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { ChatSession } from "../chat/chat_session.ts";
import type { IrcClient, IrcContext } from "./irc_door.ts";

/**
 * The nickname by which a client knows an account: the one that it wrote to last, if that was the
 * account's; else the account's own name, unless only sessions with other nicknames are here.
 *
 * @param key The key of the account.
 */
export function nickOfAccount({ irc: { chat }, addressed }: IrcClient, key: string): string {
  const name = chat.accounts.find(key)?.name ?? key;
  for (const nickname of addressed === undefined ? [name] : [addressed, name]) {
    const person = chat.people.find(nickname);
    if (person?.member.account === key) return person.nickname;
  }
  for (const { label } of chat.readMarks.listeners(key)) return label;
  for (const { nickname } of chat.claims?.withAccount(key) ?? []) return nickname;
  return name;
}

/** Who wrote or did something in a conversation, if they are still here with the same account. */
export function authorIn({ chat, people }: IrcContext, event: RoomEvent): ChatSession | undefined {
  const author = people.authorOf(event);
  const isSame = author?.member.account === nameKey(event.from);
  return isSame ? author : chat.people.find(event.from);
}
