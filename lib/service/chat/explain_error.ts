/**
 * Tells a person at a line door why something cannot be done.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";
import { log } from "../../log.ts";
import type { ChatSession } from "./chat_session.ts";

/** Errors that are not meant for people are logged instead. */
export function explainError(person: Pick<ChatSession, "error">, error: unknown): void {
  if (error instanceof DomainError) return person.error(error.message, error.code);
  log("chat").error("Cannot carry out a request: {error}", { error });
  person.error("Internal error. It was logged; try again later.", "internal");
}
