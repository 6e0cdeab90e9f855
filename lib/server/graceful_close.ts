/**
 * Ends a connection so that the peer gets everything that was queued for it.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { ByteConnection } from "../transport/connection.ts";
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

export class GracefulClose {
  readonly #connection: ByteConnection;
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  #begun: Promise<void> | undefined;
  #cancelLinger: (() => void) | undefined;
  /** Set when the server stops. */
  #isSilent: (() => boolean) | undefined;
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
   *
   * @param isSilent Whether nothing has been read since it was last called, and more would be.
   */
  hurry(isSilent: () => boolean): void {
    if (this.#isSilent) return;
    this.#isSilent = isSilent;
    if (this.#cancelLinger) this.#watch();
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
    if (this.#isSilent) this.#watch();
  }

  #watch(): void {
    let silentChecks = 0;
    const check = () => {
      silentChecks = this.#isSilent!() ? silentChecks + 1 : 0;
      if (silentChecks === 2) this.#connection.close();
      else this.#cancelCheck = this.#clock.after(CHECK_MS, check);
    };
    this.#cancelCheck = this.#clock.after(CHECK_MS, check);
  }
}
