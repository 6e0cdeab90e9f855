/**
 * What the SASL mechanisms (RFC 4422) have in common: the server's end of an exchange takes the
 * client's messages one by one and answers each. How messages travel is up to the protocol.
 *
 * @module
 */

import { nameKey } from "../../name.ts";
import type { Account } from "../accounts/account.ts";
import type { AccountCertificates } from "../accounts/account_certificates.ts";
import type { Accounts } from "../accounts/accounts.ts";

/** One more message for the client, or the account that the client has proven to own. */
export type SaslAnswer =
  | { readonly challenge: Uint8Array }
  | { readonly account: Account };

/** The server's end of one attempt to log in. */
export interface SaslExchange {
  /**
   * Takes the client's next message. After an exception the exchange is over.
   *
   * @throws {SaslError} if the message is malformed, or asks for something that is not supported.
   * @throws {DomainError} `wrong-password`, `bad-name`, `slow-down`, as `AccountPasswords.logIn` does.
   */
  respond(message: Uint8Array): Promise<SaslAnswer>;
}

/** Who logs in. */
export interface SaslPeer {
  readonly accounts: Pick<Accounts, "passwords">;
  readonly certificates: Pick<AccountCertificates, "logIn">;
  /** IP address, if there is one. */
  readonly address?: string;
  /** SHA-256 fingerprint of the certificate that the peer has proven to own, if any. */
  readonly certificate?: string;
  /** Reads the name of an account as the protocol writes it. @default {as it is} */
  readonly readName?: (text: string) => string;
}

/** The client's message cannot be answered. The text is a sentence for its user. */
export class SaslError extends Error {
  override readonly name = "SaslError";
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes a message; all mechanisms here use UTF-8. @throws {SaslError} */
export function decodeMessage(message: Uint8Array): string {
  try {
    return decoder.decode(message);
  } catch {
    throw new SaslError("Names and passwords must be UTF-8. Set the client's encoding to UTF-8.");
  }
}

/**
 * Reads the name to log in as.
 *
 * @param authorization Whom the client wants to act as, `""` for the same (RFC 4422 section 3.4.1).
 * @throws {SaslError} if that is somebody else.
 */
export function readIdentity(
  authorization: string,
  authentication: string,
  { readName = (text) => text }: SaslPeer,
): string {
  const name = readName(authentication);
  if (authorization === "" || nameKey(readName(authorization)) === nameKey(name)) return name;
  throw new SaslError(
    "One account cannot act as another. Leave the authorization identity of the client empty.",
  );
}
