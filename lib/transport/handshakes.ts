/**
 * TLS handshakes in parallel: no peer waits for another.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { ByteConnection } from "./connection.ts";
import { sayLast } from "./last_words.ts";
import { TlsHello } from "./tls_hello.ts";
import type { Turns } from "./turns.ts";

const encoder = new TextEncoder();

export interface HandshakesOptions {
  /** Milliseconds for a peer to complete the handshake. */
  readonly handshakeMs: number;
  /**
   * Handshakes at a time. With one more, the peer that has taken longest is closed: a handshake
   * takes milliseconds, and connection limits only count the peers that have completed it.
   */
  readonly maxHandshakes: number;
  /** Sent to peers that speak plain text. */
  readonly plainTextHint: string;
  /** Asked before each handshake or hint. @default {nothing has to wait} */
  readonly turns?: Turns;
  readonly clock: Clock;
}

/** A connection that can be used once the handshake is complete. */
export interface SecureConnection extends ByteConnection {
  /**
   * Resolves to `true` once the handshake is complete, or `false` if it failed or the peer left.
   */
  shakeHands(): Promise<boolean>;
}

/** Adds TLS to connections, with one certificate. */
export interface Securer {
  /** @param cipherText The bytes that arrive over `carrier`. */
  secure(
    carrier: ByteConnection,
    cipherText: AsyncIterator<Uint8Array>,
  ): SecureConnection | Promise<SecureConnection>;
  /** No more connections will be added; existing ones stay. */
  close(): void;
}

/** The peers that have been accepted and have not completed the handshake. */
export class Handshakes {
  readonly #options: HandshakesOptions;
  /** In order of arrival. */
  readonly #carriers = new Set<ByteConnection>();

  constructor(options: HandshakesOptions) {
    this.#options = options;
  }

  /**
   * Resolves to the connection once the handshake is complete, or `undefined` if the peer leaves or
   * is too slow and has been closed. A peer that speaks plain text, or says nothing until it is too
   * late, gets a hint first.
   *
   * @param securer Called once the peer has said something: a reload may replace it until then.
   */
  async shake(
    carrier: ByteConnection,
    securer: () => Securer,
  ): Promise<ByteConnection | undefined> {
    const { clock, handshakeMs, maxHandshakes, plainTextHint, turns } = this.#options;
    if (this.#carriers.size >= maxHandshakes) this.#dismissSlowest();
    this.#carriers.add(carrier);
    const hello = new TlsHello(carrier);
    const cancel = clock.after(handshakeMs, () => {
      if (hello.isHeard) carrier.close();
      else hello.giveUp();
    });
    try {
      const language = await hello.language;
      const turn = turns?.admit();
      if (turn) await turn;
      if (language === "TLS") {
        const connection = await securer().secure(carrier, hello);
        if (await connection.shakeHands()) return connection;
      } else if (language === "plain text") {
        await sayLast(carrier, hello, encoder.encode(plainTextHint), clock);
      }
    } catch {
      // The peer is gone, or there are no file descriptors left; closing the connection helps with
      // both.
    } finally {
      cancel();
      this.#carriers.delete(carrier);
    }
    carrier.close();
    return undefined;
  }

  /** Closes all of them. */
  close(): void {
    for (const carrier of this.#carriers) carrier.close();
  }

  #dismissSlowest(): void {
    const [slowest] = this.#carriers.values().take(1);
    this.#carriers.delete(slowest);
    slowest.close();
  }
}
