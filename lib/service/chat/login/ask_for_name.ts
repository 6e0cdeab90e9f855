/**
 * Takes a name for a person: with its password if it is registered, and otherwise even from somebody
 * whose machine has vanished: who asks for a name in use has its holder checked.
 *
 * @module
 */

import { DomainError } from "../../../domain/domain_error.ts";
import type { ChatSession } from "../chat_session.ts";
import { logInByAsking } from "./log_in.ts";

/**
 * Takes a name as `ChatSession.takeName` does, at once if nobody has it. If somebody does, and their
 * machine turns out to be gone, they leave the chat first; that takes a few seconds. Of somebody who
 * can be asked, the password of a registered name is asked for.
 *
 * @returns Whether they have the name; if not, they have been told why.
 * @throws {DomainError} As `ChatSession.takeName` and `logInByAsking` do.
 */
export async function askForName(person: ChatSession, text: string): Promise<boolean> {
  try {
    const agreed = person.takeName(text);
    if (agreed) await agreed;
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === "login-needed" && person.screen.askSecret) {
      return await logInByAsking(person, text, introductionOf(person, text));
    }
    const { people } = person.chat;
    const holder = people.find(text.trim());
    const isInUse = error instanceof DomainError && error.code === "name-in-use";
    const leaving = isInUse ? people.untilFree(text.trim()) : undefined;
    if (leaving) {
      await leaving;
      if (person.hasDeparted) throw error;
      return await askForName(person, text);
    }
    if (!isInUse || !holder || await isThere(holder, person)) throw error;
    await dismiss(holder);
    // The person may have left meanwhile, and must not take a name then.
    if (person.hasDeparted) throw error;
  }
  const agreed = person.takeName(text);
  if (agreed) await agreed;
  return true;
}

/** Explains the question for a password. On a closed server, that tells nothing about the name. */
function introductionOf({ chat: { access } }: ChatSession, name: string): string {
  return access.isClosed
    ? "Only people with an account may enter this server. Press Enter alone for another name. "
    : `${name.trim()} is a registered name. Press Enter alone to choose another one. `;
}

function isThere({ nickname, screen }: ChatSession, asker: ChatSession): Promise<boolean> {
  return screen.isReachable(
    `Somebody else asked for the name ${nickname}. It is yours while you are connected.`,
    () => {
      asker.notice(
        `${nickname} is in use, but that connection does not respond. ` +
          "If it stays silent for 5 seconds, the name is yours.",
      );
    },
  );
}

/** Should the machine come back before the system gives up, its owner reads what happened. */
async function dismiss(holder: ChatSession): Promise<void> {
  if (!holder.hasDeparted) {
    holder.screen.end(
      "Your connection did not respond while somebody asked for your name, so they got it. " +
        "Connect again.",
    );
  }
  await holder.depart("");
}
