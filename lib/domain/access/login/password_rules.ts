/**
 * Which passwords are accepted.
 *
 * @module
 */

import { characterCount } from "../../character_count.ts";
import { DomainError } from "../../domain_error.ts";

/** In characters (code points). */
const FEWEST_CHARACTERS = 6;
/** In bytes of UTF-8. */
const MOST_BYTES = 1024;

const encoder = new TextEncoder();

/**
 * Checks a new password; returns it in Unicode's NFC form, because keyboards differ in how they
 * send `é`. Any character is allowed, spaces too.
 *
 * @throws {DomainError} `bad-password`, with the rule that it breaks.
 */
export function parsePassword(text: string): string {
  const password = text.normalize("NFC");
  if (characterCount(password) < FEWEST_CHARACTERS) {
    throw new DomainError(
      "bad-password",
      `Passwords need at least ${FEWEST_CHARACTERS} characters. Choose a longer one.`,
    );
  }
  if (encoder.encode(password).length > MOST_BYTES) {
    throw new DomainError(
      "bad-password",
      `Passwords may have at most ${MOST_BYTES} bytes. Choose a shorter one.`,
    );
  }
  return password;
}

/** As {@linkcode parsePassword}; `undefined` for a text that is no account's password. */
export function tryPassword(text: string): string | undefined {
  try {
    return parsePassword(text);
  } catch {
    return undefined;
  }
}
