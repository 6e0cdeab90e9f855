/**
 * A turn of the event loop in which sockets are looked at.
 *
 * As long as there is anything else to do, Deno (2.9) looks at its sockets only once in some sixty
 * turns: neither a promise nor `setImmediate` lets it read a key in the midst of a thousand writes.
 * To wait for a socket does: a byte that one sends oneself takes 13 µs to come.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { closeQuietly } from "../transport/stream_connection.ts";

const BYTE = new Uint8Array(1);

/** Both ends of a connection to oneself. */
interface Loop {
  readonly near: Deno.Conn;
  readonly far: Deno.Conn;
}

export class SocketTurn implements Disposable {
  readonly #buffer = new Uint8Array(1);
  #loop: Loop | undefined;
  /** Whether it was tried, which is done once it is needed: most servers never are that busy. */
  #isTried = false;
  #isDisposed = false;

  /**
   * Resolves once all sockets have been looked at. Where there is no connection to oneself, at first
   * or for good, that is any turn of the event loop.
   */
  async next(): Promise<void> {
    const loop = this.#loop;
    if (!loop) {
      if (!this.#isTried) this.#open();
      await setImmediate();
      return;
    }
    try {
      await Promise.all([loop.far.read(this.#buffer), loop.near.write(BYTE)]);
    } catch {
      this.#close();
    }
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#close();
  }

  async #open(): Promise<void> {
    this.#isTried = true;
    // Where it is not allowed Deno would ask whoever sits at the terminal.
    const { state } = Deno.permissions.querySync({ name: "net", host: "127.0.0.1" });
    if (state !== "granted") return;
    try {
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const [near, far] = await Promise.all([
        Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
        listener.accept(),
      ]);
      near.setNoDelay();
      this.#loop = { near, far };
      // Somebody else may have been quicker to connect.
      const isOurs =
        (far.remoteAddr as Deno.NetAddr).port === (near.localAddr as Deno.NetAddr).port;
      if (!isOurs || this.#isDisposed) this.#close();
    } catch {
      // Then turns are what they are without it.
    }
  }

  #close(): void {
    if (!this.#loop) return;
    closeQuietly(this.#loop.near);
    closeQuietly(this.#loop.far);
    this.#loop = undefined;
  }
}
