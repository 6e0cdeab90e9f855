/**
 * The library's transport, with a listener for errors of its socket at all times.
 *
 * The library removes all listeners when it closes a socket. An error that is on its way then, as
 * when a server refuses a node and resets the connection, has no listener left, and would end the
 * program (`@nats-io/transport-node` 3.4.0 on Deno 2.9).
 *
 * @module
 */

import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ConnectionOptions, NatsConnection } from "@nats-io/transport-node";
import { NatsConnectionImpl, setTransportFactory } from "@nats-io/transport-node";
import { nodeResolveHost, NodeTransport } from "@nats-io/transport-node/lib/node_transport.js";

type Dialled = Parameters<NodeTransport["tlsFirst"]>[0];

class GuardedTransport extends NodeTransport {
  override async dial(server: Dialled): Promise<Socket> {
    return guarded(await super.dial(server));
  }

  override async tlsFirst(server: Dialled): Promise<TLSSocket> {
    return guarded(await super.tlsFirst(server));
  }

  override async startTLS(): Promise<TLSSocket> {
    return guarded(await super.startTLS());
  }
}

/** Connects as the library does. @throws {Error} as the library does. */
export function connect(options: ConnectionOptions): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new GuardedTransport(), dnsResolveFn: nodeResolveHost });
  return NatsConnectionImpl.connect(options);
}

/** Keeps a listener on a socket, whoever removes all. */
function guarded<Guarded extends Socket>(socket: Guarded): Guarded {
  const remove = socket.removeAllListeners.bind(socket);
  // What the error means is known by then.
  const ignore = () => {};
  socket.removeAllListeners = (...events) => {
    remove(...events);
    return socket.on("error", ignore);
  };
  return socket.on("error", ignore);
}
