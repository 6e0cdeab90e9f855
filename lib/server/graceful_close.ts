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
/** The same when the server stops, since the next one needs its ports. */
const STOP_LINGER_MS = 100;
/** For the last of these, it is cut off right after a read, so that nothing is left unread. */
const LAST_READ_MS = 100;

export class GracefulClose {
  readonly #connection: ByteConnection;
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  #begun: Promise<void> | undefined;
  #lingerMs = LINGER_MS;
  #cancelLinger: (() => void) | undefined;

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

  /** For when the server stops: gives the peer less time, from now if our side has ended. */
  hurry(): void {
    this.#lingerMs = STOP_LINGER_MS;
    if (this.#cancelLinger) this.#linger();
  }

  /**
   * Finishes closing: drops what the peer still sends, until it ends its side or a second has
   * passed (100 ms when the server stops). Closing with unread bytes would make the system discard
   * what we sent last (RFC 1122 section 4.2.2.13).
   *
   * @param discard Reads to the end.
   */
  async finish(discard: () => Promise<void>): Promise<void> {
    await this.begin();
    await discard();
    this.#cancelLinger?.();
    this.#connection.close();
  }

  async #endOurSide(): Promise<void> {
    await this.#outbox.drained();
    this.#outbox.abandon();
    await this.#connection.closeWrite();
    this.#linger();
  }

  #linger(): void {
    this.#cancelLinger?.();
    this.#cancelLinger = this.#clock.after(this.#lingerMs - LAST_READ_MS, () => {
      this.#connection.closeOnceRead?.();
      this.#cancelLinger = this.#clock.after(LAST_READ_MS, () => this.#connection.close());
    });
  }
}
