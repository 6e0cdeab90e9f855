/**
 * Recognising those who came to the wrong door, browsers and TLS clients, by the first thing that
 * they say, and the answer that they understand.
 *
 * @module
 */

// A method is any token (RFC 9110 section 5.6.2), such as M-SEARCH. Nothing follows the version:
// a line of an access log only contains a request.
const HTTP_REQUEST = /^[\w!#$%&'*+.^`|~-]+[ \t]+\S+[ \t]+HTTP\/\d[\d.]*\s*$/i;
const CUT_HTTP_REQUEST = /^[\w!#$%&'*+.^`|~-]+[ \t]+(\/|https?:\/\/)\S*([ \t]+[HTP/\d.]*)?$/i;

/**
 * Whether a first line is that of an HTTP request, in any form (RFC 9112 section 3).
 *
 * @param isCut Whether the end of the line is missing: a long target must not hide a request, for
 * then a web page could make its visitors' browsers talk here.
 */
export function isHttpRequest(line: string, isCut = false): boolean {
  return HTTP_REQUEST.test(line) || (isCut && CUT_HTTP_REQUEST.test(line));
}

/**
 * The whole HTTP response for whoever asked a line port for a page.
 *
 * @param webUrl Where the web page is, if there is one.
 */
export function httpAnswer(webUrl?: string): string {
  // Of the answer to `curl --data-binary` this is all that is seen.
  const body = "This is a Partyline port for telnet and nc, not a web server. " +
    "Nothing of the request was kept.\n" + (webUrl ? `The web page is at ${webUrl}\n` : "");
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

/** What a TLS client is told; it cannot show it, but whoever looks at the bytes reads it. */
export const TLS_HINT = "! This port speaks plain text. Connect without TLS.\r\n";

/** So many bytes tell a TLS ClientHello from anything that a person would type. */
export const TLS_HELLO_BYTES = 3;

/**
 * How many of a connection's first bytes are those of a TLS ClientHello (RFC 8446 section 5.1:
 * handshake 0x16, version 3.0 to 3.4), given the next chunk and how many were before it; 0 once
 * one is not. {@linkcode TLS_HELLO_BYTES} is certainty.
 */
export function matchTlsHello(chunk: Uint8Array, matched: number): number {
  for (const byte of chunk.subarray(0, TLS_HELLO_BYTES - matched)) {
    const fits = matched === 0 ? byte === 0x16 : matched === 1 ? byte === 0x03 : byte <= 0x04;
    if (!fits) return 0;
    matched++;
  }
  return matched;
}
