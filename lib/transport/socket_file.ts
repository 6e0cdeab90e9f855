/**
 * The file by which a Unix socket is found: made when listening starts, replaced where a dead
 * server left it behind, removed when listening ends. Never touches a file that is no socket, nor
 * a socket that somebody else made or listens to.
 *
 * @module
 */

import type { Endpoint } from "./endpoint.ts";
import { ListenError } from "./listen_error.ts";
import { closeQuietly } from "./stream_connection.ts";

/** Owner and group may connect. */
const MODE = 0o660;

/** A socket, and the name by which it is found. */
export interface NamedSocket<Socket> {
  readonly socket: Socket;
  /** Takes the name away, if it still leads to this socket; to be called once, before closing. */
  removeName(): void;
}

/** What differs between stream and datagram sockets. */
export interface SocketKind<Socket> {
  /** Opens a socket under a name that does not exist. */
  bind(path: string): Socket;
  /** Whether anybody listens to the socket of that name. */
  isLive(path: string): Promise<boolean>;
}

/**
 * Opens a socket at the path of `endpoint`.
 *
 * The socket is made under another name, which is then linked to the path: linking fails where
 * there is a file, nobody finds the socket before it has its mode, and `Deno.Listener.close`,
 * which removes whatever is where the socket was made, finds nothing there.
 *
 * @throws {ListenError} where the path is taken or cannot be made.
 */
export async function openSocketFile<Socket extends { close(): void }>(
  endpoint: Endpoint,
  { bind, isLive }: SocketKind<Socket>,
): Promise<NamedSocket<Socket>> {
  const path = endpoint.path!;
  try {
    await makeRoom(endpoint, path, isLive);
    const temporary = temporaryName(path);
    const socket = bind(temporary);
    try {
      Deno.chmodSync(temporary, MODE);
      const file = Deno.lstatSync(temporary);
      Deno.linkSync(temporary, path);
      Deno.removeSync(temporary);
      return { socket, removeName: () => removeIfSame(path, file) };
    } catch (error) {
      if (lookUp(temporary)) Deno.removeSync(temporary);
      closeQuietly(socket);
      throw error;
    }
  } catch (error) {
    const reason = whyNot(error as Error);
    throw reason === undefined ? error : new ListenError(endpoint, reason);
  }
}

/** A name beside `path` that nobody has. */
export function temporaryName(path: string): string {
  return `${path}.${crypto.randomUUID().slice(0, 6)}`;
}

/** Whether `error` says that a socket file leads to no socket. */
export function meansDead(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.NotFound;
}

async function makeRoom(
  endpoint: Endpoint,
  path: string,
  isLive: (path: string) => Promise<boolean>,
): Promise<void> {
  const file = lookUp(path);
  if (!file) return;
  if (!file.isSocket) {
    throw new ListenError(
      endpoint,
      "there is a file, and it is no socket. Move it away, or choose another path with --listen.",
    );
  }
  if (await isLive(path)) {
    throw new ListenError(
      endpoint,
      "another program listens there. Stop it, or choose another path with --listen.",
    );
  }
  removeIfSame(path, file);
}

function lookUp(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function removeIfSame(path: string, file: Deno.FileInfo): void {
  const now = lookUp(path);
  if (now?.isSocket && now.ino === file.ino && now.dev === file.dev) Deno.removeSync(path);
}

function whyNot(error: Error): string | undefined {
  if (error instanceof Deno.errors.NotFound) {
    return "its directory does not exist. Make it, or choose another path with --listen.";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "the system does not let this program make a file there. " +
      "Allow it, or choose another path with --listen.";
  }
  if (error instanceof Deno.errors.AlreadyExists) {
    return "another program has just made a file there. Choose another path with --listen.";
  }
  return undefined;
}
