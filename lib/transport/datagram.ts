/**
 * The contract of datagram transports: messages, each with a sender.
 *
 * @module
 */

/** A message and its sender. */
export interface Datagram {
  /** Valid until the next datagram is asked for, because the buffer is reused. */
  readonly bytes: Uint8Array;
  /**
   * The sender, for people and logs: `127.0.0.1:5555`, a socket's path, or `unixgram` for an
   * unnamed socket.
   */
  readonly source: string;
  /** The part of `source` that identifies the sender's machine or socket, which budgets count. */
  readonly address: string;
  /** The sender's port; absent for Unix sockets. */
  readonly port?: number;
  /**
   * Sends an answer. Call and await this before you ask for the next datagram. Answers to unnamed
   * senders, and to senders that do not take them, are lost without an error.
   *
   * @throws {Error} if the sender is gone.
   */
  reply(bytes: Uint8Array): Promise<void>;
}

/** An open datagram socket. */
export interface DatagramSocket {
  /** The address as an endpoint, with the actual port, e.g. `udp://127.0.0.1:1514`. */
  readonly endpoint: string;
  /**
   * The datagrams that arrive, until the socket is closed. May be called again after an error.
   *
   * @throws {Error} if receiving failed for now.
   */
  receive(): AsyncIterable<Datagram>;
  /**
   * Resolves to the number of datagrams that the system has dropped since the socket was opened,
   * for lack of room. Absent if senders wait instead.
   *
   * @throws {Error} if the number is unknown; the message says what would help.
   */
  countDrops?(): Promise<number>;
  /** Stops receiving. Safe to call again. */
  close(): void;
}
