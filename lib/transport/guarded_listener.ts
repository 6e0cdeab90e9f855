/**
 * A listener that admits only some addresses. The others get a refusal and are closed before
 * anything else knows of them: they count towards no limit, and begin no TLS handshake.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import type { ByteConnection, Listener } from "./connection.ts";
import { sayLast } from "./last_words.ts";
import { TlsHello } from "./tls_hello.ts";

/** Decides who may connect to an endpoint. */
export interface Guard {
  /** Whether peers at this address are admitted. Called once for each peer or datagram. */
  admits(address: string): boolean;
  /** The bytes for a peer that is not admitted, in the protocol of the endpoint. */
  refusal(address: string): Uint8Array;
  /** Called when the endpoint is closed. */
  close?(): void;
}

/** The peer was not admitted, and the listener deals with it. The next accept may succeed. */
export class NotAdmittedError extends Error {
  override readonly name = "NotAdmittedError";
}

export interface GuardedListenerOptions {
  /** Whether peers speak first, in TLS or HTTP; they get the refusal once they have. */
  readonly speaksFirst?: boolean;
  readonly clock?: Clock;
}

/** Refused connections that may be open at a time; more are closed without a word. */
const MAX_REFUSING = 3;
/**
 * Milliseconds to wait for a peer that should speak first. A busy client may take seconds for its
 * TLS hello, and would take a sentence in plain text for a broken server.
 */
const SILENCE_MS = 5000;
/**
 * A fatal alert, access_denied (RFC 8446 section 6.2), in a record of its own. It may be sent
 * before the handshake, and names the reason in the peer's own words.
 */
const TLS_REFUSAL = Uint8Array.of(21, 3, 3, 0, 2, 2, 49);

export class GuardedListener implements Listener {
  readonly #listener: Listener;
  readonly #guard: Guard;
  readonly #speaksFirst: boolean;
  readonly #clock: Clock;
  readonly #refusing = new Set<ByteConnection>();

  constructor(listener: Listener, guard: Guard, options: GuardedListenerOptions = {}) {
    this.#listener = listener;
    this.#guard = guard;
    this.#speaksFirst = options.speaksFirst ?? false;
    this.#clock = options.clock ?? systemClock;
  }

  get endpoint(): string {
    return this.#listener.endpoint;
  }

  async accept(): Promise<ByteConnection> {
    const connection = await this.#listener.accept();
    if (this.#guard.admits(connection.address)) return connection;
    this.#refuse(connection);
    throw new NotAdmittedError(`Not admitted: ${connection.remote}`);
  }

  close(): void {
    this.#listener.close();
    for (const connection of this.#refusing) connection.close();
    this.#guard.close?.();
  }

  /** Never rejects. */
  async #refuse(connection: ByteConnection): Promise<void> {
    if (this.#refusing.size >= MAX_REFUSING) return connection.close();
    this.#refusing.add(connection);
    try {
      const hello = new TlsHello(connection);
      const refusal = await this.#refusalFor(connection, hello);
      if (refusal) await sayLast(connection, hello, refusal, this.#clock);
    } catch {
      // The peer is gone.
    } finally {
      this.#refusing.delete(connection);
      connection.close();
    }
  }

  /** The refusal in the peer's protocol; `undefined` if it has left. */
  async #refusalFor(connection: ByteConnection, hello: TlsHello): Promise<Uint8Array | undefined> {
    const plain = this.#guard.refusal(connection.address);
    if (!this.#speaksFirst) return plain;
    const cancel = this.#clock.after(SILENCE_MS, () => hello.giveUp());
    const language = await hello.language;
    cancel();
    return language === "TLS" ? TLS_REFUSAL : language && plain;
  }
}
