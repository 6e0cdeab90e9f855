/**
 * What connections by stream sockets have in common: TCP and Unix ones are both a `Deno.Conn`.
 *
 * @module
 */

import type { ByteConnection } from "./connection.ts";

const SMALLEST_BUFFER = 256;
const LARGEST_BUFFER = 64 * 1024;

/** A connection over a stream socket of any kind; who is at the other end, the kind knows. */
export abstract class StreamConnection
  implements ByteConnection, AsyncIterableIterator<Uint8Array> {
  abstract readonly remote: string;
  abstract readonly address: string;
  readonly #connection: Deno.Conn;
  #bufferSize = SMALLEST_BUFFER;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #isClosed = false;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  get bytes(): AsyncIterable<Uint8Array> {
    return this;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * Reads with `Deno.Conn.read`, because its `readable` closes the whole socket at the end of
   * input, and a client that half-closes would lose its replies. The buffer is small while the
   * peer is quiet, and grows while it fills it: most connections are quiet most of the time.
   */
  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#buffer?.length !== this.#bufferSize) this.#buffer = new Uint8Array(this.#bufferSize);
    let length: number | null;
    try {
      length = await this.#connection.read(this.#buffer);
    } catch {
      length = null; // reset by the peer, or closed by us: the end either way
    }
    if (length === null) return { value: undefined, done: true };
    const chunk = this.#buffer.subarray(0, length);
    if (length === this.#bufferSize) {
      this.#bufferSize = Math.min(this.#bufferSize * 4, LARGEST_BUFFER);
    } else if (length < this.#bufferSize / 8) {
      this.#bufferSize = Math.max(this.#bufferSize / 4, SMALLEST_BUFFER);
    }
    return { value: chunk, done: false };
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#connection.write(bytes);
  }

  async closeWrite(): Promise<void> {
    try {
      await this.#connection.closeWrite();
    } catch {
      // The peer is gone already.
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
  }
}

/** Closes what may be closed already. */
export function closeQuietly(resource: { close(): void }): void {
  try {
    resource.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
