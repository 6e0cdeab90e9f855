/**
 * Whether an address is on the public internet. A webhook must not reach what only this machine can
 * reach: services on loopback, in the local network, or the metadata service of a cloud.
 *
 * @module
 */

import ipaddr from "ipaddr.js";

/** The global unicast range of IPv6 (RFC 4291 section 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");
/** Documentation (RFC 9637), which the library does not know. */
const DOCUMENTATION = ipaddr.IPv6.parseCIDR("3fff::/20");

/** Whether an IPv4 or IPv6 address is public; `false` for anything else. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4-mapped IPv6 address counts as its IPv4 address.
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6) {
    if (parsed.range() === "rfc6052") return isPublicAddress(embeddedIpv4(parsed));
    return parsed.range() === "unicast" && parsed.match(GLOBAL_UNICAST) &&
      !parsed.match(DOCUMENTATION);
  }
  return parsed.range() === "unicast";
}

/** The IPv4 address embedded in a NAT64 address (RFC 6052 section 2.1). */
function embeddedIpv4(address: ipaddr.IPv6): string {
  return address.toByteArray().slice(12).join(".");
}
