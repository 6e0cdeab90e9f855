/**
 * The mechanism PLAIN (RFC 4616): name and password in one message.
 *
 * @module
 */

import {
  decodeMessage,
  readIdentity,
  type SaslAnswer,
  SaslError,
  type SaslExchange,
  type SaslPeer,
} from "./mechanism.ts";

export class PlainExchange implements SaslExchange {
  readonly #peer: SaslPeer;

  constructor(peer: SaslPeer) {
    this.#peer = peer;
  }

  /** As {@linkcode SaslExchange.respond}: takes two names and a password between NULs. */
  async respond(message: Uint8Array): Promise<SaslAnswer> {
    const parts = decodeMessage(message).split("\0");
    const [authorization, authentication, password] = parts;
    if (parts.length !== 3 || authentication === "" || password === "") {
      throw new SaslError("A name and a password are needed. Set both in the client's settings.");
    }
    const { accounts, address } = this.#peer;
    const name = readIdentity(authorization, authentication, this.#peer);
    return { account: await accounts.passwords.logIn(name, password, address) };
  }
}
