/**
 * The mechanism EXTERNAL (RFC 4422 appendix A): the certificate of the TLS connection is the proof.
 *
 * @module
 */

import {
  decodeMessage,
  type SaslAnswer,
  SaslError,
  type SaslExchange,
  type SaslPeer,
} from "./mechanism.ts";

export class ExternalExchange implements SaslExchange {
  readonly #peer: SaslPeer;

  constructor(peer: SaslPeer) {
    this.#peer = peer;
  }

  /** As {@linkcode SaslExchange.respond}: takes a name, or nothing. */
  // deno-lint-ignore require-await -- rejects, as the contract requires
  async respond(message: Uint8Array): Promise<SaslAnswer> {
    const { certificates, certificate, readName = (text) => text } = this.#peer;
    const name = decodeMessage(message);
    if (certificate === undefined) {
      throw new SaslError(
        "This connection has no client certificate. Connect with TLS and a certificate, or log " +
          "in with a password.",
      );
    }
    const owner = name === "" ? undefined : readName(name);
    return { account: certificates.logIn(certificate, owner) };
  }
}
