/**
 * UDP, by `Deno.listenDatagram`.
 *
 * @module
 */

import type { Datagram, DatagramSocket } from "./datagram.ts";
import { type Endpoint, formatEndpoint, formatHostAndPort, plainAddress } from "./endpoint.ts";
import { closeQuietly } from "./stream_connection.ts";
import { countUdpDrops } from "./udp_drops.ts";

/** The longest datagram: its length is a 16-bit number. */
const MAX_BYTES = 65_535;

/**
 * Receives at a host and port.
 *
 * @throws {Deno.errors.AddrInUse} and anything else that `Deno.listenDatagram` throws.
 */
export function listenUdp(endpoint: Endpoint): DatagramSocket {
  const { hostname, port } = endpoint;
  const socket = Deno.listenDatagram({ transport: "udp", hostname, port });
  const { hostname: address, port: actualPort } = socket.addr as Deno.NetAddr;
  let isClosed = false;
  return {
    endpoint: formatEndpoint({ ...endpoint, port: actualPort }),
    async *receive() {
      const buffer = new Uint8Array(MAX_BYTES);
      while (!isClosed) {
        try {
          yield toDatagram(socket, await socket.receive(buffer));
        } catch (error) {
          if (!isClosed) throw error;
        }
      }
    },
    countDrops: () => countUdpDrops(address, actualPort),
    close() {
      isClosed = true;
      closeQuietly(socket);
    },
  };
}

function toDatagram(
  socket: Deno.DatagramConn,
  [bytes, address]: [Uint8Array, Deno.Addr],
): Datagram {
  const { hostname, port } = address as Deno.NetAddr;
  const plain = plainAddress(hostname);
  return {
    bytes,
    source: formatHostAndPort(plain, port),
    address: plain,
    port,
    reply: async (answer) => void await socket.send(answer, address),
  };
}
