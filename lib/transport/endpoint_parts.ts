/**
 * The parts of an endpoint: host and port, path, query. Each function checks what it reads, and
 * refuses anything else with a sentence that says how to write it.
 *
 * @module
 */

/** The text is not an endpoint. The message is one sentence that says how to write it. */
export class EndpointError extends SyntaxError {
  /** The part of the message after the colon, for a caller that names the text in another way. */
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(`Cannot parse endpoint ${JSON.stringify(text)}: ${reason}`);
    this.reason = reason;
  }
}

/** Throws the {@linkcode EndpointError} for the text at hand. */
export type Refuse = (reason: string) => never;

/** The text of an endpoint, split, and the form of an endpoint of its scheme. */
export interface EndpointParts {
  readonly scheme: string;
  readonly form: string;
  readonly authority: string;
  readonly path: string;
  readonly hash: string;
}

/** Timers hold 31 bits of milliseconds and fire at once beyond that. */
const MAX_IDLE_SECONDS = 2_147_483;

/**
 * A socket address holds 108 bytes, including a NUL at the end. The rest is for the longer,
 * temporary name beside it.
 */
const MAX_PATH_BYTES = 100;

/** Reads `HOST:PORT` or `[ADDRESS]:PORT`. */
export function readHostAndPort(
  { scheme, form, authority, path, hash }: EndpointParts,
  refuse: Refuse,
) {
  const rest = (path === "/" ? "" : path) + hash;
  if (rest !== "") refuse(`"${rest}" may not follow the port; ${form}`);
  const { hostname, port } = splitAuthority(authority, scheme, refuse);
  if (hostname === "") refuse(`host is missing; ${form}`);
  if (port === "" && isWholeNumber(hostname, 0, 65_535)) {
    refuse(`host is missing; did you mean ${scheme}://127.0.0.1:${hostname}?`);
  }
  if (port === "") refuse(`port is missing; ${form}`);
  if (!isHost(hostname)) refuse(`host "${hostname}" is neither a name nor an address; ${form}`);
  if (!isWholeNumber(port, 0, 65_535)) {
    refuse(`port "${port}" is not a number from 0 to 65535; ${form}`);
  }
  return { hostname, port: Number(port) };
}

/** Reads `/PATH`, in which `%3F`, `%23` and `%25` stand for `?`, `#` and `%`. */
export function readPath({ form, authority, path, hash }: EndpointParts, refuse: Refuse) {
  if (authority !== "") refuse(`the path does not begin with "/"; ${form}`);
  if (hash !== "") refuse(`"${hash}" may not follow the path; write "#" in a path as %23`);
  if (path === "" || path === "/") refuse(`path is missing; ${form}`);
  const decoded = decodePath(path) ??
    refuse(`path "${path}" has an invalid escape; write "%" as %25`);
  if (decoded.endsWith("/")) refuse(`path "${decoded}" names a directory, not a file; ${form}`);
  // deno-lint-ignore no-control-regex -- NUL would end the path for the system, and \n a log line
  if (/[\x00-\x1f\x7f]/.test(decoded)) refuse(`path has a control character in it; ${form}`);
  const { length } = new TextEncoder().encode(decoded);
  if (length > MAX_PATH_BYTES) {
    refuse(`path has ${length} bytes, a socket's at most ${MAX_PATH_BYTES}; choose a shorter one`);
  }
  return { hostname: "", port: 0, path: decoded };
}

/** Reads the query: the options that all endpoints have, and the others unchecked. */
export function readQuery(query: string, refuse: Refuse) {
  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query.replace(/,(?=[\w-]+=)/g, "&"))) {
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
  const allow = options.get("allow");
  options.delete("allow");
  return {
    ...(allow === undefined ? {} : { allow }),
    ...(idle === undefined ? {} : { idleMs: idle * 1000 }),
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
    options,
  };
}

function splitAuthority(authority: string, scheme: string, refuse: Refuse) {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(authority);
  const [, hostname = "", port = ""] = bracketed ?? /^([^:]*):?([^:]*)$/s.exec(authority) ??
    refuse(`an IPv6 address needs brackets; write it as ${scheme}://[ADDRESS]:PORT`);
  if (bracketed && !(hostname.includes(":") && URL.canParse(`http://[${hostname}]`))) {
    refuse(`"${hostname}" is not an IPv6 address; write it as ${scheme}://[ADDRESS]:PORT`);
  }
  return { hostname, port };
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
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
