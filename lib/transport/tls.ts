/**
 * TLS over TCP, by `node:tls` over `Deno.listen`.
 *
 * Not by `Deno.listenTls`: in Deno 2.9 closing one of its connections waits for the peer, who need
 * only be silent in the handshake, or take nothing, to keep its socket open without end; and it
 * takes a new certificate only by a second socket, on the way to which connections get lost.
 *
 * @module
 */

import { createSecureContext } from "node:tls";
import { type Clock, systemClock } from "../clock.ts";
import { type CertifiedKey, readCertifiedKey } from "./certificate.ts";
import type { ByteConnection, Listener } from "./connection.ts";
import type { Endpoint } from "./endpoint.ts";
import { Handshakes, type Securer } from "./handshakes.ts";
import { listenTcp } from "./tcp.ts";
import { TlsConnection } from "./tls_connection.ts";
import { PLAIN_TEXT_HINT } from "./tls_hello.ts";
import { TlsRelay } from "./tls_relay.ts";

export interface TlsOptions {
  /** Milliseconds within which a peer must have shaken hands. @default {10_000} */
  readonly handshakeMs?: number;
  /** Handshakes at a time; one more, and the slowest peer is sent away. @default {1000} */
  readonly maxHandshakes?: number;
  /** What whoever speaks plain text is told. @default {PLAIN_TEXT_HINT} */
  readonly plainTextHint?: string;
  /** Whether to use a {@linkcode TlsRelay}. @default {true} where nothing else works: in Deno 2.7. */
  readonly isRelayed?: boolean;
  readonly clock?: Clock;
}

/**
 * Listens on a host and port, with the certificate and key that `endpoint` names.
 *
 * Peers shake hands side by side. `accept` gives those who have done so, in the order in which they
 * were done; who is slow, silent or speaks no TLS holds up nobody, and the last two are told what
 * to do.
 *
 * @throws {ListenError} where certificate or key cannot be read or do not belong together.
 * @throws {Deno.errors.AddrInUse} and what else `Deno.listen` throws.
 */
export function listenTls(endpoint: Endpoint, options: TlsOptions = {}): Listener {
  const { handshakeMs = 10_000, maxHandshakes = 1000, clock = systemClock } = options;
  const { plainTextHint = PLAIN_TEXT_HINT } = options;
  const createSecurer = options.isRelayed ?? !hasServerSockets()
    ? (pair: CertifiedKey) => new TlsRelay(pair)
    : createSocketSecurer;
  const handshakes = new Handshakes({ handshakeMs, maxHandshakes, plainTextHint, clock });
  return new TlsListener(endpoint, handshakes, createSecurer);
}

/** Whether the runtime's `TLSSocket` can be a server's; it has real secure contexts then. */
function hasServerSockets(): boolean {
  return "context" in createSecureContext();
}

function createSocketSecurer(pair: CertifiedKey): Securer {
  const context = createSecureContext(pair);
  return {
    secure: (carrier, cipherText) => new TlsConnection(carrier, cipherText, context),
    close: () => {},
  };
}

class TlsListener implements Listener {
  readonly endpoint: string;
  readonly #where: Endpoint;
  readonly #createSecurer: (pair: CertifiedKey) => Securer;
  #securer: Securer;
  readonly #listener: Listener;
  readonly #handshakes: Handshakes;
  /** Those who have shaken hands. */
  readonly #ready: ByteConnection[] = [];
  #isAccepting = false;
  /** Why the last accept failed, until somebody is told. */
  #failure: unknown;
  #isClosed = false;
  #changed = Promise.withResolvers<void>();

  constructor(
    endpoint: Endpoint,
    handshakes: Handshakes,
    createSecurer: (pair: CertifiedKey) => Securer,
  ) {
    this.#where = endpoint;
    this.#handshakes = handshakes;
    this.#createSecurer = createSecurer;
    const pair = readCertifiedKey(endpoint);
    this.#listener = listenTcp(endpoint);
    this.#securer = createSecurer(pair);
    this.endpoint = this.#listener.endpoint;
  }

  async accept(): Promise<ByteConnection> {
    for (;;) {
      const connection = this.#ready.shift();
      if (connection) return connection;
      if (this.#isClosed) throw new Deno.errors.BadResource("Listener is closed");
      const failure = this.#failure;
      this.#failure = undefined;
      if (failure) throw failure;
      const changed = this.#changed.promise;
      this.#acceptNext();
      await changed;
    }
  }

  // deno-lint-ignore require-await -- throws as the contract has it
  async reload(): Promise<void> {
    const pair = readCertifiedKey(this.#where);
    if (this.#isClosed) return;
    this.#securer.close();
    this.#securer = this.#createSecurer(pair);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener.close();
    this.#handshakes.close();
    this.#securer.close();
    for (const connection of this.#ready.splice(0)) connection.close();
    this.#notify();
  }

  /** Accepts a peer and starts its handshake, unless a peer is being waited for already. */
  async #acceptNext(): Promise<void> {
    if (this.#isAccepting) return;
    this.#isAccepting = true;
    try {
      this.#shakeHands(await this.#listener.accept());
    } catch (error) {
      this.#failure = error;
    }
    this.#isAccepting = false;
    this.#notify();
  }

  async #shakeHands(carrier: ByteConnection): Promise<void> {
    if (this.#isClosed) return carrier.close();
    const connection = await this.#handshakes.shake(carrier, this.#securer);
    if (!connection) return;
    if (this.#isClosed) return connection.close();
    this.#ready.push(connection);
    this.#notify();
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
