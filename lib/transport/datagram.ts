/**
 * What every way in for datagrams looks like: one message at a time, each with a sender.
 *
 * @module
 */

/** A message, and who sent it. */
export interface Datagram {
  /** The reader's only until it asks for the next datagram: the buffer is used again. */
  readonly bytes: Uint8Array;
  /** Who sent it, for people and logs: `127.0.0.1:5555`, a socket's path, `unixgram` for no name. */
  readonly source: string;
  /** The part of `source` that identifies the sender's machine or socket; what budgets count. */
  readonly address: string;
  /** The sender's port, where it has one. */
  readonly port?: number;
  /**
   * Sends an answer. To be called, and awaited, before the next datagram is asked for. Answers to
   * senders without a name, and to those who do not take them, are lost without an error.
   *
   * @throws {Error} where the sender is gone.
   */
  reply(bytes: Uint8Array): Promise<void>;
}

/** An open socket for datagrams. */
export interface DatagramSocket {
  /** The address as an endpoint, with the real port, e.g. `udp://127.0.0.1:1514`. */
  readonly endpoint: string;
  /**
   * What comes in, until the socket is closed. May be asked for again after an error.
   *
   * @throws {Error} where receiving failed for now.
   */
  receive(): AsyncIterable<Datagram>;
  /**
   * Resolves to how many datagrams the system had no room for since the socket was opened. Absent
   * where none are dropped, because senders wait.
   *
   * @throws {Error} where that cannot be known; the message says what would help.
   */
  countDrops?(): Promise<number>;
  /** Stops receiving. Safe to call again. */
  close(): void;
}
