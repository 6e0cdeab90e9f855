/**
 * TLS over a byte connection, by way of our own `Deno.listenTls` on the loopback address. Only for
 * Deno 2.7 (tried on 2.7.11), whose `TLSSocket` never completes a handshake as a server. It costs
 * two more sockets per connection.
 *
 * @module
 */

import type { CertifiedKey } from "./certificate.ts";
import type { ByteConnection } from "./connection.ts";
import type { SecureConnection, Securer } from "./handshakes.ts";
import { closeQuietly, StreamConnection } from "./stream_connection.ts";
import { CipherTextSender } from "./tls_sender.ts";

const LARGEST_WRITE = 64 * 1024;
const HOSTNAME = "127.0.0.1";

export class TlsRelay implements Securer {
  readonly #listener: Deno.TlsListener;
  /** The latest pair, finished or not. */
  #pairing: Promise<unknown> = Promise.resolve();

  constructor({ cert, key }: CertifiedKey) {
    this.#listener = Deno.listenTls({ hostname: HOSTNAME, port: 0, cert, key });
  }

  async secure(
    carrier: ByteConnection,
    cipherText: AsyncIterator<Uint8Array>,
  ): Promise<SecureConnection> {
    // One at a time, so that each accepts its own connection.
    const pairing = this.#pairing.then(() => this.#pair());
    this.#pairing = pairing.catch(() => {});
    const [cipher, plain] = await pairing;
    return new RelayedConnection({ carrier, cipherText, cipher, plain });
  }

  close(): void {
    // After the pairs that are under way.
    this.#pairing = this.#pairing.then(() => closeQuietly(this.#listener));
  }

  /** Both ends of a connection to ourselves: cipher text and plain text. */
  async #pair(): Promise<[Deno.TcpConn, Deno.TlsConn]> {
    const { port } = this.#listener.addr as Deno.NetAddr;
    const cipher = await Deno.connect({ hostname: HOSTNAME, port });
    const own = (cipher.localAddr as Deno.NetAddr).port;
    try {
      for (;;) {
        const plain = await this.#listener.accept();
        if ((plain.remoteAddr as Deno.NetAddr).port === own) return [cipher, plain];
        plain.close(); // another program on this machine
      }
    } catch (error) {
      cipher.close();
      throw error;
    }
  }
}

interface RelayParts {
  readonly carrier: ByteConnection;
  readonly cipherText: AsyncIterator<Uint8Array>;
  readonly cipher: Deno.TcpConn;
  readonly plain: Deno.TlsConn;
}

/** The server's end of a TLS connection over `carrier`. */
class RelayedConnection extends StreamConnection implements SecureConnection {
  readonly #parts: RelayParts;
  readonly #sender: CipherTextSender;
  readonly #relayedOut: Promise<void>;
  readonly #closed = Promise.withResolvers<void>();

  constructor(parts: RelayParts) {
    super(parts.plain);
    this.#parts = parts;
    this.#sender = new CipherTextSender(parts.carrier);
    parts.cipher.setNoDelay();
    this.#relayIn().catch(() => this.close());
    this.#relayedOut = this.#relayOut().catch(() => this.close());
  }

  get remote(): string {
    return this.#parts.carrier.remote;
  }

  get address(): string {
    return this.#parts.carrier.address;
  }

  get localAddress(): string | undefined {
    return this.#parts.carrier.localAddress;
  }

  async shakeHands(): Promise<boolean> {
    try {
      await this.#parts.plain.handshake();
      return true;
    } catch {
      this.close();
      return false;
    }
  }

  override write(bytes: Uint8Array): Promise<number> {
    if (bytes.length === 0) return this.#sender.sendNothing();
    return super.write(bytes.subarray(0, LARGEST_WRITE));
  }

  /** Waits until everything has been relayed, because `close` would cut it off. */
  override async closeWrite(): Promise<void> {
    await super.closeWrite();
    await Promise.race([this.#relayedOut, this.#closed.promise]);
  }

  override closeOnceRead(): void {
    this.#parts.carrier.closeOnceRead?.();
  }

  override close(): void {
    super.close();
    closeQuietly(this.#parts.cipher);
    this.#parts.carrier.close();
    this.#closed.resolve();
  }

  async #relayIn(): Promise<void> {
    const { cipherText, cipher } = this.#parts;
    for (;;) {
      const { value, done } = await cipherText.next();
      if (done) return await cipher.closeWrite();
      for (let at = 0; at < value.length;) at += await cipher.write(value.subarray(at));
    }
  }

  async #relayOut(): Promise<void> {
    const { cipher, carrier } = this.#parts;
    const buffer = new Uint8Array(LARGEST_WRITE / 4);
    for (;;) {
      const length = await cipher.read(buffer);
      if (length === null) return await carrier.closeWrite();
      await this.#sender.send(buffer.subarray(0, length));
    }
  }
}
