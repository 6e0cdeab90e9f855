/**
 * Whether others could read what a peer sends on its way here.
 *
 * @module
 */

import ipaddr from "ipaddr.js";
import type { ConnectionContext } from "../../../context.ts";

const PRIVATE_TRANSPORTS: ReadonlySet<string> = new Set(["tls", "telnets", "unix"]);

/** Whether the connection is neither encrypted nor within this machine. */
export function canBeReadOnTheWay({ transport, address }: ConnectionContext): boolean {
  if (PRIVATE_TRANSPORTS.has(transport) || address === undefined) return false;
  return !ipaddr.isValid(address) || ipaddr.process(address).range() !== "loopback";
}
