/**
 * Asks a person for a new password, twice.
 *
 * @module
 */

import { parsePassword } from "../../../domain/access/login/password_rules.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { ChatSession } from "../chat_session.ts";

/**
 * Asks until a password is accepted and has been typed twice; resolves to `undefined` if the person
 * cancels. After a refusal people type another one at once, which must not be said in the room.
 */
export async function askNewPassword(
  person: ChatSession,
  question: string,
): Promise<string | undefined> {
  const { screen } = person;
  if (!screen.askSecret) {
    person.error("Passwords are not asked for here. Choose Account to do that.");
    return undefined;
  }
  while (true) {
    const first = await screen.askSecret(question);
    if (first === undefined) return undefined;
    const password = acceptPassword(person, first);
    if (password === undefined) continue;
    const second = await screen.askSecret("Once more, to be sure.");
    if (second === undefined) return undefined;
    if (second.normalize("NFC") === password) return password;
    person.error("The two differ, so nothing was changed. Try again.");
  }
}

/** A password as it is stored; `undefined` if it is refused, and the person has been told why. */
function acceptPassword(person: ChatSession, text: string): string | undefined {
  try {
    return parsePassword(text);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    person.error(error.message, error.code);
    return undefined;
  }
}
