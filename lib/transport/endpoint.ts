/**
 * An endpoint is the address of a listener, written as a URL: `tcp://127.0.0.1:2324?idle=60`,
 * `unix:///run/partyline.sock`. This file parses and formats it, and neither opens nor looks up
 * anything.
 *
 * @module
 */

import { closestString } from "@std/text/closest-string";
import {
  EndpointError,
  readHostAndPort,
  readPath,
  readQuery,
  type Refuse,
} from "./endpoint_parts.ts";

export { EndpointError };

/** The schemes that have a transport. A new transport adds its own here. */
export const SCHEMES: readonly string[] = [
  "telnet",
  "tcp",
  "tls",
  "telnets",
  "ssh",
  "unix",
  "udp",
  "unixgram",
];

/** The schemes for HTTP instead of lines. */
export const WEB_SCHEMES: readonly string[] = ["http", "https"];

/** The schemes with a file for an address, and those that need a certificate. */
const PATH_SCHEMES: readonly string[] = ["unix", "unixgram"];
const TLS_SCHEMES: readonly string[] = ["tls", "telnets", "https"];

const SECURE_SCHEMES = new Map([["telnet", "telnets"], ["http", "https"]]);

/** An address to listen on, and how to treat peers that connect there. */
export interface Endpoint {
  /** One of the known schemes, in lower case. */
  readonly scheme: string;
  /** A host name, an IPv4 address, an IPv6 address without brackets, or "" with a path. */
  readonly hostname: string;
  /** 0 to 65535; 0 lets the system choose. Always 0 with a path. */
  readonly port: number;
  /** The socket file of `unix` and `unixgram`: absolute, decoded. */
  readonly path?: string;
  /** `cert` and `key` of `tls` and `telnets`: PEM files, as they were written. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** `host-key` of `ssh`: a private key, as it was written. Absent for the one in the data directory. */
  readonly hostKeyFile?: string;
  /**
   * `idle`: milliseconds of silence before the peer is disconnected; 0 means never. Absent leaves
   * it to the service.
   */
  readonly idleMs?: number;
  /** `max-line`: the longest line in bytes. Absent leaves it to the service. */
  readonly maxLineBytes?: number;
  /**
   * `allow`: the addresses that may connect, as they were written; absent for all. Never set with a
   * path.
   */
  readonly allow?: string;
  /** All other query options, unchecked; they are for the service. */
  readonly options: ReadonlyMap<string, string>;
}

