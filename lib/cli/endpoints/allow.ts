/**
 * The endpoint option `allow`: the addresses that an endpoint is open to.
 *
 * @module
 */

import { AddressList, AddressRangeError } from "../../domain/access/rules/address_range.ts";
import type { Endpoint } from "../../transport/endpoint.ts";

/** Whom an endpoint admits; nothing for everybody. */
export interface Allowed {
  readonly allow?: AddressList;
}

/** Parses the `allow` of an endpoint, or calls `refuse` with what is wrong. */
export function parseAllow({ allow }: Endpoint, refuse: (reason: string) => never): Allowed {
  if (allow === undefined) return {};
  try {
    return { allow: AddressList.parse(allow) };
  } catch (error) {
    if (error instanceof AddressRangeError) refuse(`allow=${error.text}: ${error.reason}`);
    throw error;
  }
}
