/**
 * The endpoint option `allow`: the addresses that an endpoint is open to.
 *
 * @module
 */

import { AddressList, AddressRange, AddressRangeError } from "../domain/access/address_range.ts";
import type { Endpoint } from "../transport/endpoint.ts";

/** Whom an endpoint admits; nothing for everybody. */
export interface Allowed {
  readonly allow?: AddressList;
}

/** Parses the `allow` of an endpoint, or calls `refuse` with what is wrong. */
export function parseAllow({ allow }: Endpoint, refuse: (reason: string) => never): Allowed {
  if (allow === undefined) return {};
  const ranges = allow.split(",").map((text) => {
    try {
      return AddressRange.parse(text.trim());
    } catch (error) {
      if (error instanceof AddressRangeError) refuse(`allow=${text.trim()}: ${error.reason}`);
      throw error;
    }
  });
  return { allow: new AddressList(ranges) };
}
