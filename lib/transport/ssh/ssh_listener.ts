/**
 * SSH over TCP, by `ssh2` on top of `Deno.listen`. Every channel is a connection of its own.
 *
 * The library is given sockets that were accepted here, as those of all doors are. It is used as a
 * protocol only; see `ssh_connection.ts`.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type Clock, systemClock } from "../../clock.ts";
import type { ByteConnection, Listener } from "../connection.ts";
import type { Endpoint } from "../endpoint.ts";
import { type Guard, GuardedListener } from "../guarded_listener.ts";
import { ReadyConnections } from "../ready_connections.ts";
import { listenTcp } from "../tcp.ts";
import type { Turns, Work } from "../turns.ts";
import { ALGORITHMS } from "./algorithms.ts";
import type { Gate } from "./gatekeeper.ts";
import { type HostKey, readHostKey, rereadHostKey } from "./host_key.ts";
import { exchangeIdentifications, SOFTWARE } from "./identification.ts";
import { SshConnection } from "./ssh_connection.ts";
import { SshSocket } from "./ssh_socket.ts";
// @ts-types="./ssh2.d.ts"
import ssh2, { type LibraryClient } from "ssh2";

/** For a peer to identify itself. */
const HELLO_MS = 10_000;
/** To log in: people compare fingerprints, and look for passwords. */
const LOGIN_MS = 120_000;
/** To open a channel, once logged in or after the last one. */
const IDLE_MS = 60_000;

export interface SshOptions {
  /** Where the host key is, unless the endpoint names another; made if there is none. */
  readonly hostKeyFile: string;
  readonly gate: Gate;
  /**
   * Opens accounts of main-thread time: one for accepting peers, one for all that are not logged in,
   * and one for each that is.
   */
  readonly work: Work;
  /** Peers at a time that have no channel; with one more, who has waited longest is closed. @default {1000} */
  readonly maxWaiting?: number;
  /** Decides who may connect. @default {everybody} */
  readonly guard?: Guard;
  /** The listener for TCP. @default {one that is opened} */
  readonly inherited?: Listener;
  readonly clock?: Clock;
}

/**
 * Listens on a host and port.
 *
 * @throws {ListenError} if the host key cannot be used.
 * @throws {Deno.errors.AddrInUse} and anything else that `Deno.listen` throws.
 */
export async function listenSsh(endpoint: Endpoint, options: SshOptions): Promise<Listener> {
  const hostKey = await readHostKey(endpoint, options.hostKeyFile);
  const listener = options.inherited ?? listenTcp(endpoint);
  const guarded = options.guard ? new GuardedListener(listener, options.guard) : listener;
  return new SshListener(guarded, endpoint, hostKey, options);
}

class SshListener implements Listener {
  readonly endpoint: string;
  readonly #where: Endpoint;
  readonly #options: SshOptions;
  readonly #clock: Clock;
  readonly #loginTurns: Turns;
  #hostKey: HostKey;
  #server: InstanceType<typeof ssh2.Server>;
  /** The connections whose sockets the library has not identified. */
  readonly #bySocket = new WeakMap<object, SshConnection>();
  /** Peers without a channel, in the order in which they began to wait. */
  readonly #waiting = new Map<{ close(): void }, () => void>();
  readonly #connections = new Set<SshConnection>();
  readonly #ready: ReadyConnections;

  constructor(listener: Listener, endpoint: Endpoint, hostKey: HostKey, options: SshOptions) {
    this.endpoint = listener.endpoint;
    this.#where = endpoint;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#loginTurns = options.work.account();
    const acceptTurns = options.work.account();
    this.#ready = new ReadyConnections(listener, (carrier) => this.#meet(carrier), acceptTurns);
    this.#hostKey = hostKey;
    this.#server = this.#createServer(hostKey);
  }

  get fingerprint(): string {
    return this.#hostKey.fingerprint;
  }

  accept(): Promise<ByteConnection> {
    return this.#ready.accept();
  }

  async prepareReload(): Promise<() => void> {
    const hostKey = await rereadHostKey(this.#where, this.#options.hostKeyFile);
    const server = this.#createServer(hostKey);
    return () => {
      this.#server = server;
      this.#hostKey = hostKey;
    };
  }

  /** Peers without a channel are sent away; the others stay. */
  close(): void {
    if (this.#ready.isClosed) return;
    this.#ready.close();
    for (const peer of [...this.#waiting.keys()]) this.#dismiss(peer);
  }

  #createServer({ text }: HostKey): InstanceType<typeof ssh2.Server> {
    // The system looks for peers that have vanished, and its timers cost nothing.
    ssh2.Server.KEEPALIVE_CLIENT_INTERVAL = 0;
    // Otherwise the few bytes that the library keeps for each peer, such as its name, would each
    // keep a shared 8 KiB pool alive.
    Buffer.poolSize = 0;
    const server = new ssh2.Server({ hostKeys: [text], ident: SOFTWARE, algorithms: ALGORITHMS });
    server.on(
      "connection",
      (client: LibraryClient) => this.#bySocket.get(client._sock)?.serve(client),
    );
    return server;
  }

  /** Serves a peer to the end. Never rejects. */
  async #meet(carrier: ByteConnection): Promise<void> {
    const bytes = carrier.bytes[Symbol.asyncIterator]();
    this.#await(carrier, HELLO_MS);
    try {
      const heard = await exchangeIdentifications(carrier, bytes, this.#clock);
      if (!heard) return;
      const turn = this.#loginTurns.admit();
      if (turn) await turn;
      if (!this.#ready.isClosed) await this.#serve(carrier, heard, bytes);
    } catch {
      // The peer is gone.
    } finally {
      this.#stopWaiting(carrier);
      carrier.close();
    }
  }

  async #serve(
    carrier: ByteConnection,
    heard: Uint8Array,
    bytes: AsyncIterator<Uint8Array>,
  ): Promise<void> {
    const socket = new SshSocket(carrier);
    const connection = new SshConnection(carrier, socket, {
      clock: this.#clock,
      gatekeeper: this.#options.gate.meet(carrier),
      loginTurns: this.#loginTurns,
      turns: this.#options.work.account(),
      onChannel: (channel) => this.#ready.add(channel),
      onBusy: () => this.#stopWaiting(connection),
      onIdle: () => {
        if (this.#ready.isClosed) connection.end();
        else this.#await(connection, IDLE_MS);
      },
    });
    this.#bySocket.set(socket, connection);
    this.#connections.add(connection);
    this.#stopWaiting(carrier);
    this.#await(connection, LOGIN_MS);
    this.#server.injectSocket(socket);
    await connection.run(heard, bytes);
    this.#connections.delete(connection);
    this.#stopWaiting(connection);
  }

  /** Closes a peer that has no channel after `ms` milliseconds. */
  #await(peer: { close(): void }, ms: number): void {
    this.#stopWaiting(peer);
    const { maxWaiting = 1000 } = this.#options;
    if (this.#waiting.size >= maxWaiting) this.#dismiss(this.#waiting.keys().next().value!);
    this.#waiting.set(peer, this.#clock.after(ms, () => this.#dismiss(peer)));
  }

  #stopWaiting(peer: { close(): void }): void {
    this.#waiting.get(peer)?.();
    this.#waiting.delete(peer);
  }

  #dismiss(peer: { close(): void }): void {
    this.#stopWaiting(peer);
    peer.close();
  }
}
