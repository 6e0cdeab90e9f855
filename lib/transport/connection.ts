/**
 * What every way in looks like to the rest: bytes out of a peer, bytes into it, and an end.
 * Sockets live behind these contracts and nowhere else.
 *
 * @module
 */

/** A byte pipe to one peer. */
export interface ByteConnection {
  /** Who is at the other end, for people and logs, e.g. `192.0.2.7:51234`, or `unix#7`. */
  readonly remote: string;
  /**
   * The part of `remote` that identifies the peer's machine; what per-address limits count. Where
   * all peers are on this machine (Unix sockets) it is different for each, so that no such limit
   * holds: they would take each other's places.
   */
  readonly address: string;
  /** The address of ours that the peer came to; absent where that is none of the network's. */
  readonly localAddress?: string;
  /**
   * What the peer sends, until it ends its side or the connection breaks; neither is an error.
   * A chunk is the reader's only until it asks for the next one: the buffer is used again.
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  /**
   * Sends some of `bytes`, in order, and resolves to how many were taken, at least one. No bytes at
   * all are no error: they only ask whether the peer is gone, as far as the system knows.
   *
   * @throws {Error} once the peer is gone. A peer that only ended its side is not.
   */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends our side only: the peer reads the end, and may still send. */
  closeWrite(): Promise<void>;
  /** Ends both sides at once. Safe to call again. */
  close(): void;
}

/** An open port. */
export interface Listener {
  /** The address as an endpoint, with the real port, e.g. `tcp://127.0.0.1:2324`. */
  readonly endpoint: string;
  /**
   * The next peer.
   *
   * @throws {Deno.errors.BadResource} once closed.
   * @throws {Error} where accepting failed for now, for example for want of descriptors.
   */
  accept(): Promise<ByteConnection>;
  /**
   * Reads again the files it was opened with, such as a certificate; peers already accepted stay.
   * Absent where there are none.
   *
   * @throws {Error} where they are no good; the old ones stay in use then.
   */
  reload?(): Promise<void>;
  /** Stops listening; peers already accepted stay. Safe to call again. */
  close(): void;
}
