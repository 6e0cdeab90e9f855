/**
 * Sends cipher text over the connection that carries it.
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
   * Sends all of `bytes`. One call at a time.
   *
   * @throws {Error} if the peer is gone.
   */
  async send(bytes: Uint8Array): Promise<void> {
    this.#isSending = true;
    try {
      for (let at = 0; at < bytes.length;) at += await this.#carrier.write(bytes.subarray(at));
    } finally {
      this.#isSending = false;
    }
  }

  /** Checks whether the peer is gone, like {@linkcode ByteConnection.write} with no bytes. */
  sendNothing(): Promise<number> {
    // Not behind a write that waits for a slow peer, because the check would wait as well.
    return this.#isSending ? Promise.resolve(0) : this.#carrier.write(NOTHING);
  }
}
