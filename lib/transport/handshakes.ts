/**
 * TLS handshakes side by side, none of which waits for another.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { TlsConnection } from "./tls_connection.ts";

export interface HandshakesOptions {
  /** Milliseconds within which a peer must have shaken hands. */
  readonly handshakeMs: number;
  /**
   * Handshakes at a time. One more, and the peer that has taken longest is sent away: those who
   * mean it take milliseconds, and limits of connections count only those who are done.
   */
  readonly maxHandshakes: number;
  readonly clock: Clock;
}

/** Those who have been accepted and have not shaken hands yet. */
export class Handshakes {
  readonly #options: HandshakesOptions;
  /** First come first. */
  readonly #connections = new Set<TlsConnection>();

  constructor(options: HandshakesOptions) {
    this.#options = options;
  }

  /** Resolves to whether hands were shaken; who speaks no TLS, is too late or leaves is closed. */
  async shake(connection: TlsConnection): Promise<boolean> {
    const { clock, handshakeMs, maxHandshakes } = this.#options;
    if (this.#connections.size >= maxHandshakes) this.#dismissSlowest();
    this.#connections.add(connection);
    const cancel = clock.after(handshakeMs, () => connection.close());
    const isDone = await connection.shakeHands();
    cancel();
    this.#connections.delete(connection);
    return isDone;
  }

  /** Sends everybody away. */
  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #dismissSlowest(): void {
    const [slowest] = this.#connections.values().take(1);
    this.#connections.delete(slowest);
    slowest.close();
  }
}
