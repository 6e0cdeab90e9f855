/**
 * A connection over a socket of `node:net`.
 *
 * @module
 */

import type { Socket } from "node:net";
import { ChunkQueue } from "./chunk_queue.ts";
import type { ByteConnection } from "./connection.ts";
import { formatHostAndPort, plainAddress } from "./endpoint.ts";

/** Largest write, so that a slow peer is seen to take something now and then. */
const LARGEST_WRITE = 64 * 1024;

export class SocketConnection implements ByteConnection, AsyncIterableIterator<Uint8Array> {
  readonly address: string;
  readonly remote: string;
  readonly localAddress: string | undefined;
  readonly #socket: Socket;
  readonly #chunks = new ChunkQueue();

  /** @param socket Paused. */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.address = plainAddress(socket.remoteAddress ?? "");
    this.remote = formatHostAndPort(this.address, socket.remotePort ?? 0);
    this.localAddress = socket.localAddress && plainAddress(socket.localAddress);
    socket.setNoDelay();
    socket.setKeepAlive(true);
    socket.on("data", (chunk: Uint8Array<ArrayBuffer>) => {
      socket.pause();
      this.#chunks.push(chunk);
    });
    socket.on("end", () => this.#chunks.end()).on("close", () => this.#chunks.end());
    // Reads and writes report errors. Without a listener, an error would end the process.
    socket.on("error", () => this.close());
    socket.pause();
  }

  get bytes(): AsyncIterable<Uint8Array> {
    return this;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    while (this.#chunks.mustWait) {
      const changed = this.#chunks.changed();
      this.#socket.resume();
      await changed;
    }
    return this.#chunks.take();
  }

  write(bytes: Uint8Array): Promise<number> {
    const part = bytes.subarray(0, LARGEST_WRITE);
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) throw new Deno.errors.BrokenPipe("The peer is gone");
      this.#socket.write(part, (error) => error ? reject(error) : resolve(part.length));
    });
  }

  closeWrite(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve();
      this.#socket.once("close", () => resolve());
      this.#socket.end(() => resolve());
    });
  }

  close(): void {
    this.#socket.destroy();
    this.#chunks.abandon();
  }
}
