/**
 * Takes what is remembered about a person from the store, and puts it back. A store that fails costs
 * them their settings, but does not keep them out.
 *
 * @module
 */

import { log } from "../../log.ts";
import type { ChatContext, ChatSession } from "./chat_session.ts";

/** Restores the settings, the read marks and whom to ignore of somebody who comes back. */
export async function recallPerson(person: ChatSession): Promise<void> {
  const { chat, member, screen } = person;
  try {
    const { settings, marks, ignored, preferences } = await chat.memory.recall(member);
    screen.settings?.restore(settings);
    screen.recallMarks?.(marks);
    screen.recallPreferences?.(preferences);
    if (ignored.size > 0) member.ignore(ignored);
  } catch (error) {
    screen.recallPreferences?.(undefined);
    log("chat").warning("Cannot read settings and marks: {error}", { error });
  }
}

/** Stores how far somebody has read, and tells the other sessions of the account. */
export async function rememberMarks(person: ChatSession): Promise<void> {
  const { chat, member, screen: { marks } } = person;
  if (!marks || marks.size === 0) return;
  for (const [room, seq] of marks) tellRead(person, room, seq);
  const { nickname, account } = member;
  // An account that was removed must leave nothing to the next one with its name.
  if (account !== undefined && !chat.accounts.find(account)) return;
  try {
    await chat.memory.remember({ nickname, account }, { marks: new Map(marks) });
  } catch (error) {
    log("chat").warning("Cannot save marks: {error}", { error });
  }
}

/** Stores whom an account ignores. @returns Whether that is so. */
export async function rememberIgnored({ chat, member }: ChatSession): Promise<boolean> {
  if (member.account === undefined) return true;
  try {
    await chat.memory.remember(member, { ignored: new Set(member.ignored) });
    return true;
  } catch (error) {
    log("chat").warning("Cannot save whom to ignore: {error}", { error });
    return false;
  }
}

/**
 * Stores the preferences of somebody's account, and tells its other sessions.
 *
 * @param preferences As JSON.
 * @throws {Error} If it was not stored.
 */
export async function rememberPreferences(
  { chat, member, correspondence }: ChatSession,
  preferences: string,
): Promise<void> {
  const hasChanged = await chat.memory.remember(member, { preferences });
  if (!hasChanged || member.account === undefined) return;
  for (const other of chat.readMarks.listeners(member.account)) {
    if (other !== correspondence) other.prefer(preferences);
  }
}

/** Stores everything about somebody whose name has become an account. */
export async function rememberAll({ chat, member, screen }: ChatSession): Promise<void> {
  const { settings, marks } = screen;
  try {
    const record = { settings: settings?.chosen, marks, ignored: member.ignored };
    await chat.memory.remember(member, record);
    screen.recallPreferences?.("");
  } catch (error) {
    log("chat").warning("Cannot save settings and marks: {error}", { error });
  }
}

/** Tells the sessions of this node what their accounts have read or changed on other nodes. */
export function followMarks({ memory, readMarks }: ChatContext): void {
  memory.onMarks((account, raised, preferences) => {
    for (const session of readMarks.listeners(account)) {
      for (const [room, seq] of raised) session.readRoom(room, seq);
      if (preferences !== undefined) session.prefer(preferences);
    }
  });
}

/** Tells the other sessions of somebody's account how far a room has been read. */
export function tellRead({ chat, member, correspondence }: ChatSession, room: string, seq: number) {
  if (member.account === undefined) return;
  for (const other of chat.readMarks.listeners(member.account)) {
    if (other !== correspondence) other.readRoom(room, seq);
  }
}
