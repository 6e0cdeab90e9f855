/**
 * The file of a Unix socket: created when listening starts, replaced if a dead server left it
 * behind, removed when listening ends. A file that is not a socket, or a socket that belongs to
 * somebody else, is never touched.
 *
 * @module
 */

import { type Endpoint, ListenError } from "./endpoint.ts";
import { closeQuietly } from "./stream_connection.ts";

/** Owner and group may connect. */
const MODE = 0o660;

/** A socket and its file. */
export interface NamedSocket<Socket> {
  readonly socket: Socket;
  /** Closes the socket and removes its file. Safe to call again. */
  close(): void;
}

/** The differences between stream and datagram sockets. */
export interface SocketKind<Socket> {
  /** Opens a socket at a path that does not exist. */
  bind(path: string): Socket;
  /** Whether anybody listens on the socket at `path`. */
  isLive(path: string): Promise<boolean>;
}

/**
 * Opens a socket at the path of `endpoint`.
 *
 * It is bound to exactly that path, not renamed afterwards: some senders of datagrams (`socat
 * UNIX-SENDTO`) only take answers from the name that they sent to, and a socket keeps the name that
 * it was bound to.
 *
 * @throws {ListenError} if the path is taken or cannot be created.
 */
export async function openSocketFile<Socket extends { close(): void }>(
  endpoint: Endpoint,
  { bind, isLive }: SocketKind<Socket>,
): Promise<NamedSocket<Socket>> {
  const path = endpoint.path!;
  try {
    await makeRoom(endpoint, path, isLive);
    const socket = bind(path);
    const file = Deno.lstatSync(path);
    const close = () => closeNamed(socket, path, file);
    try {
      Deno.chmodSync(path, MODE);
    } catch (error) {
      close();
      throw error;
    }
    return { socket, close };
  } catch (error) {
    const reason = whyNot(error as Error);
    throw reason === undefined ? error : new ListenError(endpoint, reason);
  }
}

/**
 * Closes a socket and removes its file. `Deno.Listener.close` removes whatever is at the path,
 * which may be somebody else's file by now, so such a file is moved aside meanwhile.
 */
function closeNamed(socket: { close(): void }, path: string, file: Deno.FileInfo): void {
  const now = fileAt(path);
  const aside = now && !isSame(now, file) ? temporaryName(path) : undefined;
  if (aside !== undefined) Deno.renameSync(path, aside);
  closeQuietly(socket);
  if (aside !== undefined) Deno.renameSync(aside, path);
  else if (fileAt(path)) Deno.removeSync(path);
}

/** An unused name beside `path`. */
export function temporaryName(path: string): string {
  return `${path}.${crypto.randomUUID().slice(0, 6)}`;
}

/** Whether `error` says that nobody listens on a socket file. */
export function meansDead(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.NotFound;
}

async function makeRoom(
  endpoint: Endpoint,
  path: string,
  isLive: (path: string) => Promise<boolean>,
): Promise<void> {
  const file = fileAt(path);
  if (!file) return;
  if (!file.isSocket) {
    throw new ListenError(
      endpoint,
      "there is a file that is not a socket. Move it away, or choose another path with --listen.",
    );
  }
  if (await isLive(path)) {
    throw new ListenError(
      endpoint,
      "another program listens there. Stop it, or choose another path with --listen.",
    );
  }
  const now = fileAt(path);
  if (now && isSame(now, file)) Deno.removeSync(path);
}

/** The file at a path, which may be a link to nothing; `undefined` if there is none. */
export function fileAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function isSame(one: Deno.FileInfo, other: Deno.FileInfo): boolean {
  return one.isSocket === true && one.ino === other.ino && one.dev === other.dev;
}

function whyNot(error: Error): string | undefined {
  if (error instanceof Deno.errors.NotFound) {
    return "its directory does not exist. Create it, or choose another path with --listen.";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "this program may not create a file there. " +
      "Change the permissions, or choose another path with --listen.";
  }
  if (error instanceof Deno.errors.AddrInUse) {
    return "another program has just created a file there. Choose another path with --listen.";
  }
  return undefined;
}
