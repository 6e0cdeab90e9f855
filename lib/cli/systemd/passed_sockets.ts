/**
 * The sockets that a service manager passes on to the server (sd_listen_fds(3)). An endpoint whose
 * port one of them has is served on it.
 *
 * @module
 */

import type { Listener } from "../../transport/connection.ts";
import type { Endpoint } from "../../transport/endpoint.ts";
import { formatHostAndPort } from "../../transport/endpoint.ts";
import { InheritedListener } from "../../transport/inherited_listener.ts";

/** The first descriptor that is passed on. */
const FIRST = 3;
/** Most descriptors; a larger number is a mistake. */
const MOST = 100;

export class PassedSockets {
  readonly #unused: InheritedListener[] = [];

  /**
   * Listens on all sockets that are passed on.
   *
   * @param env Reads an environment variable.
   * @param pid Of this process: what is passed on to another is not for us.
   * @throws {Error} if one cannot be used; the message is a sentence that says what to do.
   */
  static async open(
    env: (name: string) => string | undefined,
    pid: number,
  ): Promise<PassedSockets> {
    const passed = new PassedSockets();
    const count = env("LISTEN_PID") === String(pid) ? Number(env("LISTEN_FDS")) : 0;
    for (let fd = FIRST; fd < FIRST + Math.min(count, MOST); fd++) {
      try {
        passed.#unused.push(await InheritedListener.open({ fd }));
      } catch (error) {
        passed.close();
        throw new Error(
          `Cannot use the socket that the service manager passes on as descriptor ${fd}: ` +
            `${(error as Error).message}. It must be a TCP stream, and needs Deno 2.9 or later.`,
        );
      }
    }
    return passed;
  }

  /** Takes the socket for an endpoint, if there is one. */
  take(endpoint: Endpoint): Listener | undefined {
    const { hostname, port, path } = endpoint;
    if (path !== undefined || port === 0) return undefined;
    const fitting = this.#unused.filter((socket) => socket.port === port);
    const socket = fitting.find((socket) => socket.hostname === hostname) ?? fitting[0];
    if (!socket) return undefined;
    this.#unused.splice(this.#unused.indexOf(socket), 1);
    return socket.as(endpoint);
  }

  /** Closes the sockets that nobody has taken; returns a sentence about each. */
  close(): string[] {
    return this.#unused.splice(0).map((socket) => {
      socket.close();
      const address = formatHostAndPort(socket.hostname, socket.port);
      return `The service manager passes on ${address}, which no endpoint has: add one with ` +
        "--listen, or remove it from the socket unit";
    });
  }
}
