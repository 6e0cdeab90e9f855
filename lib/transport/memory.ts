/**
 * Connections within the process, for tests.
 *
 * @module
 */

import type { ByteConnection, Listener } from "./connection.ts";

/** The peer's end of a connection. */
export interface MemoryPeer {
  /** Sends bytes to the server. */
  send(bytes: Uint8Array): void;
  /** Ends the peer's side; the server may still send. */
  end(): void;
  /** Breaks the connection without taking the remaining bytes. */
  vanish(): void;
  /** Takes what the server wrote, at most `limit` bytes. A write waits until it is taken. */
  take(limit?: number): Promise<Uint8Array | undefined>;
}

/** A connected pair: the server's end and the peer's. */
export function connectInMemory(remote = "memory:1"): [ByteConnection, MemoryPeer] {
  const toServer = new ByteQueue();
  const toPeer = new ByteQueue();
  // Nobody is left to take the queued bytes, so they were not written.
  const breakToPeer = () => toPeer.break(new Deno.errors.BrokenPipe("Cannot write: peer is gone"));
  const connection: ByteConnection = {
    remote,
    address: remote.split(":")[0],
    bytes: {
      [Symbol.asyncIterator]: () => ({
        async next() {
          const value = await toServer.take(64 * 1024);
          return value ? { value, done: false } : { value: undefined, done: true };
        },
      }),
    },
    async write(bytes) {
      await toPeer.put(bytes.slice());
      return bytes.length;
    },
    // deno-lint-ignore require-await -- required by the contract
    async closeWrite() {
      toPeer.end();
    },
    close() {
      toServer.break();
      breakToPeer();
    },
  };
  const peer: MemoryPeer = {
    send: (bytes) => void toServer.put(bytes.slice()).catch(() => {}),
    end: () => toServer.end(),
    vanish() {
      toServer.end();
      breakToPeer();
    },
    take: (limit = Infinity) => toPeer.take(limit),
  };
  return [connection, peer];
}

/** A listener to which peers connect by calling {@linkcode MemoryListener.connect}. */
export class MemoryListener implements Listener {
  readonly endpoint = "memory://";
  #waiting: ByteConnection[] = [];
  #acceptors: { resolve(connection: ByteConnection): void; reject(error: Error): void }[] = [];
  #isClosed = false;

  connect(remote?: string): MemoryPeer {
    if (this.#isClosed) throw new Deno.errors.ConnectionRefused("Cannot connect: nobody listens");
    const [connection, peer] = connectInMemory(remote);
    const acceptor = this.#acceptors.shift();
    if (acceptor) acceptor.resolve(connection);
    else this.#waiting.push(connection);
    return peer;
  }

  accept(): Promise<ByteConnection> {
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource("Listener is closed"));
    const connection = this.#waiting.shift();
    if (connection) return Promise.resolve(connection);
    return new Promise((resolve, reject) => this.#acceptors.push({ resolve, reject }));
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#waiting.splice(0)) connection.close();
    for (const { reject } of this.#acceptors.splice(0)) {
      reject(new Deno.errors.BadResource("Listener is closed"));
    }
  }
}

interface Piece {
  bytes: Uint8Array;
  readonly taken: () => void;
  readonly refuse: (reason: Error) => void;
}

/** A pipe in which a write waits until its bytes are taken. */
class ByteQueue {
  #pieces: Piece[] = [];
  #ended: Error | undefined;
  #takers: (() => void)[] = [];

  /** @throws {Error} after the end, or if the queue breaks before the bytes are taken. */
  put(bytes: Uint8Array): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (bytes.length === 0) return Promise.resolve();
    return new Promise((taken, refuse) => {
      this.#pieces.push({ bytes, taken, refuse });
      this.#wake();
    });
  }

  end(reason: Error = new Deno.errors.BrokenPipe("Cannot write: this side has ended")): void {
    this.#ended ??= reason;
    this.#wake();
  }

  /** Ends the queue and refuses everything that has not been taken. */
  break(reason?: Error): void {
    this.end(reason);
    for (const { refuse } of this.#pieces.splice(0)) refuse(this.#ended!);
  }

  /** The next bytes, or `undefined` at the end. Bytes put before the end are still returned. */
  async take(limit: number): Promise<Uint8Array | undefined> {
    while (this.#pieces.length === 0) {
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => this.#takers.push(resolve));
    }
    const first = this.#pieces[0];
    const bytes = first.bytes.subarray(0, limit);
    if (bytes.length < first.bytes.length) first.bytes = first.bytes.subarray(bytes.length);
    else this.#pieces.shift()!.taken();
    return bytes;
  }

  #wake(): void {
    for (const take of this.#takers.splice(0)) take();
  }
}
