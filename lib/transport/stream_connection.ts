/**
 * The common part of TCP and Unix connections, which are both a `Deno.Conn`.
 *
 * @module
 */

import type { ByteConnection, ByteTaker, PullableBytes } from "./connection.ts";

const SMALLEST_BUFFER = 256;
const LARGEST_BUFFER = 64 * 1024;
/** Reads in a row that use little of the buffer before it gets smaller. */
const SMALL_READS = 3;

/** A connection over a stream socket; the subclasses know the peer's address. */
export abstract class StreamConnection
  implements ByteConnection, PullableBytes, AsyncIterableIterator<Uint8Array> {
  abstract readonly remote: string;
  abstract readonly address: string;
  readonly #connection: Deno.Conn;
  #bufferSize = SMALLEST_BUFFER;
  #smallReads = 0;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #isClosed = false;
  #closesOnceRead = false;
  /** Takes the bytes that are pulled. */
  #taker!: ByteTaker;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  get bytes(): AsyncIterable<Uint8Array> {
    return this;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(length: number | null): IteratorResult<Uint8Array> {
    if (length === null) return end();
    const chunk = this.#buffer!.subarray(0, length);
    // The system would have filled the buffer if it had more. At once, because more may come.
    if (this.#closesOnceRead && length < chunk.buffer.byteLength) this.close();
    this.#adapt(length);
    return { value: chunk, done: false };
  }

  /**
   * A burst that exceeds the buffer ends with a small read, so one of those says nothing about the
   * next burst, which should arrive in one piece: each piece would be one more write to everybody.
   */
  #adapt(length: number): void {
    if (length === this.#bufferSize) {
      this.#bufferSize = Math.min(this.#bufferSize * 4, LARGEST_BUFFER);
    } else if (this.#bufferSize > SMALLEST_BUFFER && length < this.#bufferSize / 16) {
      if (++this.#smallReads < SMALL_READS) return;
      this.#bufferSize /= 4;
    }
    this.#smallReads = 0;
  }

  /**
   * Reads with `Deno.Conn.read`, because its `readable` closes the whole socket at the end of
   * input, so a client that half-closes would lose its replies. The buffer starts small and grows
   * while the peer fills it, because most connections are quiet most of the time.
   */
  next(): Promise<IteratorResult<Uint8Array>> {
    return this.#read().then((length) => this.#take(length), end);
  }

  /** As {@linkcode StreamConnection.next}, with a promise less. */
  pull(taker: ByteTaker): void {
    this.#taker = taker;
    this.#read().then(this.#passBytes, this.#passEnd);
  }

  #read(): Promise<number | null> {
    if (this.#buffer?.length !== this.#bufferSize) this.#buffer = new Uint8Array(this.#bufferSize);
    return this.#connection.read(this.#buffer);
  }

  // Properties, because two closures for every read would cost time.
  readonly #passBytes = (length: number | null): void => this.#taker.takeBytes(this.#take(length));
  readonly #passEnd = (): void => this.#taker.takeBytes(end());

  write(bytes: Uint8Array): Promise<number> {
    return this.#connection.write(bytes);
  }

  async closeWrite(): Promise<void> {
    try {
      await this.#connection.closeWrite();
    } catch {
      // The peer is already gone.
    }
  }

  closeOnceRead(): void {
    this.#closesOnceRead = true;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
  }
}

/** The connection was reset by the peer or closed by us: the end in both cases. */
function end(): IteratorResult<Uint8Array> {
  return { value: undefined, done: true };
}

/** Closes a resource that may already be closed. */
export function closeQuietly(resource: { close(): void }): void {
  try {
    resource.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
