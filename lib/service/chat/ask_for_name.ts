/**
 * Takes a name for a person, even from somebody whose machine has vanished: who asks for a name in
 * use has its holder checked.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";
import type { ChatSession } from "./chat_session.ts";

/**
 * Takes a name as `ChatSession.takeName` does, at once if nobody has it. If somebody does, and their
 * machine turns out to be gone, they leave the chat first; that takes a few seconds.
 *
 * @throws {DomainError} As `ChatSession.takeName` does.
 */
export async function askForName(person: ChatSession, text: string): Promise<void> {
  try {
    return person.takeName(text);
  } catch (error) {
    const holder = person.chat.people.find(text.trim());
    const isInUse = error instanceof DomainError && error.code === "name-in-use";
    if (!isInUse || !holder || await isThere(holder, person)) throw error;
    await dismiss(holder);
    // The person may have left meanwhile, and must not take a name then.
    if (person.hasDeparted) throw error;
  }
  person.takeName(text);
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
