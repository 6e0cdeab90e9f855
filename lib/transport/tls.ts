/**
 * TLS over TCP, by `node:tls` on top of `Deno.listen`.
 *
 * Not by `Deno.listenTls`: in Deno 2.9, closing one of its connections waits for the peer, so a
 * peer that is silent in the handshake, or reads nothing, keeps its socket open forever. And a new
 * certificate would need a second listener, and the change would lose connections.
 *
 * @module
 */

import { createSecureContext } from "node:tls";
import { type Clock, systemClock } from "../clock.ts";
import { type CertifiedKey, readCertifiedKey } from "./certificate.ts";
import type { ByteConnection, Listener } from "./connection.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Guard, GuardedListener } from "./guarded_listener.ts";
import { Handshakes, type Securer } from "./handshakes.ts";
import { ReadyConnections } from "./ready_connections.ts";
import { listenTcp } from "./tcp.ts";
import { TlsConnection } from "./tls_connection.ts";
import { PLAIN_TEXT_HINT } from "./tls_hello.ts";
import { TlsRelay } from "./tls_relay.ts";
import type { Turns, Work } from "./turns.ts";

export interface TlsOptions {
  /** Milliseconds for a peer to complete the handshake. @default {10_000} */
  readonly handshakeMs?: number;
  /** Handshakes at a time; with one more, the slowest peer is closed. @default {1000} */
  readonly maxHandshakes?: number;
  /** Sent to peers that speak plain text. @default {PLAIN_TEXT_HINT} */
  readonly plainTextHint?: string;
  /** Whether to use a {@linkcode TlsRelay}. @default {true} in Deno 2.7, which needs it */
  readonly isRelayed?: boolean;
  /**
   * Whether peers are asked for a certificate. Any is accepted, and none is needed. Deno 2.7 cannot
   * ask. Browsers would show their visitors a dialog.
   *
   * @default {false}
   */
  readonly asksForCertificate?: boolean;
  /** Decides who may begin a handshake. @default {everybody} */
  readonly guard?: Guard;
  /**
   * Opens accounts of main-thread time: one for accepting peers, one for all that have not completed
   * the handshake, and one for each that has. The relay needs only the first two.
   *
   * @default {nothing has to wait}
   */
  readonly work?: Work;
  /** The listener for TCP. @default {one that is opened} */
  readonly inherited?: Listener;
  readonly clock?: Clock;
}

/**
 * Listens on a host and port, with the certificate and key that `endpoint` names.
 *
 * Handshakes run in parallel. `accept` returns the peers that have completed theirs, in the order
 * of completion. A peer that is slow, silent or speaks plain text holds up nobody, and in the last
 * two cases gets a hint.
 *
 * @throws {ListenError} if certificate or key cannot be read or do not match.
 * @throws {Deno.errors.AddrInUse} and anything else that `Deno.listen` throws.
 */
export async function listenTls(
  endpoint: Endpoint,
  options: TlsOptions = {},
): Promise<Listener> {
  const { handshakeMs = 10_000, maxHandshakes = 1000, clock = systemClock } = options;
  const { plainTextHint = PLAIN_TEXT_HINT } = options;
  const acceptTurns = options.work?.account();
  const turns = options.work?.account();
  const createSecurer = options.isRelayed ?? !hasServerSockets()
    ? (pair: CertifiedKey) => new TlsRelay(pair)
    : (pair: CertifiedKey) => createSocketSecurer(pair, options, turns);
  const handshakes = new Handshakes({ handshakeMs, maxHandshakes, plainTextHint, turns, clock });
  const open = () => {
    const listener = options.inherited ?? listenTcp(endpoint);
    if (!options.guard) return listener;
    return new GuardedListener(listener, options.guard, { speaksFirst: true, clock });
  };
  const pair = await readCertifiedKey(endpoint);
  return new TlsListener(endpoint, open(), handshakes, createSecurer, pair, acceptTurns);
}

/** Whether the runtime's `TLSSocket` can be the server's end. Then it has real secure contexts. */
function hasServerSockets(): boolean {
  return "context" in createSecureContext();
}

function createSocketSecurer(
  pair: CertifiedKey,
  { asksForCertificate: requestCert = false, work }: TlsOptions,
  handshakeTurns: Turns | undefined,
): Securer {
  const options = { secureContext: createSecureContext(pair), requestCert };
  return {
    secure: (carrier, cipherText) => {
      const turns = work?.account();
      return new TlsConnection(carrier, cipherText, { ...options, handshakeTurns, turns });
    },
    close: () => {},
  };
}

class TlsListener implements Listener {
  readonly endpoint: string;
  readonly #where: Endpoint;
  readonly #createSecurer: (pair: CertifiedKey) => Securer;
  #securer: Securer;
  readonly #handshakes: Handshakes;
  /** Connections whose handshake is complete. */
  readonly #ready: ReadyConnections;

  constructor(
    endpoint: Endpoint,
    listener: Listener,
    handshakes: Handshakes,
    createSecurer: (pair: CertifiedKey) => Securer,
    pair: CertifiedKey,
    acceptTurns: Turns | undefined,
  ) {
    this.#where = endpoint;
    this.#handshakes = handshakes;
    this.#createSecurer = createSecurer;
    const meet = (carrier: ByteConnection) => void this.#shakeHands(carrier);
    this.#ready = new ReadyConnections(listener, meet, acceptTurns);
    this.#securer = createSecurer(pair);
    this.endpoint = listener.endpoint;
  }

  accept(): Promise<ByteConnection> {
    return this.#ready.accept();
  }

  async prepareReload(): Promise<() => void> {
    const pair = await readCertifiedKey(this.#where);
    return () => {
      if (this.#ready.isClosed) return;
      this.#securer.close();
      this.#securer = this.#createSecurer(pair);
    };
  }

  close(): void {
    if (this.#ready.isClosed) return;
    this.#ready.close();
    this.#handshakes.close();
    this.#securer.close();
  }

  async #shakeHands(carrier: ByteConnection): Promise<void> {
    const connection = await this.#handshakes.shake(carrier, () => this.#securer);
    if (connection) this.#ready.add(connection);
  }
}
