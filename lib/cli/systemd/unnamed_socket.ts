/**
 * A Unix datagram socket that only sends.
 *
 * @module
 */

/** Deno has to bind the socket to a path, but nothing else needs that path. */
export function openUnnamedSocket(): Deno.DatagramConn {
  const directory = Deno.makeTempDirSync();
  try {
    return Deno.listenDatagram({ transport: "unixpacket", path: `${directory}/socket` });
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
