/**
 * Connections within the process: what a peer and the server say to each other, without sockets.
 *
 * @module
 */

import type { ByteConnection, Listener } from "./connection.ts";

/** The peer's end of a connection, for whoever plays the peer. */
export interface MemoryPeer {
  /** Sends bytes to the server. */
  send(bytes: Uint8Array): void;
  /** Ends the peer's side; the server may still send. */
  end(): void;
  /** Breaks the connection, as a peer that vanishes does. */
  vanish(): void;
  /** Takes what the server wrote, at most `limit` bytes; a write waits until it is taken. */
  take(limit?: number): Promise<Uint8Array | undefined>;
}

/** A connected pair: the server's end and the peer's. */
export function connectInMemory(remote = "memory:1"): [ByteConnection, MemoryPeer] {
  const toServer = new ByteQueue();
  const toPeer = new ByteQueue();
  let isClosed = false;
  const close = () => {
    isClosed = true;
    toServer.end();
    toPeer.end();
  };
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
      if (isClosed) throw new Deno.errors.BrokenPipe("Cannot write: the peer is gone");
      await toPeer.put(bytes.slice());
      if (isClosed) throw new Deno.errors.BrokenPipe("Cannot write: the peer is gone");
      return bytes.length;
    },
    // deno-lint-ignore require-await -- as the contract has it
    async closeWrite() {
      toPeer.end();
    },
    close,
  };
  const peer: MemoryPeer = {
    send: (bytes) => void toServer.put(bytes.slice()),
    end: () => toServer.end(),
    vanish: close,
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
    const [connection, peer] = connectInMemory(remote);
    const acceptor = this.#acceptors.shift();
    if (acceptor) acceptor.resolve(connection);
    else this.#waiting.push(connection);
    return peer;
  }

  accept(): Promise<ByteConnection> {
    const connection = this.#waiting.shift();
    if (connection) return Promise.resolve(connection);
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource("Listener is closed"));
    return new Promise((resolve, reject) => this.#acceptors.push({ resolve, reject }));
  }

  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#acceptors.splice(0)) {
      reject(new Deno.errors.BadResource("Listener is closed"));
    }
  }
}

/** Bytes on their way; putting resolves once they are taken. */
class ByteQueue {
  #chunks: { bytes: Uint8Array; taken: () => void }[] = [];
  #isEnded = false;
  #wake: (() => void) | undefined;

  put(bytes: Uint8Array): Promise<void> {
    if (this.#isEnded || bytes.length === 0) return Promise.resolve();
    return new Promise((taken) => {
      this.#chunks.push({ bytes, taken });
      this.#wake?.();
    });
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** The next bytes, or `undefined` at the end. What was put before the end is still taken. */
  async take(limit: number): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0) {
      if (this.#isEnded) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = undefined;
    }
    const first = this.#chunks[0];
    const bytes = first.bytes.subarray(0, limit);
    if (bytes.length < first.bytes.length) first.bytes = first.bytes.subarray(bytes.length);
    else this.#chunks.shift()!.taken();
    return bytes;
  }
}
