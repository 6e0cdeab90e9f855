/**
 * TCP, by `Deno.listen`.
 *
 * @module
 */

import type { ByteConnection, Listener } from "./connection.ts";
import { type Endpoint, formatEndpoint } from "./endpoint.ts";

const SMALLEST_BUFFER = 256;
const LARGEST_BUFFER = 64 * 1024;

/**
 * Listens on a host and port.
 *
 * @throws {Deno.errors.AddrInUse} and what else `Deno.listen` throws.
 */
export function listenTcp(endpoint: Endpoint): Listener {
  const { hostname, port } = endpoint;
  const listener = Deno.listen({ hostname, port });
  const { port: actualPort } = listener.addr as Deno.NetAddr;
  return {
    endpoint: formatEndpoint({ ...endpoint, port: actualPort }),
    accept: async () => new TcpConnection(await listener.accept()),
    close() {
      try {
        listener.close();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error;
      }
    },
  };
}

/** One accepted connection. */
class TcpConnection implements ByteConnection, AsyncIterableIterator<Uint8Array> {
  readonly address: string;
  readonly #port: number;
  readonly #connection: Deno.TcpConn;
  #bufferSize = SMALLEST_BUFFER;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #isClosed = false;

  constructor(connection: Deno.TcpConn) {
    const { hostname, port } = connection.remoteAddr;
    this.address = hostname;
    this.#port = port;
    this.#connection = connection;
    // Writes are gathered already; holding them back further would only delay them.
    connection.setNoDelay();
    // Finds peers whose machine vanished without a word.
    connection.setKeepAlive();
  }

  get remote(): string {
    return this.address.includes(":")
      ? `[${this.address}]:${this.#port}`
      : `${this.address}:${this.#port}`;
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
