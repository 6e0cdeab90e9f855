/**
 * Why a listener could not be opened, for the person who asked for it.
 *
 * @module
 */

import { type Endpoint, formatEndpoint } from "./endpoint.ts";

/** Where listening is refused for a reason that we know: the message says what to do. */
export class ListenError extends Error {
  /** The part of the message after the colon, for one who listens already. */
  readonly reason: string;

  constructor(endpoint: Endpoint, reason: string) {
    super(`Cannot listen on ${formatEndpoint(endpoint)}: ${reason}`);
    this.reason = reason;
  }
}
