/**
 * The head of an HTTP/1 request (RFC 9112), read strictly: what could be read in two ways is
 * refused, so that nobody in front of the server can have understood it otherwise.
 *
 * @module
 */

/** What stands before the body. */
export interface RequestHead {
  /** As it was sent: methods are in capitals. */
  readonly method: string;
  readonly url: URL;
  /** Names in any case; several lines of one name are joined by commas. */
  readonly headers: Headers;
  readonly isHttp10: boolean;
  /** Whether the client wants to go on after the answer. */
  readonly keepsAlive: boolean;
  /** Bytes of body that follow. */
  readonly contentLength: number;
}

/** A head that is none. The message is a sentence for whoever sent it. */
export class HttpHeadError extends Error {
  override readonly name = "HttpHeadError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const MOST_FIELDS = 100;
const NOT_A_REQUEST = "The first line is not an HTTP request.";
const LINE = /\r?\n/;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]+) ([\x21-\x7e]+) HTTP\/(\d)\.(\d)$/;
const FIELD = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;
/** Fields whose second value would contradict the first. */
const SINGLE = new Set(["host", "content-length", "authorization", "origin", "content-type"]);
const latin1 = new TextDecoder("latin1");

/**
 * Where the head that `bytes` begin with ends, after its empty line; -1 where that is missing.
 *
 * @param from Where to look; what is before has been looked at.
 */
export function findHeadEnd(bytes: Uint8Array, from = 0): number {
  for (let at = bytes.indexOf(0x0a, from); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2;
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3;
  }
  return -1;
}

/**
 * Refuses bytes that cannot begin a request, so that a peer that speaks another protocol is told
 * at once rather than when its time is up.
 *
 * @returns Whether the request line is complete, so that there is nothing left to look at.
 * @throws {HttpHeadError}
 */
export function checkRequestStart(bytes: Uint8Array): boolean {
  const text = latin1.decode(bytes);
  const end = text.indexOf("\n");
  if (end !== -1) parseRequestLine(text.slice(0, end).replace(/\r$/, ""));
  else if (!/^[\x20-\x7e]*\r?$/.test(text)) refuse(400, NOT_A_REQUEST);
  return end !== -1;
}

/**
 * Reads a head with its empty line.
 *
 * @param scheme `http` or `https`: that of the port.
 * @throws {HttpHeadError}
 */
export function parseHead(bytes: Uint8Array, scheme: string): RequestHead {
  const lines = latin1.decode(bytes).trimEnd().split(LINE);
  const { method, target, isHttp10 } = parseRequestLine(lines[0]);
  const headers = readFields(lines.slice(1));
  const connection = (headers.get("connection") ?? "").toLowerCase().split(/[ \t]*,[ \t]*/);
  if (!isHttp10 && !headers.has("host")) refuse(400, "The Host header is missing.");
  return {
    method,
    url: readTarget(target, headers.get("host") ?? "localhost", scheme),
    headers,
    isHttp10,
    keepsAlive: !isHttp10 && !connection.includes("close"),
    contentLength: readLength(headers),
  };
}

function parseRequestLine(line: string) {
  const [, method, target, major, minor] = REQUEST_LINE.exec(line) ?? refuse(400, NOT_A_REQUEST);
  if (major !== "1") refuse(505, `HTTP/${major}.${minor} is not supported. Use HTTP/1.1.`);
  return { method, target, isHttp10: minor === "0" };
}

function readFields(lines: readonly string[]): Headers {
  if (lines.length > MOST_FIELDS) refuse(431, `A request has up to ${MOST_FIELDS} header lines.`);
  const headers = new Headers();
  for (const line of lines) {
    const [, name, value] = FIELD.exec(line) ?? refuse(400, "A header line is none.");
    if (SINGLE.has(name.toLowerCase()) && headers.has(name)) {
      refuse(400, `There are two ${name} headers.`);
    }
    headers.append(name, value);
  }
  return headers;
}

/** A path, or a whole URL, which then says the host too (section 3.2.2). */
function readTarget(target: string, host: string, scheme: string): URL {
  const text = target.startsWith("/")
    ? `${scheme}://${host}${target}`
    : /^https?:\/\//i.test(target)
    ? target.replace(/^https?/i, scheme)
    : refuse(400, "A request names a path that begins with /.");
  // What a URL would take for a user, a path or another host is no Host (RFC 9110 section 7.2).
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(text)) {
    refuse(400, "The Host header or the path of the request is none.");
  }
  return new URL(text);
}

function readLength(headers: Headers): number {
  if (headers.has("transfer-encoding")) {
    refuse(411, "The length of the body has to be said in Content-Length.");
  }
  const text = headers.get("content-length") ?? "0";
  if (!/^\d{1,15}$/.test(text)) refuse(400, "The Content-Length is no number.");
  return Number(text);
}

function refuse(status: number, message: string): never {
  throw new HttpHeadError(status, message);
}
