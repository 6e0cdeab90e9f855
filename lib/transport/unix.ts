/**
 * Unix stream sockets, by `Deno.listen`.
 *
 * @module
 */

import type { Listener } from "./connection.ts";
import { type Endpoint, formatEndpoint } from "./endpoint.ts";
import { meansDead, openSocketFile } from "./socket_file.ts";
import { StreamConnection } from "./stream_connection.ts";

/**
 * Listens on a socket file, with mode 0660. Replaces a file that a dead server left behind.
 *
 * @throws {ListenError} if the path is taken or cannot be created.
 */
export async function listenUnix(endpoint: Endpoint): Promise<Listener> {
  const { socket, close } = await openSocketFile(endpoint, {
    bind: (path) => Deno.listen({ transport: "unix", path }),
    isLive,
  });
  let accepted = 0;
  let isClosed = false;
  return {
    endpoint: formatEndpoint(endpoint),
    accept: async () => new UnixConnection(await socket.accept(), ++accepted),
    close() {
      if (isClosed) return;
      isClosed = true;
      close();
    },
  };
}

export class UnixConnection extends StreamConnection {
  /**
   * The system does not name the peer, so each gets a number. All are on this machine, so a limit
   * per machine makes no sense, and never applies, because no two share an address.
   */
  readonly address: string;

  constructor(connection: Deno.UnixConn, number: number) {
    super(connection);
    this.address = `unix#${number}`;
  }

  get remote(): string {
    return this.address;
  }
}

/** A socket that cannot be asked counts as alive. */
async function isLive(path: string): Promise<boolean> {
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return true;
  } catch (error) {
    return !meansDead(error);
  }
}
