/** The peer of a stream transport, on a real socket. */

import type { ContractPeer } from "../transport/connection_contract.ts";

export class StreamPeer implements ContractPeer {
  readonly #connection: Deno.Conn;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  async send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await this.#connection.write(bytes.subarray(at));
    }
  }

  end(): Promise<void> {
    return this.#connection.closeWrite();
  }

  async take(limit = 64 * 1024): Promise<Uint8Array | undefined> {
    const buffer = new Uint8Array(limit);
    try {
      const length = await this.#connection.read(buffer);
      return length === null ? undefined : buffer.subarray(0, length);
    } catch {
      return undefined; // reset
    }
  }

  vanish(): void {
    try {
      this.#connection.close();
    } catch {
      // It is already closed.
    }
  }
}
