/**
 * Telling peers that speak plain text to a TLS port from those that speak TLS, by their first byte.
 *
 * @module
 */

import type { ByteConnection } from "./connection.ts";

/** Sent to peers that speak plain text. */
export const PLAIN_TEXT_HINT = "! This port speaks TLS. Connect with TLS, " +
  "for example: openssl s_client -quiet -connect HOST:PORT\r\n";

const HTTPS_SENTENCE = "This port speaks HTTPS. Write https:// at the beginning of the address.\n";

/** The same for peers that speak HTTP. */
export const PLAIN_HTTP_HINT = "HTTP/1.1 400 Bad Request\r\n" +
  "Content-Type: text/plain; charset=utf-8\r\n" +
  `Content-Length: ${HTTPS_SENTENCE.length}\r\nConnection: close\r\n\r\n${HTTPS_SENTENCE}`;

/** The first byte of every TLS connection: a handshake record (RFC 8446 section 5.1). */
const HANDSHAKE_RECORD = 22;

/** All bytes that a peer sends, after a look at the first chunk. */
export class TlsHello implements AsyncIterator<Uint8Array> {
  /** Whether the peer has sent anything. */
  isHeard = false;
  /** Resolves to what the peer speaks, or `undefined` if it left without a byte. */
  readonly language: Promise<"TLS" | "plain text" | undefined>;
  readonly #bytes: AsyncIterator<Uint8Array>;
  #first: Promise<IteratorResult<Uint8Array>> | undefined;
  readonly #silent = Promise.withResolvers<"plain text">();

  constructor({ bytes }: ByteConnection) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    const first = this.#first = this.#bytes.next();
    const heard = first.then(({ value, done }) => {
      this.isHeard = true;
      if (done) return undefined;
      return value[0] === HANDSHAKE_RECORD ? "TLS" : "plain text";
    });
    this.language = Promise.race([heard, this.#silent.promise]);
  }

  /** Treats a silent peer as a person who waits for a greeting in plain text. */
  giveUp(): void {
    this.#silent.resolve("plain text");
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const first = this.#first ?? this.#bytes.next();
    this.#first = undefined;
    return first;
  }
}
