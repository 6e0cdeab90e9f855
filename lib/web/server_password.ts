/**
 * The password of the server in HTTP requests (RFC 6750 section 2.1, RFC 7617).
 *
 * @module
 */

import type { ServerPassword } from "../domain/access/login/server_password.ts";
import { DomainError } from "../domain/domain_error.ts";
import { Problem } from "./http/problem.ts";

/** Not Basic: a browser would ask for it in a window of its own. */
const CHALLENGE = { "WWW-Authenticate": `Bearer realm="partyline"` };

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The refusal of a client that has not given it. */
export function serverPasswordNeeded(): DomainError {
  return new DomainError(
    "login-needed",
    "This server has a password. Give it, or ask whoever runs the server.",
  );
}

/**
 * Makes sure that a request carries the password.
 *
 * @param address Whose attempts count.
 * @throws {Problem | DomainError} if it does not.
 */
export function checkServerPassword(
  headers: Headers,
  password: ServerPassword,
  address: string | undefined,
): void {
  const given = bearerOf(headers) ?? basicPasswordOf(headers);
  if (given === undefined) {
    throw new Problem(
      401,
      "login-needed",
      "This server has a password. Send it as: Authorization: Bearer PASSWORD, or as the password " +
        "of Basic with any name.",
      CHALLENGE,
    );
  }
  try {
    password.check(given, address);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "wrong-password") throw error;
    throw new Problem(401, error.code, error.message, CHALLENGE);
  }
}

/** What follows `Bearer` in a request, if it has that. It may contain blanks. */
export function bearerOf(headers: Headers): string | undefined {
  return /^Bearer +(.+)$/i.exec(authorizationOf(headers))?.[1];
}

function basicPasswordOf(headers: Headers): string | undefined {
  const [, encoded] = /^Basic +(\S+)$/i.exec(authorizationOf(headers)) ?? [];
  if (encoded === undefined) return undefined;
  try {
    const text = new TextDecoder().decode(Uint8Array.fromBase64(encoded));
    const colon = text.indexOf(":");
    return colon === -1 ? undefined : text.slice(colon + 1);
  } catch {
    return undefined;
  }
}

/** The header as clients mean it, in UTF-8; `Headers` have a character for each byte. */
function authorizationOf(headers: Headers): string {
  const value = headers.get("authorization") ?? "";
  try {
    return decoder.decode(Uint8Array.from(value, (character) => character.charCodeAt(0)));
  } catch {
    return value;
  }
}
