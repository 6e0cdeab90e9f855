/**
 * TLS handshakes side by side, none of which waits for another.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { ByteConnection } from "./connection.ts";
import { sayPlainTextHint, TlsHello } from "./tls_hello.ts";

export interface HandshakesOptions {
  /** Milliseconds within which a peer must have shaken hands. */
  readonly handshakeMs: number;
  /**
   * Handshakes at a time. One more, and the peer that has taken longest is sent away: those who
   * mean it take milliseconds, and limits of connections count only those who are done.
   */
  readonly maxHandshakes: number;
  /** What whoever speaks plain text is told. */
  readonly plainTextHint: string;
  readonly clock: Clock;
}

/** A connection that is of use once hands are shaken. */
export interface SecureConnection extends ByteConnection {
  /** Resolves to whether the peer has shaken hands; `false` if it speaks no TLS, or left. */
  shakeHands(): Promise<boolean>;
}

/** What makes connections secure, with one certificate. */
export interface Securer {
  /** @param cipherText What comes in over `carrier`. */
  secure(
    carrier: ByteConnection,
    cipherText: AsyncIterator<Uint8Array>,
  ): SecureConnection | Promise<SecureConnection>;
  /** Says that no more are to come; those that are there stay. */
  close(): void;
}

/** Those who have been accepted and have not shaken hands yet. */
export class Handshakes {
  readonly #options: HandshakesOptions;
  /** First come first. */
  readonly #carriers = new Set<ByteConnection>();

  constructor(options: HandshakesOptions) {
    this.#options = options;
  }

  /**
   * Resolves to the connection once hands are shaken. Who leaves or is too late is closed; who
   * speaks plain text, or waits for us to speak first until it is too late, is told so before.
   */
  async shake(carrier: ByteConnection, securer: Securer): Promise<ByteConnection | undefined> {
    const { clock, handshakeMs, maxHandshakes } = this.#options;
    if (this.#carriers.size >= maxHandshakes) this.#dismissSlowest();
    this.#carriers.add(carrier);
    const hello = new TlsHello(carrier);
    const cancel = clock.after(handshakeMs, () => {
      if (hello.isHeard) carrier.close();
      else hello.giveUp();
    });
    try {
      const language = await hello.language;
      if (language === "TLS") {
        const connection = await securer.secure(carrier, hello);
        if (await connection.shakeHands()) return connection;
      } else if (language === "plain text") {
        await sayPlainTextHint(carrier, hello, this.#options);
      }
    } catch {
      // The peer is gone; or there are no descriptors, and all that helps is to let it go.
    } finally {
      cancel();
      this.#carriers.delete(carrier);
    }
    carrier.close();
    return undefined;
  }

  /** Sends everybody away. */
  close(): void {
    for (const carrier of this.#carriers) carrier.close();
  }

  #dismissSlowest(): void {
    const [slowest] = this.#carriers.values().take(1);
    this.#carriers.delete(slowest);
    slowest.close();
  }
}
