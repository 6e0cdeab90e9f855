/**
 * TCP, by `Deno.listen`.
 *
 * @module
 */

import type { Listener } from "./connection.ts";
import { type Endpoint, formatEndpoint } from "./endpoint.ts";
import { closeQuietly, HostConnection } from "./stream_connection.ts";

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
    accept: async () => connect(await listener.accept()),
    close: () => closeQuietly(listener),
  };
}

function connect(connection: Deno.TcpConn): HostConnection {
  // Writes are gathered already; holding them back further would only delay them.
  connection.setNoDelay();
  // Finds peers whose machine vanished without a word.
  connection.setKeepAlive();
  return new HostConnection(connection);
}
