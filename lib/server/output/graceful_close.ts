/**
 * Ends a connection so that the peer gets everything that was queued for it.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { ByteConnection } from "../../transport/connection.ts";
import type { Outbox } from "./outbox.ts";

/** Milliseconds that the peer may keep sending after our last byte. */
const LINGER_MS = 1000;
/** For the last of these, it is cut off right after a read, so that nothing is left unread. */
const LAST_READ_MS = 100;
/**
 * Milliseconds between checks of a peer once the server stops. It is closed if two in a row find
 * that nothing was read: at the first, what has arrived may not have been read yet.
 */
const CHECK_MS = 50;

/** What has been read from a peer. */
export interface Received {
  /** Bytes so far. */
  readonly count: number;
  /** Whether a read is under way. */
  readonly isWaiting: boolean;
}

export class GracefulClose {
  readonly #connection: ByteConnection;
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  #begun: Promise<void> | undefined;
  #cancelLinger: (() => void) | undefined;
  /** Set when the server stops. */
  #received: Received | undefined;
  /** The bytes that had been read at the last check. */
  #count = 0;
  #cancelCheck: (() => void) | undefined;

  constructor(connection: ByteConnection, outbox: Outbox, clock: Clock) {
    this.#connection = connection;
    this.#outbox = outbox;
    this.#clock = clock;
  }

  get hasBegun(): boolean {
    return this.#begun !== undefined;
  }

  /**
   * Sends everything queued, then ends our side; resolves when that is done. Safe to call again.
   */
  begin(): Promise<void> {
    return this.#begun ??= this.#endOurSide();
  }

  /**
   * For when the server stops: once our side has ended, does not wait for a peer that sends nothing.
   */
  hurry(received: Received): void {
    if (this.#received) return;
    this.#received = received;
    this.#count = received.count;
    if (this.#cancelLinger) this.#watch(received);
  }

  /**
   * Finishes closing: drops what the peer still sends, until it ends its side or a second has
   * passed. Closing with unread bytes would make the system discard what we sent last (RFC 1122
   * section 4.2.2.13).
   *
   * @param discard Reads to the end.
   */
  async finish(discard: () => Promise<void>): Promise<void> {
    await this.begin();
    await discard();
    this.#cancelLinger?.();
    this.#cancelCheck?.();
    this.#connection.close();
  }

  async #endOurSide(): Promise<void> {
    await this.#outbox.drained();
    this.#outbox.abandon();
    await this.#connection.closeWrite();
    this.#cancelLinger = this.#clock.after(LINGER_MS - LAST_READ_MS, () => {
      this.#connection.closeOnceRead?.();
      this.#cancelLinger = this.#clock.after(LAST_READ_MS, () => this.#connection.close());
    });
    if (this.#received) this.#watch(this.#received);
  }

  #watch(received: Received): void {
    let silentChecks = 0;
    const check = () => {
      const isSilent = received.isWaiting && received.count === this.#count;
      this.#count = received.count;
      silentChecks = isSilent ? silentChecks + 1 : 0;
      if (silentChecks === 2) this.#connection.close();
      else this.#cancelCheck = this.#clock.after(CHECK_MS, check);
    };
    this.#cancelCheck = this.#clock.after(CHECK_MS, check);
  }
}
