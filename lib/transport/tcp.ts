/**
 * TCP, by `Deno.listen`.
 *
 * @module
 */

import type { Listener } from "./connection.ts";
import { type Endpoint, formatEndpoint, formatHostAndPort, plainAddress } from "./endpoint.ts";
import { closeQuietly, StreamConnection } from "./stream_connection.ts";

/**
 * Connections that may wait to be accepted. People who come back after a restart find a place; but
 * each that waits makes the next wait longer, even if its peer has gone: with 4096, a thousand
 * connections that were reset kept a newcomer waiting for 100 to 340 ms, and with 511 for 40.
 */
const BACKLOG = 511;

/**
 * Listens on a host and port.
 *
 * @throws {Deno.errors.AddrInUse} and anything else that `Deno.listen` throws.
 */
export function listenTcp(endpoint: Endpoint): Listener {
  const { hostname, port } = endpoint;
  const listener = Deno.listen({ hostname, port, tcpBacklog: BACKLOG });
  const { port: actualPort } = listener.addr as Deno.NetAddr;
  return {
    endpoint: formatEndpoint({ ...endpoint, port: actualPort }),
    accept: async () => new TcpConnection(await listener.accept()),
    close: () => closeQuietly(listener),
  };
}

class TcpConnection extends StreamConnection {
  readonly address: string;
  readonly #port: number;
  readonly #connection: Deno.TcpConn;

  constructor(connection: Deno.TcpConn) {
    super(connection);
    this.#connection = connection;
    try {
      const { hostname, port } = connection.remoteAddr;
      this.address = plainAddress(hostname);
      this.#port = port;
      // The outbox already coalesces writes; Nagle's algorithm would only delay them.
      connection.setNoDelay();
      // Detects peers whose machine has vanished.
      connection.setKeepAlive();
    } catch (error) {
      // It was reset in the accept queue. The caller gets the error, and the socket must not stay
      // open.
      closeQuietly(connection);
      throw error;
    }
  }

  get localAddress(): string {
    return plainAddress(this.#connection.localAddr.hostname);
  }

  get remote(): string {
    return formatHostAndPort(this.address, this.#port);
  }
}
