/**
 * The mechanism SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding: the client proves that
 * it knows the password, which never leaves it, and the server proves that it knows the verifier.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import type { Account } from "../accounts/account.ts";
import { isProof, serverSignature } from "../login/scram_verifier.ts";
import {
  decodeMessage,
  readIdentity,
  type SaslAnswer,
  SaslError,
  type SaslExchange,
  type SaslPeer,
} from "./mechanism.ts";
import {
  type ClientFirst,
  formatServerFinal,
  formatServerFirst,
  parseClientFinal,
  parseClientFirst,
} from "./scram_message.ts";

const NONCE_BYTES = 18;
/** Longest nonce of a client, in characters. */
const LONGEST_NONCE = 256;

export interface ScramOptions {
  /** @default {random} */
  readonly nonce?: string;
}

interface Begun {
  readonly name: string;
  readonly first: ClientFirst;
  readonly nonce: string;
  readonly serverFirst: string;
}

export class ScramExchange implements SaslExchange {
  readonly #peer: SaslPeer;
  readonly #nonce: string;
  #begun: Begun | undefined;
  #account: Account | undefined;

  constructor(peer: SaslPeer, { nonce }: ScramOptions = {}) {
    this.#peer = peer;
    this.#nonce = nonce ?? randomBytes(NONCE_BYTES).toString("base64");
  }

  // deno-lint-ignore require-await -- rejects, as the contract requires
  async respond(message: Uint8Array): Promise<SaslAnswer> {
    const text = decodeMessage(message);
    // The client has checked our signature and is content.
    if (this.#account) return { account: this.#account };
    const challenge = this.#begun ? this.#finish(text, this.#begun) : this.#begin(text);
    return { challenge: new TextEncoder().encode(challenge) };
  }

  #begin(text: string): string {
    const first = parseClientFirst(text);
    if (first.nonce.length > LONGEST_NONCE) {
      throw new SaslError(`The client's nonce is longer than ${LONGEST_NONCE} characters.`);
    }
    const name = readIdentity(first.authorization, first.username, this.#peer);
    const verifier = this.#peer.accounts.passwords.verifierOf(name);
    if (!verifier) {
      throw new SaslError(
        "This account has no SCRAM verifier yet. Log in once with PLAIN over TLS, or on another " +
          "door; that makes one.",
      );
    }
    const nonce = first.nonce + this.#nonce;
    const serverFirst = formatServerFirst(nonce, verifier.salt, verifier.iterations);
    this.#begun = { name, first, nonce, serverFirst };
    return serverFirst;
  }

  #finish(text: string, { name, first, nonce, serverFirst }: Begun): string {
    const final = parseClientFinal(text);
    // Otherwise somebody on the way has changed what the two agreed on.
    if (final.header !== first.header || final.nonce !== nonce) {
      throw new SaslError("The SCRAM messages do not belong together. Log in again.");
    }
    const authMessage = `${first.bare},${serverFirst},${final.withoutProof}`;
    let signature: Uint8Array = new Uint8Array();
    const { accounts, address } = this.#peer;
    this.#account = accounts.passwords.logInByProof(name, (verifier) => {
      signature = serverSignature(verifier, authMessage);
      return isProof(verifier, authMessage, final.proof);
    }, address);
    return formatServerFinal(signature);
  }
}
