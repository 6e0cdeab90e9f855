/**
 * Parses an endpoint for HTTP: that of the web page, or that of the metrics.
 *
 * @module
 */

import {
  type Endpoint,
  EndpointError,
  parseEndpoint,
  WEB_SCHEMES,
} from "../../transport/endpoint.ts";
import type { Resolved } from "../options/option.ts";
import { cannotParse } from "../options/usage_error.ts";
import { type Allowed, parseAllow } from "./allow.ts";

/** Where HTTP is served. */
export interface HttpEndpoint extends Allowed {
  readonly endpoint: Endpoint;
}

/**
 * @param what Is served there, as the subject of a sentence.
 * @throws {UsageError} for anything invalid.
 */
export function parseHttpEndpoint({ value, origin }: Resolved<string>, what: string): HttpEndpoint {
  const refuse = (advice: string): never => {
    throw cannotParse(origin, JSON.stringify(value), advice);
  };
  try {
    const endpoint = parseEndpoint(value, WEB_SCHEMES);
    const [option] = [
      ...endpoint.options.keys(),
      ...(endpoint.idleMs === undefined ? [] : ["idle"]),
      ...(endpoint.maxLineBytes === undefined ? [] : ["max-line"]),
    ];
    if (option !== undefined) return refuse(`${what} has no option ${option}; use allow`);
    return { endpoint, ...parseAllow(endpoint, refuse) };
  } catch (error) {
    if (error instanceof EndpointError) return refuse(error.reason);
    throw error;
  }
}
