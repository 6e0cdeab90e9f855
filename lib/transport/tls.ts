/**
 * TLS over TCP, by `Deno.listenTls`.
 *
 * Peers shake hands side by side: `accept` gives those who have done so, in the order in which
 * they were done, and nobody waits for one who is slow, silent or speaks no TLS.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { explainBadPair, readCertifiedKey } from "./certificate.ts";
import type { ByteConnection, Listener } from "./connection.ts";
import { type Endpoint, formatEndpoint } from "./endpoint.ts";
import { Handshakes } from "./handshakes.ts";
import { closeQuietly, HostConnection } from "./stream_connection.ts";

export interface TlsOptions {
  /** Milliseconds within which a peer must have shaken hands. @default {10_000} */
  readonly handshakeMs?: number;
  /** Handshakes at a time; one more, and the slowest peer is sent away. @default {1000} */
  readonly maxHandshakes?: number;
  readonly clock?: Clock;
}

/** How long the old socket must have been quiet before it is closed, and how often it is tried. */
const QUIET_MS = 20;
const QUIET_TRIES = 100;

/**
 * Listens on a host and port, with the certificate and key that `endpoint` names.
 *
 * @throws {ListenError} where they cannot be read or do not belong together.
 * @throws {Deno.errors.AddrInUse} and what else `Deno.listen` throws.
 */
export function listenTls(endpoint: Endpoint, options: TlsOptions = {}): Listener {
  return new TlsListener(endpoint, options);
}

/** A listening socket. There are two for the moment of a reload. */
interface Door {
  readonly listener: Deno.TlsListener;
  /** The accept that is under way; `Deno.TlsListener` takes one at a time. */
  accepting: Promise<void> | undefined;
  accepted: number;
}

class TlsListener implements Listener {
  readonly endpoint: string;
  readonly #clock: Clock;
  /** Where to listen, with the real port. */
  readonly #where: Endpoint;
  #door: Door;
  /** The one that a reload is about to close. */
  #oldDoor: Door | undefined;
  readonly #handshakes: Handshakes;
  /** Those who have shaken hands. */
  readonly #ready: HostConnection[] = [];
  /** Why the last accept failed, until somebody is told. */
  #failure: unknown;
  #isClosed = false;
  #changed = Promise.withResolvers<void>();
  #reloaded: Promise<void> = Promise.resolve();

  constructor(endpoint: Endpoint, options: TlsOptions) {
    const { handshakeMs = 10_000, maxHandshakes = 1000, clock = systemClock } = options;
    this.#clock = clock;
    this.#handshakes = new Handshakes({
      handshakeMs,
      maxHandshakes,
      clock,
      onDone: (connection) => {
        this.#ready.push(new HostConnection(connection));
        this.#notify();
      },
    });
    this.#where = { ...endpoint, port: findPort(endpoint) };
    this.endpoint = formatEndpoint(this.#where);
    this.#door = openDoor(this.#where);
  }

  async accept(): Promise<ByteConnection> {
    for (;;) {
      const connection = this.#ready.shift();
      if (connection) return connection;
      if (this.#isClosed) throw new Deno.errors.BadResource("Listener is closed");
      if (this.#failure !== undefined) {
        const failure = this.#failure;
        this.#failure = undefined;
        throw failure;
      }
      this.#acceptAt(this.#door);
      await this.#changed.promise;
    }
  }

  /**
   * Listens at a second socket with the new pair before the first is closed. Nobody who has
   * connected is cut off, but for a peer whose connection arrives at the first socket in the
   * instant of its closing: the system moves none from one to the other.
   */
  reload(): Promise<void> {
    const reloading = this.#reloaded.then(() => this.#reload());
    this.#reloaded = reloading.catch(() => {});
    return reloading;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeQuietly(this.#door.listener);
    if (this.#oldDoor) closeQuietly(this.#oldDoor.listener);
    this.#handshakes.close();
    for (const connection of this.#ready.splice(0)) connection.close();
    this.#notify();
  }

  async #reload(): Promise<void> {
    if (this.#isClosed) return;
    const door = openDoor(this.#where);
    const old = this.#oldDoor = this.#door;
    this.#door = door;
    for (let tries = 0, accepted = -1; tries < QUIET_TRIES && accepted !== old.accepted; tries++) {
      accepted = old.accepted;
      await this.#acceptedOrQuiet(old);
    }
    closeQuietly(old.listener);
    this.#oldDoor = undefined;
    this.#notify();
  }

  #acceptedOrQuiet(door: Door): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(QUIET_MS, resolve);
      this.#acceptAt(door).then(() => {
        cancel();
        resolve();
      });
    });
  }

  #acceptAt(door: Door): Promise<void> {
    return door.accepting ??= this.#acceptNext(door);
  }

  async #acceptNext(door: Door): Promise<void> {
    try {
      const connection = await door.listener.accept();
      door.accepted++;
      this.#handshakes.start(connection);
    } catch (error) {
      if (door === this.#door) this.#failure = error;
    }
    door.accepting = undefined;
    this.#notify();
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/**
 * The real port, checked to be free: for the sake of reloading the sockets share their port, and
 * would share it with another server of the same user without a word.
 */
function findPort({ hostname, port }: Endpoint): number {
  using listener = Deno.listen({ hostname, port });
  return (listener.addr as Deno.NetAddr).port;
}

function openDoor(endpoint: Endpoint): Door {
  const { hostname, port } = endpoint;
  const pair = readCertifiedKey(endpoint);
  try {
    const listener = Deno.listenTls({ hostname, port, ...pair, reusePort: true });
    return { listener, accepting: undefined, accepted: 0 };
  } catch (error) {
    throw explainBadPair(endpoint, error as Error);
  }
}
