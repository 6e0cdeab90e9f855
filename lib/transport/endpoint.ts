/**
 * An endpoint is where a listener listens, written as a URL: `tcp://127.0.0.1:2324?idle=60`.
 * Text in, a checked record out, and back; nothing is opened or looked up here.
 *
 * @module
 */

import { closestString } from "@std/text/closest-string";

/** The schemes that have a transport. A new transport adds its own here. */
export const SCHEMES: readonly string[] = ["telnet", "tcp"];

/** Where to listen, and how to treat those who connect there. */
export interface Endpoint {
  /** One of the known schemes, in lower case. */
  readonly scheme: string;
  /** A host name, an IPv4 address, or an IPv6 address without its brackets. */
  readonly hostname: string;
  /** 0 to 65535; 0 lets the system choose. */
  readonly port: number;
  /** `idle`: milliseconds of silence before goodbye; 0 is never, absent is the service's choice. */
  readonly idleMs?: number;
  /** `max-line`: the longest line in bytes; absent is the service's choice. */
  readonly maxLineBytes?: number;
  /** Every other query option, unchecked: the service knows what they mean. */
  readonly options: ReadonlyMap<string, string>;
}

/** Text that is no endpoint. The message is one sentence that says how to write it. */
export class EndpointError extends SyntaxError {
  /** The part of the message after the colon, for a caller that names the text in its own way. */
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(`Cannot parse endpoint ${JSON.stringify(text)}: ${reason}`);
    this.reason = reason;
  }
}

/** Timers hold 31 bits of milliseconds and fire at once beyond that, so no longer idle exists. */
const MAX_IDLE_SECONDS = 2_147_483;

const SHAPE = /^(?:([^:/?#]+):\/\/)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/s;

/**
 * Parses an endpoint such as `telnet://[::1]:2323?idle=600&max-line=4096`.
 *
 * @param text The endpoint as a person wrote it.
 * @param schemes The schemes to accept.
 * @throws {EndpointError} (a `SyntaxError`) where `text` is no endpoint.
 */
export function parseEndpoint(text: string, schemes: readonly string[] = SCHEMES): Endpoint {
  const [, rawScheme, authority = "", path = "", query = "", hash = ""] = SHAPE.exec(text) ?? [];
  const refuse = (reason: string): never => {
    throw new EndpointError(text, reason);
  };
  if (rawScheme === undefined) return refuse("scheme is missing; write it as tcp://HOST:PORT");
  const scheme = rawScheme.toLowerCase();
  if (!schemes.includes(scheme)) {
    const nearest = closestString(scheme, schemes);
    return refuse(`scheme "${scheme}" is unknown; write it as ${nearest}://HOST:PORT`);
  }
  const form = `write it as ${scheme}://HOST:PORT`;
  const rest = (path === "/" ? "" : path) + hash;
  if (rest !== "") refuse(`"${rest}" may not follow the port; ${form}`);

  const { hostname, port } = splitAuthority(authority, scheme, refuse);
  if (hostname === "") refuse(`host is missing; ${form}`);
  if (port === "") refuse(`port is missing; ${form}`);
  if (!isHost(hostname)) refuse(`host "${hostname}" is neither a name nor an address; ${form}`);
  if (!isWholeNumber(port, 0, 65_535)) {
    refuse(`port "${port}" is not a number from 0 to 65535; ${form}`);
  }
  return { scheme, hostname, port: Number(port), ...readQuery(query, refuse) };
}

/** Writes the address of `endpoint`, without its options: `tcp://127.0.0.1:2324`. */
export function formatEndpoint(endpoint: Pick<Endpoint, "scheme" | "hostname" | "port">): string {
  const { scheme, hostname, port } = endpoint;
  return `${scheme}://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

type Refuse = (reason: string) => never;

function splitAuthority(authority: string, scheme: string, refuse: Refuse) {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(authority);
  const [, hostname = "", port = ""] = bracketed ?? /^([^:]*):?([^:]*)$/s.exec(authority) ??
    refuse(`an IPv6 address needs brackets; write it as ${scheme}://[ADDRESS]:PORT`);
  if (bracketed && !(hostname.includes(":") && URL.canParse(`http://[${hostname}]`))) {
    refuse(`"${hostname}" is not an IPv6 address; write it as ${scheme}://[ADDRESS]:PORT`);
  }
  return { hostname, port };
}

function readQuery(query: string, refuse: Refuse) {
  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (options.has(name)) refuse(`${name} is given twice; leave one of them`);
    options.set(name, value);
  }
  const take = (name: string, min: number, max: number, advice: string): number | undefined => {
    const value = options.get(name);
    options.delete(name);
    if (value === undefined) return undefined;
    return isWholeNumber(value, min, max)
      ? Number(value)
      : refuse(`${name} is "${value}"; write a whole number of ${advice}`);
  };
  const idle = take("idle", 0, MAX_IDLE_SECONDS, `seconds up to ${MAX_IDLE_SECONDS}, 0 for never`);
  const maxLineBytes = take("max-line", 64, 1_048_576, "bytes from 64 to 1048576");
  return {
    ...(idle === undefined ? {} : { idleMs: idle * 1000 }),
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
    options,
  };
}

/** Whether `host` can be listened on: `::1`, `127.0.0.1`, `chat.example.org`. */
function isHost(host: string): boolean {
  if (host.includes(":")) return true; // An IPv6 address, checked where its brackets came off.
  if (!/^[\d.]+$/.test(host)) return /^[\w-]+(\.[\w-]+)*$/.test(host);
  const parts = host.split(".");
  return parts.length === 4 && parts.every((part) => isWholeNumber(part, 0, 255));
}

/** Strict decimal: no sign, no exponent, no leading zero that might mean octal. */
function isWholeNumber(text: string, min: number, max: number): boolean {
  return /^(0|[1-9]\d*)$/.test(text) && Number(text) >= min && Number(text) <= max;
}
