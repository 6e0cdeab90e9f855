/**
 * TCP peers whose machines have vanished, from the system's socket table (Linux: `/proc/net/tcp`
 * and `tcp6`): the system retransmits to them for 15 minutes before it reports an error, and Deno
 * cannot set TCP_USER_TIMEOUT.
 *
 * @module
 */

import { readSocketTable } from "./udp_drops.ts";

/**
 * Retransmissions after which a peer counts as silent. The first comes after about 0.2 s, and the
 * pause doubles each time, so the fourth comes after 3 s.
 */
const FEWEST_RETRANSMITS = 4;
/** The timer of a socket whose data is not acknowledged; a full window has another. */
const RETRANSMIT_TIMER = "01";
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];

/**
 * Returns the peers that have acknowledged nothing for some seconds, although something was sent, as
 * {@linkcode peerKey} gives them.
 *
 * @throws {Error} if the table cannot be read.
 */
export async function findSilentPeers(): Promise<Set<string>> {
  const tables = await Promise.all(TABLES.map(readSocketTable));
  return new Set(tables.flatMap((table) => [...silentPeersIn(table)]));
}

/** The silent peers of one table. */
export function* silentPeersIn(table: string): Generator<string> {
  for (const line of table.split("\n").slice(1)) {
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt ...
    const [, , remote, , , timer, retransmits] = line.trim().split(/\s+/);
    if (!timer?.startsWith(RETRANSMIT_TIMER)) continue;
    if (parseInt(retransmits, 16) < FEWEST_RETRANSMITS) continue;
    const [address, port] = remote.split(":");
    yield `${address}:${parseInt(port, 16)}`;
  }
}

/** A peer such as `192.0.2.7:5001` as the table writes it; `undefined` if it has no IP address. */
export function peerKey(remote: string): string | undefined {
  const [, version6, version4, port] = /^(?:\[(.+)\]|([\d.]+)):(\d+)$/.exec(remote) ?? [];
  const bytes = version6 === undefined ? bytesOf4(version4) : bytesOf6(version6);
  return bytes && `${toHex(bytes)}:${port}`;
}

function bytesOf4(address: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  return address === undefined ? undefined : Uint8Array.from(address.split("."), Number);
}

function bytesOf6(address: string): Uint8Array<ArrayBuffer> {
  // A URL writes the last 32 bits in hexadecimal, too.
  const plain = URL.parse(`http://[${address.split("%")[0]}]`)?.hostname.slice(1, -1) ?? "";
  const [head, tail] = plain.split("::").map((part) => part === "" ? [] : part.split(":"));
  const zeros = tail ? Array<string>(8 - head.length - tail.length).fill("0") : [];
  const groups = [...head, ...zeros, ...tail ?? []].map((group) => parseInt(group, 16));
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** 32-bit numbers in host byte order. */
function toHex(bytes: Uint8Array<ArrayBuffer>): string {
  const numbers = new Uint32Array(bytes.buffer);
  return Array.from(numbers, (number) => number.toString(16).toUpperCase().padStart(8, "0"))
    .join("");
}
