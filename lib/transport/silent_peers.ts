/**
 * What TCP peers have not acknowledged, from the system's socket table (Linux: `/proc/net/tcp` and
 * `tcp6`). It reveals machines that have vanished: the system retransmits to them for 15 minutes
 * before it reports an error, and Deno cannot set TCP_USER_TIMEOUT.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { readSocketTable } from "./udp_drops.ts";

const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];
/** Characters of a table that are looked through at once: about 400 rows, in a millisecond. */
const PART = 64 * 1024;
/**
 * sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout ...
 *
 * Only rows that owe data or were probed match. Thousands of others must not cost an array each.
 */
const ROW = /^ *\d+: \S+ (\S+):(\S+) \S+ \S+ (?:01:\S+ (\S+)|\d\d:\S+ \S+ +\d+ +([1-9]\d*))/gm;

/** What stands before an IPv4 address in the table of IPv6: `::ffff:0:0/96`. */
const MAPPED = toHex(bytesOf6("::ffff:0:0")).slice(0, 24);

/**
 * Returns how often the system has repeated to each peer, in vain, what the peer should acknowledge.
 * The first time is after about 0.2 s, and the pause doubles each time, so the fourth is after 3 s.
 * The keys are those of {@linkcode peerKey}. Peers that owe no acknowledgement are left out; those
 * that have just been sent something are there with 0.
 *
 * @throws {Error} if the table cannot be read.
 */
export async function countRepeats(): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const table of await Promise.all(TABLES.map(readSocketTable))) {
    for (const part of partsOf(table)) {
      for (const [key, repeats] of repeatsIn(part)) counts.set(key, repeats);
      // With 10,000 connections, all of it would take a fifth of a second.
      await setImmediate();
    }
  }
  return counts;
}

/** A table in parts, each of whole rows. */
export function* partsOf(table: string, length = PART): Generator<string> {
  for (let start = 0, end = 0; start < table.length; start = end) {
    end = table.indexOf("\n", start + length) + 1 || table.length;
    yield table.slice(start, end);
  }
}

/** The peers in one table that owe an acknowledgement, and the repeats. */
export function* repeatsIn(table: string): Generator<[key: string, repeats: number]> {
  // Probes of a full window, and of an idle connection, count in a column of their own. A peer that
  // reads nothing answers them.
  for (const [, address, port, retransmits, probes] of table.matchAll(ROW)) {
    const repeats = retransmits === undefined ? Number(probes) : parseInt(retransmits, 16);
    const plain = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
    yield [`${plain}:${parseInt(port, 16)}`, repeats];
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
