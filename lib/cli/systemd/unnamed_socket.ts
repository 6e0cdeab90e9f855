/**
 * A Unix socket for datagrams that only sends.
 *
 * @module
 */

/** Deno binds it to a name, but nobody has to find it. */
export function openUnnamedSocket(): Deno.DatagramConn {
  const directory = Deno.makeTempDirSync();
  try {
    return Deno.listenDatagram({ transport: "unixpacket", path: `${directory}/socket` });
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
