/**
 * TCP on a socket that is open already, because the service manager has opened it and passed it on
 * (sd_listen_fds(3)): peers who come while the server restarts wait instead of being refused.
 *
 * By `node:net`, the only way to a listening descriptor in Deno 2.9; Deno 2.7 has none.
 *
 * @module
 */

import { type AddressInfo, createServer, type ListenOptions, type Server } from "node:net";
import type { ByteConnection, Listener } from "./connection.ts";
import { type Endpoint, formatEndpoint } from "./endpoint.ts";
import { SocketConnection } from "./socket_connection.ts";

/** Accepted connections that nobody has taken; more are closed. As many may wait in the system. */
const MOST_WAITING = 511;

export class InheritedListener {
  /** Where it listens. */
  readonly hostname: string;
  readonly port: number;
  readonly #server: Server;
  readonly #waiting: SocketConnection[] = [];
  #isClosed = false;
  #changed = Promise.withResolvers<void>();

  private constructor(server: Server) {
    const { address, port } = server.address() as AddressInfo;
    this.hostname = address;
    this.port = port;
    this.#server = server;
    server.on("connection", (socket) => {
      if (this.#waiting.length >= MOST_WAITING) return void socket.destroy();
      this.#waiting.push(new SocketConnection(socket));
      this.#notify();
    });
    // Accepting failed for now; the next peer is accepted all the same.
    server.on("error", () => {});
  }

  /**
   * Listens on a descriptor.
   *
   * @param where Usually `{ fd }`.
   * @throws {Error} if it is no listening TCP socket, or this runtime cannot use one.
   */
  static async open(where: ListenOptions & { readonly fd?: number }): Promise<InheritedListener> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(where, () => resolve());
    });
    if (typeof server.address() !== "object" || server.address() === null) {
      server.close();
      throw new Error("it is not a TCP socket");
    }
    server.removeAllListeners("error");
    return new InheritedListener(server);
  }

  /** The listener as that of an endpoint, whose host and port are those of the socket. */
  as(endpoint: Endpoint): Listener {
    const { hostname, port } = this;
    return {
      endpoint: formatEndpoint({ ...endpoint, hostname, port }),
      accept: () => this.#accept(),
      close: () => this.close(),
    };
  }

  /** The service manager keeps the socket open. Safe to call again. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#server.close();
    for (const connection of this.#waiting.splice(0)) connection.close();
    this.#notify();
  }

  async #accept(): Promise<ByteConnection> {
    for (;;) {
      if (this.#isClosed) throw new Deno.errors.BadResource("Listener is closed");
      const connection = this.#waiting.shift();
      if (connection) return connection;
      await this.#changed.promise;
    }
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
