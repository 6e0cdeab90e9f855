/**
 * TLS handshakes side by side, none of which waits for another.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { closeQuietly } from "./stream_connection.ts";

export interface HandshakesOptions {
  /** Milliseconds within which a peer must have shaken hands. */
  readonly handshakeMs: number;
  /**
   * Handshakes at a time. One more, and the peer that has taken longest is sent away: those who
   * mean it take milliseconds, and limits of connections count only those who are done.
   */
  readonly maxHandshakes: number;
  readonly clock: Clock;
  /** Takes a connection that is ready for use. */
  readonly onDone: (connection: Deno.TlsConn) => void;
}

/** Those who have been accepted and have not shaken hands yet. */
export class Handshakes {
  readonly #options: HandshakesOptions;
  /** First come first. */
  readonly #connections = new Set<Deno.TlsConn>();
  #isClosed = false;

  constructor(options: HandshakesOptions) {
    this.#options = options;
  }

  /** Shakes hands; who has no TLS, is too late or leaves is closed and heard of no more. */
  async start(connection: Deno.TlsConn): Promise<void> {
    const { clock, handshakeMs, maxHandshakes, onDone } = this.#options;
    if (this.#isClosed) return closeQuietly(connection);
    if (this.#connections.size >= maxHandshakes) this.#dismissSlowest();
    this.#connections.add(connection);
    const cancel = clock.after(handshakeMs, () => closeQuietly(connection));
    try {
      await connection.handshake();
    } catch {
      closeQuietly(connection);
      return;
    } finally {
      cancel();
      this.#connections.delete(connection);
    }
    if (this.#isClosed) closeQuietly(connection);
    else onDone(connection);
  }

  /** Sends everybody away. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#connections) closeQuietly(connection);
  }

  #dismissSlowest(): void {
    const [slowest] = this.#connections.values().take(1);
    this.#connections.delete(slowest);
    closeQuietly(slowest);
  }
}
