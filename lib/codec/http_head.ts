/**
 * The head of an HTTP/1 request (RFC 9112), parsed strictly: a head that two parsers could read in
 * two ways is refused, so that no proxy in front of the server can have understood it differently.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** The request line and the header fields. */
export interface RequestHead {
  /** As sent; methods are case-sensitive. */
  readonly method: string;
  readonly url: URL;
  /** Several lines with the same name are joined by commas. */
  readonly headers: Headers;
  readonly isHttp10: boolean;
  /** Whether the client wants to send another request after the response. */
  readonly keepsAlive: boolean;
  /** Bytes of the body that follows; 0 if {@linkcode RequestHead.isChunked}. */
  readonly contentLength: number;
  /** Whether the body comes in chunks (section 7.1). */
  readonly isChunked: boolean;
}

/** A request that breaks HTTP/1.1. The message is a sentence for its sender. */
export class HttpSyntaxError extends Error {
  override readonly name = "HttpSyntaxError";
  /** The status to answer with. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Most header lines of a request, and most trailer lines of a body. */
export const MAX_FIELD_LINES = 100;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]+) ([\x21-\x7e]+) HTTP\/(\d)\.(\d)$/;
const FIELD = /^([!#$%&'*+.^_`|~\w-]+):([\t\x20-\x7e\x80-\xff]*)$/;
const NOT_A_REQUEST = "The first line is not an HTTP request.";
/** Fields for which a second value would contradict the first. */
const SINGLE = new Set(["host", "content-length", "authorization", "origin", "content-type"]);

/**
 * The index just after the empty line that ends the head at the start of `bytes`, or -1 if that
 * line is not there yet.
 *
 * @param from Where to start looking; everything before has been searched already.
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
 * @returns Whether the request line is complete, so that there is nothing left to check.
 * @throws {HttpSyntaxError}
 */
export function checkRequestStart(bytes: Uint8Array): boolean {
  const text = latin1(bytes);
  const end = text.indexOf("\n");
  if (end !== -1) parseRequestLine(text.slice(0, end).replace(/\r$/, ""));
  else if (!/^[\x20-\x7e]*\r?$/.test(text)) refuse(400, NOT_A_REQUEST);
  return end !== -1;
}

/**
 * Parses a head including its empty line.
 *
 * @param scheme `http` or `https`, as spoken on the port.
 * @throws {HttpSyntaxError}
 */
export function parseHead(bytes: Uint8Array, scheme: string): RequestHead {
  const [requestLine, ...fieldLines] = splitLines(latin1(bytes));
  const { method, target, isHttp10 } = parseRequestLine(requestLine);
  const headers = parseFields(fieldLines);
  const connection = listItems(headers.get("connection") ?? "");
  if (!isHttp10 && !headers.has("host")) refuse(400, "The Host header is missing.");
  const isChunked = parseTransferEncoding(headers, isHttp10);
  return {
    method,
    url: parseTarget(target, headers.get("host") ?? "localhost", scheme),
    headers,
    isHttp10,
    keepsAlive: !isHttp10 && !connection.includes("close"),
    contentLength: parseContentLength(headers),
    isChunked,
  };
}

/** One character for each byte. A `TextDecoder` would take latin1 for Windows-1252. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Checks a line of the header or trailer section (section 5), and returns its name and value. */
export function parseField(line: string): readonly [name: string, value: string] {
  const [, name, value] = FIELD.exec(line) ?? refuse(400, "Malformed header line.");
  return [name, withoutBlanks(value)];
}

/** The items of a list (RFC 9110 section 5.6.1), in lower case. */
function listItems(value: string): string[] {
  return value.toLowerCase().split(",").map(withoutBlanks);
}

/** Removes optional whitespace (RFC 9110 section 5.6.3) at both ends, in linear time. */
function withoutBlanks(text: string): string {
  const isBlank = (at: number) => text[at] === " " || text[at] === "\t";
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(start)) start++;
  while (start < end && isBlank(end - 1)) end--;
  return text.slice(start, end);
}

/**
 * Lines may end in CRLF or, as people type them, in LF (section 2.2). A head that mixes the two
 * is refused: a parser that takes only CRLF would see other lines in it.
 */
function splitLines(head: string): string[] {
  const isMixed = head.includes("\r\n") && /(^|[^\r])\n/.test(head);
  if (isMixed) refuse(400, "Some lines of the header end in CRLF and some in LF.");
  return head.replace(/\r?\n\r?\n$/, "").split(/\r?\n/);
}

function parseRequestLine(line: string) {
  const [, method, target, major, minor] = REQUEST_LINE.exec(line) ?? refuse(400, NOT_A_REQUEST);
  if (major !== "1") refuse(505, `HTTP/${major}.${minor} is not supported. Use HTTP/1.1.`);
  return { method, target, isHttp10: minor === "0" };
}

function parseFields(lines: readonly string[]): Headers {
  if (lines.length > MAX_FIELD_LINES) {
    refuse(431, `A request may have up to ${MAX_FIELD_LINES} header lines.`);
  }
  const headers = new Headers();
  for (const line of lines) {
    const [name, value] = parseField(line);
    if (SINGLE.has(name.toLowerCase()) && headers.has(name)) {
      refuse(400, `There are two ${name} headers.`);
    }
    headers.append(name, value);
  }
  return headers;
}

/** The target is a path or a whole URL; the URL's host then replaces Host (section 3.2.2). */
function parseTarget(target: string, host: string, scheme: string): URL {
  const text = target.startsWith("/")
    ? `${scheme}://${host}${target}`
    : /^https?:\/\//i.test(target)
    ? target.replace(/^https?/i, scheme)
    : refuse(400, "The path of a request begins with /.");
  // Characters that would make a URL see user info, a path or another host (RFC 9110 section 7.2).
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(text)) {
    refuse(400, "Malformed Host header or path.");
  }
  return new URL(text);
}

/** Whether the body is chunked. Every sign of request smuggling is refused (section 6.1). */
function parseTransferEncoding(headers: Headers, isHttp10: boolean): boolean {
  const value = headers.get("transfer-encoding");
  if (value === null) return false;
  const codings = listItems(value);
  if (isHttp10) refuse(400, "HTTP/1.0 has no Transfer-Encoding.");
  if (headers.has("content-length")) {
    refuse(400, "A request has either Transfer-Encoding or Content-Length, not both.");
  }
  if (codings.indexOf("chunked") !== codings.length - 1) {
    refuse(400, "The last transfer coding must be chunked, and only the last.");
  }
  if (codings.length > 1) refuse(501, "The only transfer coding supported is chunked.");
  return true;
}

function parseContentLength(headers: Headers): number {
  const text = headers.get("content-length") ?? "0";
  if (!/^\d{1,15}$/.test(text)) refuse(400, "Content-Length is not a number.");
  return Number(text);
}

function refuse(status: number, message: string): never {
  throw new HttpSyntaxError(status, message);
}
