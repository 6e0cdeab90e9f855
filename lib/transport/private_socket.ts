/**
 * A Unix socket in a directory of ours that only the owner of the process may connect to.
 *
 * @module
 */

import type { ByteConnection, Listener } from "./connection.ts";
import { fileAt, meansDead } from "./socket_file.ts";
import { closeQuietly } from "./stream_connection.ts";
import { UnixConnection } from "./unix.ts";

const OWNER_ONLY = 0o600;

/**
 * Listens on a socket file that only the owner may use. One that a killed process left behind is
 * replaced: the caller has made sure that no other process listens there.
 *
 * @throws {Error} if it cannot be created, for example because the path is too long.
 */
export function listenPrivately(path: string): Listener {
  removeSocket(path);
  // A new socket gets whatever permissions the umask leaves, so it is created where nobody else can
  // reach it.
  const nest = `${path}~`;
  removeNest(nest);
  Deno.mkdirSync(nest, { mode: 0o700 });
  try {
    return open(path, `${nest}/s`);
  } finally {
    removeNest(nest);
  }
}

function open(path: string, born: string): Listener {
  const socket = Deno.listen({ transport: "unix", path: born });
  let file: Deno.FileInfo;
  try {
    Deno.chmodSync(born, OWNER_ONLY);
    file = Deno.lstatSync(born);
    Deno.renameSync(born, path);
  } catch (error) {
    socket.close();
    throw error;
  }
  let accepted = 0;
  let isClosed = false;
  return {
    endpoint: `unix://${path}`,
    accept: async () => new UnixConnection(await socket.accept(), ++accepted),
    close() {
      if (isClosed) return;
      isClosed = true;
      closeQuietly(socket);
      if (fileAt(path)?.ino === file.ino) Deno.removeSync(path);
    },
  };
}

/**
 * Connects to a socket file; returns `undefined` if nobody listens there.
 *
 * @throws {Error} if it cannot be asked.
 */
export async function connectPrivately(path: string): Promise<ByteConnection | undefined> {
  try {
    return new UnixConnection(await Deno.connect({ transport: "unix", path }), 0);
  } catch (error) {
    if (meansDead(error)) return undefined;
    throw error;
  }
}

/** Whether `error` says that the path of a socket is too long. */
export function isPathTooLong(error: unknown): boolean {
  return error instanceof TypeError && /SUN_LEN/.test(error.message);
}

/** @throws {Error} if there is something else than a socket. */
function removeSocket(path: string): void {
  const file = fileAt(path);
  if (!file) return;
  if (!file.isSocket) throw new Error("there is a file that is not a socket. Move it away");
  Deno.removeSync(path);
}

/** Also after a process that was killed while it was there. */
function removeNest(nest: string): void {
  if (fileAt(nest)) Deno.removeSync(nest, { recursive: true });
}
