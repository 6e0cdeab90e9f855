/**
 * Peers that speak HTTP or TLS to a port for lines: how to recognise them by their first bytes, and
 * an answer in a form that they understand.
 *
 * @module
 */

import type { ConnectionContext } from "../../context.ts";
import type { LineBatch } from "./framer.ts";

// A method is any token (RFC 9110 section 5.6.2), such as M-SEARCH. Nothing may follow the version:
// a line of an access log merely contains a request.
const HTTP_REQUEST = /^[\w!#$%&'*+.^`|~-]+[ \t]+\S+[ \t]+HTTP\/\d[\d.]*\s*$/i;
const CUT_HTTP_REQUEST = /^[\w!#$%&'*+.^`|~-]+[ \t]+(\/|https?:\/\/)\S*([ \t]+[HTP/\d.]*)?$/i;

/**
 * Whether a first line is an HTTP request line, in any form (RFC 9112 section 3).
 *
 * @param isCut Whether the end of the line is missing. A long target must not hide a request, or a
 * web page could make its visitors' browsers talk here.
 */
export function isHttpRequest(line: string, isCut = false): boolean {
  return HTTP_REQUEST.test(line) || (isCut && CUT_HTTP_REQUEST.test(line));
}

/**
 * The complete HTTP response to a request on a port for lines: a redirect to the web page, or 400.
 *
 * @param webUrl Where the web page is, if there is one.
 */
export function httpAnswer(webUrl?: string): string {
  // `curl --data-binary` shows nothing but the body.
  const body = "This is a Partyline port for telnet and nc, not a web server. " +
    "Your request was not stored.\n" + (webUrl ? `The web page is at ${webUrl}\n` : "");
  return [
    webUrl ? "HTTP/1.1 303 See Other" : "HTTP/1.1 400 Bad Request",
    ...(webUrl ? [`Location: ${webUrl}`] : []),
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${body.length}`,
    "Cache-Control: no-store",
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}

/**
 * The answer to a TLS client. The client cannot show it, but anybody who looks at the bytes can
 * read it.
 */
export const TLS_HINT = "! This port speaks plain text. Connect without TLS.\r\n";

/** The number of bytes that tell a TLS ClientHello from anything that a person would type. */
export const TLS_HELLO_BYTES = 3;

/**
 * How many of a connection's first bytes match a TLS ClientHello (RFC 8446 section 5.1: handshake
 * 0x16, version 3.0 to 3.4); {@linkcode TLS_HELLO_BYTES} of them leave no doubt.
 *
 * @param matched How many bytes before the chunk have matched.
 * @returns 0 if a byte does not match.
 */
export function matchTlsHello(chunk: Uint8Array, matched: number): number {
  for (const byte of chunk.subarray(0, TLS_HELLO_BYTES - matched)) {
    const fits = matched === 0 ? byte === 0x16 : matched === 1 ? byte === 0x03 : byte <= 0x04;
    if (!fits) return 0;
    matched++;
  }
  return matched;
}

/**
 * How to detect an HTTP request: by its request line; by a request line followed by header lines or
 * an empty line, because a log may begin with a request line; or not at all.
 */
export type HttpDetection = "request line" | "headers" | "none";

/** A peer that was sent away because it speaks another protocol. */
export interface RefusedPeer {
  /** As in `ByteConnection`. */
  readonly address: string;
  readonly context: ConnectionContext;
  readonly endpointOptions: ReadonlyMap<string, string>;
  /** How much it sent. */
  readonly bytes: number;
}

/** A header line (RFC 9112 section 5). */
const HEADER_LINE = /^[\w!#$%&'*+.^`|~-]+:/;

/** Whether lines are the header of a request, as far as they go. */
function areHeader(lines: readonly string[]): boolean {
  const end = lines.indexOf("");
  const header = end === -1 ? lines : lines.slice(0, end);
  return lines.length > 0 && header.every((line) => HEADER_LINE.test(line));
}

export interface WrongProtocolOptions {
  /** @default {"request line"} */
  readonly http?: HttpDetection;
  /** As in `SessionOptions`. */
  readonly webUrl?: string;
  /** The address of ours that the peer connected to; absent for a Unix socket. */
  readonly localAddress?: string;
  /** Takes the answer to a peer of another protocol. */
  readonly onDetected: (answer: Uint8Array) => void;
}

/** Watches the beginning of one connection. */
export class WrongProtocolDetector {
  readonly #options: WrongProtocolOptions;
  /** How much of a TLS hello has been seen; `undefined` once it is certain that there is none. */
  #tlsMatched: number | undefined = 0;

  constructor(options: WrongProtocolOptions) {
    this.#options = options;
  }

  /** Looks for TLS. Call this with every chunk; it does not change them. */
  inspect(chunk: Uint8Array): void {
    if (this.#tlsMatched === undefined) return;
    this.#tlsMatched = matchTlsHello(chunk, this.#tlsMatched) || undefined;
    if (this.#tlsMatched !== TLS_HELLO_BYTES) return;
    this.#tlsMatched = undefined;
    this.#options.onDetected(encoder.encode(TLS_HINT));
  }

  /**
   * Whether the first lines are for the service, because they are no HTTP request; `undefined` if
   * `second` is needed to tell.
   *
   * @param second The lines after those; empty if none come.
   */
  accepts({ lines, damage }: LineBatch, second?: LineBatch): boolean | undefined {
    const { http = "request line" } = this.#options;
    const [line, ...rest] = lines;
    if (http === "none" || !isHttpRequest(line, !!damage?.get(0)?.cutBytes)) return true;
    if (http === "headers") {
      const following = rest.length > 0 ? rest : second?.lines;
      if (!following) return undefined;
      if (!areHeader(following)) return true;
    }
    this.#options.onDetected(encoder.encode(httpAnswer(urlFor(this.#options))));
    return false;
  }
}

const encoder = new TextEncoder();

/** The web page's URL, with the peer's view of our address in place of "any address". */
function urlFor({ webUrl, localAddress = "127.0.0.1" }: WrongProtocolOptions): string | undefined {
  const host = localAddress.includes(":") ? `[${localAddress}]` : localAddress;
  return webUrl?.replace(/\/\/(0\.0\.0\.0|\[::\]):/, `//${host}:`);
}
