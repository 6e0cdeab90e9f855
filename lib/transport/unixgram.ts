/**
 * Unix datagram sockets, by `Deno.listenDatagram`, which calls them `unixpacket`.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import type { Datagram, DatagramSocket } from "./datagram.ts";
import { type Endpoint, formatEndpoint } from "./endpoint.ts";
import { meansDead, type NamedSocket, openSocketFile, temporaryName } from "./socket_file.ts";
import { closeQuietly } from "./stream_connection.ts";

/** More than the system sends in one datagram by default (`wmem_max` is 212,992). */
const MAX_BYTES = 262_144;
/** How long to wait for a sender to take an answer, and how long not to answer it if it did not. */
const ANSWER_MS = 200;
const DEAF_MS = 60_000;
/** How many such senders are remembered. */
const MAX_DEAF = 1000;

/**
 * Receives at a socket file, with mode 0660. Replaces a file that a dead server left behind.
 *
 * @throws {ListenError} if the path is taken or cannot be created.
 */
export async function listenUnixgram(
  endpoint: Endpoint,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): Promise<DatagramSocket> {
  return new UnixgramSocket(endpoint, await openSocketFile(endpoint, { bind, isLive }), clock);
}

class UnixgramSocket implements DatagramSocket {
  readonly endpoint: string;
  readonly #where: Endpoint;
  readonly #clock: Clock;
  #named: NamedSocket<Deno.DatagramConn>;
  /** When to answer each sender again, by path, earliest first. */
  readonly #deafUntil = new Map<string, number>();
  #isClosed = false;

  constructor(endpoint: Endpoint, named: NamedSocket<Deno.DatagramConn>, clock: Clock) {
    this.#where = endpoint;
    this.endpoint = formatEndpoint(endpoint);
    this.#named = named;
    this.#clock = clock;
  }

  async *receive(): AsyncGenerator<Datagram> {
    const buffer = new Uint8Array(MAX_BYTES);
    while (!this.#isClosed) {
      try {
        const [bytes, address] = await this.#named.socket.receive(buffer);
        const path = (address as { path: string | null }).path || undefined;
        // An abstract name begins with a zero byte, by convention shown as @.
        const source = path?.replace("\0", "@") ?? "unixgram";
        yield {
          bytes,
          source,
          address: source,
          reply: (answer) => this.#reply(answer, path),
        };
      } catch (error) {
        if (!this.#isClosed) throw error;
      }
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#named.close();
  }

  /**
   * If the peer's queue is full, sending waits, and Deno lets a socket that is sending receive
   * nothing, so a sender that never reads would stop it for everybody. So such an answer is given
   * up after a while. The only way is a new socket under the same name: the datagrams that waited
   * at the old one, usually ten, are lost, and that sender gets no answers for a minute.
   */
  async #reply(answer: Uint8Array, path: string | undefined): Promise<void> {
    if (path === undefined || this.#isDeaf(path)) return;
    const sending = this.#named.socket.send(answer, { transport: "unixpacket", path });
    if (await isDoneWithin(this.#clock, ANSWER_MS, sending)) return;
    this.#noteDeaf(path);
    if (this.#isClosed) return;
    this.#named.close();
    this.#named = await openSocketFile(this.#where, { bind, isLive });
    if (this.#isClosed) this.#named.close();
  }

  #isDeaf(path: string): boolean {
    return this.#clock.monotonic() < (this.#deafUntil.get(path) ?? 0);
  }

  #noteDeaf(path: string): void {
    this.#deafUntil.delete(path);
    this.#deafUntil.set(path, this.#clock.monotonic() + DEAF_MS);
    if (this.#deafUntil.size > MAX_DEAF) {
      const [first] = this.#deafUntil.keys().take(1);
      this.#deafUntil.delete(first);
    }
  }
}

function bind(path: string): Deno.DatagramConn {
  return Deno.listenDatagram({ transport: "unixpacket", path });
}

/**
 * Sends an empty datagram to see whether it arrives. A socket that cannot be asked counts as alive.
 */
async function isLive(path: string): Promise<boolean> {
  const probePath = temporaryName(path);
  const probe = bind(probePath);
  try {
    const sending = probe.send(new Uint8Array(), { transport: "unixpacket", path });
    await isDoneWithin(systemClock, ANSWER_MS, sending);
    return true;
  } catch (error) {
    return !meansDead(error);
  } finally {
    closeQuietly(probe);
    Deno.removeSync(probePath);
  }
}

/** Whether `work` is done in time; later errors are ignored. */
function isDoneWithin(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(false));
    work.then(() => resolve(true), reject).finally(cancel);
  });
}
