/**
 * Asks a person for a new password, twice.
 *
 * @module
 */

import { parsePassword } from "../../domain/access/login/password_rules.ts";
import type { ChatSession } from "./chat_session.ts";

/**
 * Asks; resolves to `undefined` if the person gives none, or two different ones, and has been told.
 *
 * @throws {DomainError} `bad-password`.
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
  const first = await screen.askSecret(question);
  if (first === undefined) return undefined;
  const password = parsePassword(first);
  const second = await screen.askSecret("Once more, to be sure.");
  if (second === undefined) return undefined;
  if (parsePassword(second) === password) return password;
  person.error("The two differ, so nothing was changed. Try again.");
  return undefined;
}
