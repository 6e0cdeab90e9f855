/**
 * Finds the user of a port that cannot be opened, from the kernel's table of TCP sockets (Linux:
 * `/proc/net/tcp` and `tcp6`).
 *
 * @module
 */

import { readSocketTable } from "../../transport/udp_drops.ts";

/** A listening socket, an open connection, or one in TIME-WAIT (RFC 9293 section 3.3.2). */
export type PortUse = "listener" | "connection" | "ended connection";

const LISTEN = "0A";
const TIME_WAIT = "06";

/** Finds out what uses a TCP port; `undefined` if nothing does or the table cannot be read. */
export async function portUse(port: number): Promise<PortUse | undefined> {
  const paths = ["/proc/net/tcp", "/proc/net/tcp6"];
  const tables = await Promise.all(paths.map((path) => readSocketTable(path).catch(() => "")));
  return findPortUse(tables.join("\n"), port);
}

/** Finds the use of a local port in a table: what a person would look for first. */
export function findPortUse(table: string, port: number): PortUse | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const states = table.split("\n").map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local?.endsWith(suffix)).map(([, , , state]) => state);
  if (states.length === 0) return undefined;
  if (states.includes(LISTEN)) return "listener";
  return states.every((state) => state === TIME_WAIT) ? "ended connection" : "connection";
}
