/**
 * Sending cipher text over the connection that carries it.
 *
 * @module
 */

import type { ByteConnection } from "./connection.ts";

const NOTHING = new Uint8Array();

/** The only writer to a carrier. */
export class CipherTextSender {
  readonly #carrier: ByteConnection;
  #isSending = false;

  constructor(carrier: ByteConnection) {
    this.#carrier = carrier;
  }

  /**
   * Sends all of `bytes`; to be awaited before it is called again.
   *
   * @throws {Error} once the peer is gone.
   */
  async send(bytes: Uint8Array): Promise<void> {
    this.#isSending = true;
    try {
      for (let at = 0; at < bytes.length;) at += await this.#carrier.write(bytes.subarray(at));
    } finally {
      this.#isSending = false;
    }
  }

  /** Asks whether the peer is gone, as {@linkcode ByteConnection.write} does with no bytes. */
  sendNothing(): Promise<number> {
    // Behind a write that waits for a slow peer, the question would wait as well.
    return this.#isSending ? Promise.resolve(0) : this.#carrier.write(NOTHING);
  }
}