const SHAPE = /^(?:([^:/?#]+):\/\/)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/s;

/**
 * Parses an endpoint such as `telnet://[::1]:2323?idle=600&max-line=4096`.
 *
 * @param schemes The schemes to accept.
 * @throws {EndpointError} (a `SyntaxError`) if `text` is not an endpoint.
 */
export function parseEndpoint(text: string, schemes: readonly string[] = SCHEMES): Endpoint {
  const [, rawScheme, authority = "", path = "", query = "", hash = ""] = SHAPE.exec(text) ?? [];
  const refuse: Refuse = (reason) => {
    throw new EndpointError(text, reason);
  };
  if (rawScheme === undefined) {
    return refuse(
      `scheme is missing; ${guess(text, schemes) ?? `write it as ${formOf(usual(schemes))}`}`,
    );
  }
  const scheme = rawScheme.toLowerCase();
  if (!schemes.includes(scheme)) {
    const nearest = closestString(scheme, schemes);
    return refuse(`scheme "${scheme}" is unknown; write it as ${formOf(nearest)}`);
  }
  const parts = { scheme, form: `write it as ${formOf(scheme)}`, authority, path, hash };
  const address = PATH_SCHEMES.includes(scheme)
    ? readPath(parts, refuse)
    : readHostAndPort(parts, refuse);
  const rest = readQuery(query, refuse);
  if (rest.allow !== undefined && PATH_SCHEMES.includes(scheme)) {
    refuse("allow is for addresses, and peers of a socket file have none; leave it out");
  }
  return {
    scheme,
    ...address,
    ...rest,
    ...takeCertificate(parts, rest.options, refuse),
    ...takeHostKey(scheme, rest.options, refuse),
  };
}

/** Formats the address of `endpoint` without its options: `tcp://127.0.0.1:2324`. */
export function formatEndpoint(
  endpoint: Pick<Endpoint, "scheme" | "hostname" | "port" | "path">,
): string {
  const { scheme, hostname, port, path } = endpoint;
  if (path !== undefined) return `${scheme}://${path.replace(/[%?#]/g, encodeURIComponent)}`;
  return `${scheme}://${formatHostAndPort(hostname, port)}`;
}

/** Formats `127.0.0.1:2324` or `[::1]:2324`. */
export function formatHostAndPort(hostname: string, port: number): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/**
 * An address as people know it: that of an IPv4 peer without the `::ffff:` that the system puts before
 * it at an IPv6 socket.
 */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/i, "");
}

/** Listening failed for a known reason. The message says what to do. */
export class ListenError extends Error {
  /** The part of the message after the colon, for a listener that is already open. */
  readonly reason: string;

  constructor(endpoint: Endpoint, reason: string) {
    super(`Cannot listen on ${formatEndpoint(endpoint)}: ${reason}`);
    this.reason = reason;
  }
}

/** The scheme to suggest. */
function usual(schemes: readonly string[]): string {
  return schemes.includes("tcp") ? "tcp" : schemes[0];
}

const NO_SCHEME = /^(?:([a-z]+):\/?)?(?::?\/\/)?(?:([\w.-]+|\[[\da-f:.]+\]):|:)?(\d{1,5})\/?$/i;

/** The probable meaning of an endpoint without a scheme: `21002`, `localhost:21002`, `/a/path`. */
function guess(text: string, schemes: readonly string[]): string | undefined {
  if (/^\/[^/?#]/.test(text) && schemes.includes("unix")) return `did you mean unix://${text}?`;
  const [, first = "", second, port] = NO_SCHEME.exec(text) ?? [];
  if (port === undefined) return undefined;
  const isScheme = schemes.includes(first.toLowerCase());
  const scheme = isScheme ? first.toLowerCase() : usual(schemes);
  const host = second ?? (isScheme || first === "" ? "127.0.0.1" : first);
  return `did you mean ${scheme}://${host}:${port}?`;
}

/** How an endpoint of this scheme is written. */
function formOf(scheme: string): string {
  if (PATH_SCHEMES.includes(scheme)) return `${scheme}:///PATH`;
  const query = TLS_SCHEMES.includes(scheme) ? "?cert=FILE,key=FILE" : "";
  return `${scheme}://HOST:PORT${query}`;
}

/** Takes `cert` and `key` out of the options. */
function takeCertificate(
  { scheme, form }: { readonly scheme: string; readonly form: string },
  options: Map<string, string>,
  refuse: Refuse,
): Pick<Endpoint, "certFile" | "keyFile"> {
  const files = (["cert", "key"] as const).map((name) => {
    const file = options.get(name);
    options.delete(name);
    if (!TLS_SCHEMES.includes(scheme)) {
      if (file === undefined) return undefined;
      const secure = SECURE_SCHEMES.get(scheme) ?? "tls";
      return refuse(`${name} is for TLS; leave it out, or write ${formOf(secure)}`);
    }
    return file || refuse(`${name} is missing; ${form}`);
  });
  return TLS_SCHEMES.includes(scheme) ? { certFile: files[0], keyFile: files[1] } : {};
}

/** Takes `host-key` out of the options. */
function takeHostKey(
  scheme: string,
  options: Map<string, string>,
  refuse: Refuse,
): Pick<Endpoint, "hostKeyFile"> {
  const file = options.get("host-key");
  options.delete("host-key");
  if (file === undefined) return {};
  if (scheme !== "ssh") refuse(`host-key is for SSH; leave it out, or write ssh://HOST:PORT`);
  return { hostKeyFile: file || refuse("host-key is empty; name a file, or leave it out") };
}
