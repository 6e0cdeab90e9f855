/**
 * The accepting of a listener whose peers have something to do before they count as connected: a
 * handshake, a log-in. The next peer is accepted meanwhile, so that a slow one holds up nobody.
 *
 * @module
 */

import type { ByteConnection, Listener } from "./connection.ts";
import type { Turns } from "./turns.ts";

export class ReadyConnections {
  readonly #listener: Listener;
  readonly #meet: (carrier: ByteConnection) => void;
  readonly #turns: Turns | undefined;
  readonly #ready: ByteConnection[] = [];
  #isAccepting = false;
  /** Why the last accept failed, until it has been thrown. */
  #failure: unknown;
  #isClosed = false;
  #changed = Promise.withResolvers<void>();

  /**
   * @param meet Begins with a peer that has been accepted, and later calls `add`. Must not throw.
   * @param turns Asked before each peer, so that a crowd that comes at once is begun with in parts.
   * Nothing else should ask them: all that peers send would come between any two of those who wait.
   */
  constructor(listener: Listener, meet: (carrier: ByteConnection) => void, turns?: Turns) {
    this.#listener = listener;
    this.#meet = meet;
    this.#turns = turns;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The next connection that is ready. Rejects as the listener's `accept()` does. */
  async accept(): Promise<ByteConnection> {
    for (;;) {
      const connection = this.#ready.shift();
      if (connection) return connection;
      if (this.#isClosed) throw new Deno.errors.BadResource("Listener is closed");
      const failure = this.#failure;
      this.#failure = undefined;
      if (failure) throw failure;
      const changed = this.#changed.promise;
      this.#acceptNext();
      await changed;
    }
  }

  /** Adds a connection that is ready. After the end it is closed instead. */
  add(connection: ByteConnection): void {
    if (this.#isClosed) return connection.close();
    this.#ready.push(connection);
    this.#notify();
  }

  /** Closes the listener, and the connections that nobody has taken. Safe to call again. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener.close();
    for (const connection of this.#ready.splice(0)) connection.close();
    this.#notify();
  }

  /** Accepts a peer, unless that is under way. */
  async #acceptNext(): Promise<void> {
    if (this.#isAccepting) return;
    this.#isAccepting = true;
    try {
      const carrier = await this.#listener.accept();
      const turn = this.#turns?.admit();
      if (turn) await turn;
      if (this.#isClosed) carrier.close();
      else this.#meet(carrier);
    } catch (error) {
      this.#failure = error;
    }
    this.#isAccepting = false;
    this.#notify();
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
