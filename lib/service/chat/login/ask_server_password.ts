/**
 * Asks a person at a line door for the password of the server, before anything else.
 *
 * @module
 */

import { DomainError } from "../../../domain/domain_error.ts";
import type { ChatSession } from "../chat_session.ts";

/** Wrong ones after which the connection is ended. */
const MOST_TRIES = 3;

/** Asks, if the server has a password; resolves to whether the person may enter. */
export async function askServerPassword(person: ChatSession): Promise<boolean> {
  const { chat: { serverPassword }, member, screen } = person;
  if (!serverPassword) return true;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const given = await screen.askSecret?.("This server has a password. What is it?");
    if (given === undefined) break;
    try {
      serverPassword.check(given, member.address);
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      person.error(error.message, error.code);
      if (error.code !== "wrong-password") break;
    }
  }
  person.notice("Goodbye. Reconnect to try again.");
  return false;
}
