/**
 * The library's transport, with a listener for errors of its socket at all times.
 *
 * The library removes all listeners when it closes a socket, and between the TLS handshake and the
 * first message. An error that is on its way then, as when a server resets the connection of a node
 * that it refuses, or does not take its certificate, has no listener, and would end the program
 * (`@nats-io/transport-node` 3.4.0 on Deno 2.9).
 *
 * @module
 */

import type { Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions as TlsOptions } from "node:tls";
import type { TLSSocket } from "node:tls";
import type { ConnectionOptions, NatsConnection } from "@nats-io/transport-node";
import { NatsConnectionImpl, setTransportFactory } from "@nats-io/transport-node";
import { nodeResolveHost, NodeTransport } from "@nats-io/transport-node/lib/node_transport.js";

type Dialled = Parameters<NodeTransport["tlsFirst"]>[0];

class GuardedTransport extends NodeTransport {
  override async dial(server: Dialled): Promise<Socket> {
    return guarded(await super.dial(server));
  }

  override tlsFirst({ hostname: host, port }: Dialled): Promise<TLSSocket> {
    return this.#secure({ host, port });
  }

  override startTLS(): Promise<TLSSocket> {
    return this.#secure({ socket: this.socket });
  }

  /** Connects by TLS, or starts it on a connection. Rejects with what the handshake failed at. */
  async #secure(connection: TlsOptions): Promise<TLSSocket> {
    const { tls } = this.options;
    const certificates = typeof tls === "object" && tls !== null
      ? { ...tls, ...await this.loadClientCerts() } as TlsOptions
      : {};
    const options = { servername: this.tlsName, ...connection, ...certificates };
    const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
    const socket = guarded(connectTls(options, () => resolve(socket)));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("The server closed the connection during TLS.")));
    socket.setNoDelay(true);
    return await promise;
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
