/**
 * What the SSH library takes for its socket: it gets bytes by events and gives bytes back, which
 * leave over a byte connection in as few writes as possible.
 *
 * Not a `Duplex`: a chunk has then been handled when {@linkcode SshSocket.feed} returns, so whoever
 * feeds it knows what it costs, and what is queued for the peer is known at any time.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import { concat } from "@std/bytes/concat";
import type { ByteConnection } from "../connection.ts";

export class SshSocket extends EventEmitter {
  /** What the library looks at before it writes. */
  writable = true;
  readonly _readableState = { ended: false };
  readonly #carrier: ByteConnection;
  /** Called when our side ends. */
  onEnd: (() => void) | undefined;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #isSending = false;
  #isEnding = false;
  /** Whether the identification, which the library writes first, is still to be dropped. */
  #isFirst = true;
  #waiters: (() => void)[] = [];
  readonly #listening = Promise.withResolvers<void>();
  /** How many bytes the peer has sent and taken. */
  carriedBytes = 0;

  constructor(carrier: ByteConnection) {
    super();
    this.#carrier = carrier;
  }

  /** Resolves once the library can be fed. */
  get listening(): Promise<void> {
    return this.#listening.promise;
  }

  /** Bytes that the peer has not taken. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Hands bytes of the peer to the library, which must not be changed afterwards. */
  feed(bytes: Uint8Array): void {
    this.carriedBytes += bytes.length;
    this.emit("data", Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  }

  write(data: Uint8Array | string): boolean {
    // We identified ourselves before there was a socket.
    if (this.#isFirst) this.#isFirst = false;
    else if (this.writable) this.#push(typeof data === "string" ? Buffer.from(data) : data);
    return true;
  }

  /** Ends our side once everything is sent. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.writable = false;
    if (!this.#isSending) void this.#carrier.closeWrite();
    this.onEnd?.();
  }

  /** Closes both sides, and tells the library. */
  destroy(): void {
    if (this._readableState.ended) return;
    this._readableState.ended = true;
    this.writable = false;
    this.#isEnding = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#carrier.close();
    this.#wake();
    this.emit("end");
    this.emit("close");
  }

  /** Resolves once the peer has taken what was queued, or is gone. */
  drained(): Promise<void> | undefined {
    if (this.#queuedBytes === 0) return undefined;
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  pause(): this {
    return this;
  }

  /** Part of what the library calls: it listens from now on, and must be fed nothing before. */
  resume(): this {
    this.#listening.resolve();
    return this;
  }

  #push(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    if (this.#isSending) return;
    this.#isSending = true;
    // Later, together with everything else that is written in this turn.
    queueMicrotask(() => this.#send());
  }

  async #send(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const bytes = this.#queue.length === 1 ? this.#queue[0] : concat(this.#queue);
        this.#queue = [];
        for (let at = 0; at < bytes.length;) {
          const taken = await this.#carrier.write(bytes.subarray(at));
          at += taken;
          this.#queuedBytes -= taken;
          this.carriedBytes += taken;
        }
        if (this.#queuedBytes === 0) this.#wake();
      }
    } catch {
      return this.destroy();
    }
    this.#isSending = false;
    if (this.#isEnding) await this.#carrier.closeWrite();
  }

  #wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
