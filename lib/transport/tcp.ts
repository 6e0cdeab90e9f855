/**
 * TCP, by `Deno.listen`.
 *
 * @module
 */

import type { Listener } from "./connection.ts";
import { type Endpoint, formatEndpoint, formatHostAndPort } from "./endpoint.ts";
import { closeQuietly, StreamConnection } from "./stream_connection.ts";

/**
 * Listens on a host and port.
 *
 * @throws {Deno.errors.AddrInUse} and what else `Deno.listen` throws.
 */
export function listenTcp(endpoint: Endpoint): Listener {
  const { hostname, port } = endpoint;
  const listener = Deno.listen({ hostname, port });
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
      this.address = hostname;
      this.#port = port;
      // Writes are coalesced already; Nagle's algorithm would only delay them.
      connection.setNoDelay();
      // Detects peers whose machine vanished.
      connection.setKeepAlive();
    } catch (error) {
      // Reset already: whoever accepts hears of it, and the socket must not be left open.
      closeQuietly(connection);
      throw error;
    }
  }

  get localAddress(): string {
    return this.#connection.localAddr.hostname;
  }

  get remote(): string {
    return formatHostAndPort(this.address, this.#port);
  }
}
