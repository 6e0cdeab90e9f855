/**
 * TLS over a byte connection, by `node:tls`.
 *
 * @module
 */

import { Duplex } from "node:stream";
import { TLSSocket, type TLSSocketOptions } from "node:tls";
import { ChunkQueue } from "./chunk_queue.ts";
import type { ByteConnection } from "./connection.ts";
import type { SecureConnection } from "./handshakes.ts";
import { CipherTextSender } from "./tls_sender.ts";
import type { Turns } from "./turns.ts";

/** Largest write, so that a slow peer is seen to take something now and then. */
const LARGEST_WRITE = 64 * 1024;

/**
 * The share of a unit of work that a chunk of ciphertext costs; its plaintext is counted
 * separately.
 */
const CHUNK_SHARE = 1 / 8;

export interface TlsConnectionOptions
  extends Pick<TLSSocketOptions, "secureContext" | "requestCert"> {
  /** Asked before each chunk until the handshake is complete. @default {nothing has to wait} */
  readonly handshakeTurns?: Turns;
  /** Asked before each chunk after that. @default {nothing has to wait} */
  readonly turns?: Turns;
}

/**
 * The server's end of a TLS connection over `carrier`.
 *
 * The `TLSSocket` is never paused, because Deno 2.9 then forgets the end of its input. Instead the
 * carrier is read only while somebody waits for bytes, so at most one of its chunks is held.
 */
export class TlsConnection implements SecureConnection, AsyncIterableIterator<Uint8Array> {
  readonly remote: string;
  readonly address: string;
  readonly localAddress: string | undefined;
  readonly #carrier: ByteConnection;
  readonly #cipherText: AsyncIterator<Uint8Array>;
  readonly #sender: CipherTextSender;
  readonly #duplex: Duplex;
  readonly #socket: TLSSocket;
  readonly #handshakeTurns: Turns | undefined;
  readonly #turns: Turns | undefined;
  readonly #plainText = new ChunkQueue();
  /**
   * Whether the `TLSSocket` is ready for more from the carrier, and whether anybody waits for
   * bytes.
   */
  #isHungry = false;
  #isWaiting = true;
  #isShaken = false;
  #certificate: string | undefined;
  #isClosed = false;

  constructor(
    carrier: ByteConnection,
    cipherText: AsyncIterator<Uint8Array>,
    { handshakeTurns, turns, ...options }: TlsConnectionOptions,
  ) {
    this.#handshakeTurns = handshakeTurns;
    this.#turns = turns;
    this.remote = carrier.remote;
    this.address = carrier.address;
    this.localAddress = carrier.localAddress;
    this.#carrier = carrier;
    this.#cipherText = cipherText;
    this.#sender = new CipherTextSender(carrier);
    this.#duplex = new Duplex({
      allowHalfOpen: true,
      read: () => {
        this.#isHungry = true;
        this.#feed();
      },
      write: (chunk, _encoding, done) => void this.#sender.send(chunk).then(() => done(), done),
      final: (done) => void carrier.closeWrite().then(() => done()),
    });
    const serverOptions = {
      ...options,
      isServer: true,
      allowHalfOpen: true,
      // Nobody has to sign a certificate: whoever knows its fingerprint decides what it is worth. That
      // the peer has its key is checked all the same.
      rejectUnauthorized: false,
    };
    this.#socket = new TLSSocket(this.#duplex, serverOptions);
    this.#socket.on("data", (chunk: Uint8Array<ArrayBuffer>) => this.#plainText.push(chunk));
    this.#socket.on("end", () => this.#plainText.end()).on("close", () => this.#plainText.end());
    // Reads and writes report errors. Without listeners an error would end the process.
    this.#duplex.on("error", () => this.close());
    this.#socket.on("error", () => this.close());
  }

  shakeHands(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#socket.once("secure", () => {
        this.#isShaken = true;
        const { fingerprint256 } = this.#socket.getPeerCertificate() ?? {};
        this.#certificate = fingerprint256?.replaceAll(":", "").toLowerCase();
        this.#isWaiting = false;
        resolve(true);
      });
      this.#socket.once("close", () => {
        this.close();
        resolve(false);
      });
    });
  }

  get certificate(): string | undefined {
    return this.#certificate;
  }

  get bytes(): AsyncIterable<Uint8Array> {
    return this;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    while (this.#plainText.mustWait) {
      const changed = this.#plainText.changed();
      this.#isWaiting = true;
      this.#feed();
      await changed;
      this.#isWaiting = false;
    }
    return this.#plainText.take();
  }

  write(bytes: Uint8Array): Promise<number> {
    if (bytes.length === 0) return this.#sender.sendNothing();
    const part = bytes.subarray(0, LARGEST_WRITE);
    return new Promise((resolve, reject) => {
      this.#socket.write(part, (error) => error ? reject(error) : resolve(part.length));
    });
  }

  /** Does not wait for a peer that reads nothing, like the end of a TCP connection. */
  closeWrite(): Promise<void> {
    this.#socket.end();
    return Promise.resolve();
  }

  closeOnceRead(): void {
    this.#carrier.closeOnceRead?.();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#carrier.close();
    this.#socket.destroy();
    this.#duplex.destroy();
    this.#plainText.abandon();
  }

  /** Reads a chunk from the carrier if it is wanted; the `TLSSocket` then asks for the next. */
  async #feed(): Promise<void> {
    if (!this.#isHungry || !this.#isWaiting) return;
    this.#isHungry = false;
    const { value, done } = await this.#cipherText.next();
    // A peer that sends single bytes causes work, too.
    const turn = (this.#isShaken ? this.#turns : this.#handshakeTurns)?.admit(CHUNK_SHARE);
    if (turn) await turn;
    if (this.#isClosed) return;
    if (!done) this.#duplex.push(value.slice());
    else if (this.#isShaken) this.#duplex.push(null);
    else this.close();
  }
}
