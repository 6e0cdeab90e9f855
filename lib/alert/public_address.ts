/**
 * Whether an address is of the public internet. Whoever may name a webhook is not to reach what
 * only this machine can: services on loopback, in the local network, or a cloud's metadata.
 *
 * @module
 */

import ipaddr from "ipaddr.js";

/** What is allocated of IPv6 (RFC 4291 section 2.4); all else is for special purposes. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");
/** Documentation (RFC 9637), which the library does not know. */
const DOCUMENTATION = ipaddr.IPv6.parseCIDR("3fff::/20");

/** @param address An IPv4 or IPv6 address; anything else is not public. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // IPv4 in IPv6 is judged as what it stands for.
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6) {
    if (parsed.range() === "rfc6052") return isPublicAddress(embeddedIpv4(parsed));
    return parsed.range() === "unicast" && parsed.match(GLOBAL_UNICAST) &&
      !parsed.match(DOCUMENTATION);
  }
  return parsed.range() === "unicast";
}

/** The IPv4 address at the end of one of NAT64 (RFC 6052 section 2.1). */
function embeddedIpv4(address: ipaddr.IPv6): string {
  return address.toByteArray().slice(12).join(".");
}
