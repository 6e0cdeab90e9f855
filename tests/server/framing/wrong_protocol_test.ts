import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  httpAnswer,
  isHttpRequest,
  matchTlsHello,
} from "../../../lib/server/framing/wrong_protocol.ts";
import { TLS_HELLO_BYTES } from "../../../lib/server/framing/wrong_protocol.ts";

const encoder = new TextEncoder();

Deno.test("isHttpRequest() recognises requests of any method, case and form", () => {
  const requests = [
    "GET / HTTP/1.1",
    "get / http/1.1",
    "Post /say?x=1 Http/1.0",
    "HEAD /index.html HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "DELETE /rooms/lobby HTTP/2.0",
    "GET http://127.0.0.1:2323/ HTTP/1.1",
    "GET HTTPS://EXAMPLE.ORG/x HTTP/1.1",
    "CONNECT example.org:443 HTTP/1.1",
    "PROPFIND /dav HTTP/1.1",
    "M-SEARCH * HTTP/1.1",
    "VERSION-CONTROL /x HTTP/1.1",
    "X_1.2 / HTTP/1.1",
    "PRI * HTTP/2.0",
    "GET  /  HTTP/1.1",
    "GET\t/\tHTTP/1.1",
    "GET / HTTP/1.1 ",
  ];
  for (const line of requests) assert(isHttpRequest(line), line);
});

Deno.test("isHttpRequest() does not take names and talk for requests", () => {
  const lines = [
    "",
    "jack",
    "GET",
    "GET /",
    "get up",
    "HTTP/1.1",
    "http://example.org/",
    "/join lobby",
    "/msg ann GET / HTTP/1.1",
    "GET / HTTPS/1.1",
    "GET / HTTP/x",
    " GET / HTTP/1.1",
    "do you speak HTTP/1.1 at all",
    "the request was GET / HTTP/1.1",
    "GET / HTTP/1.1 200 512",
    "192.0.2.1 - - [21/Nov/2026:06:30:00 +0000] GET / HTTP/1.1",
  ];
  for (const line of lines) assertEquals(isHttpRequest(line), false, line);
});

Deno.test("isHttpRequest() recognises a request with a cut target", () => {
  const target = "a".repeat(4090);
  assert(isHttpRequest(`GET /${target}`, true));
  assert(isHttpRequest(`post http://127.0.0.1/${target}`, true));
  assert(isHttpRequest(`GET /${target} HTT`, true));

  assertEquals(isHttpRequest(`GET /${target}`), false);
  assertEquals(isHttpRequest(`jack ${target}`, true), false);
  assertEquals(isHttpRequest(`see /etc/hosts, ${target}`, true), false);
});

Deno.test("httpAnswer() is a complete refusal without a web page", () => {
  const [head, body] = httpAnswer().split("\r\n\r\n");
  assertEquals(head.split("\r\n"), [
    "HTTP/1.1 400 Bad Request",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${encoder.encode(body).length}`,
    "Cache-Control: no-store",
    "Connection: close",
  ]);
  assertEquals(
    body,
    "This is a Partyline port for telnet and nc, not a web server. Your request was not stored.\n",
  );
});

Deno.test("httpAnswer() redirects visitors to the web page", () => {
  const [head, body] = httpAnswer("http://127.0.0.1:8080/").split("\r\n\r\n");
  assertEquals(head.split("\r\n").slice(0, 2), [
    "HTTP/1.1 303 See Other",
    "Location: http://127.0.0.1:8080/",
  ]);
  assertMatch(head, new RegExp(`Content-Length: ${encoder.encode(body).length}\r\n`));
  // A peer that sent something, with `curl --data-binary` for example, should learn what happened
  // to it.
  assertEquals(
    body,
    "This is a Partyline port for telnet and nc, not a web server. Your request was not stored.\n" +
      "The web page is at http://127.0.0.1:8080/\n",
  );
});

/** The number of bytes matched after all of `chunks`. */
function matchAll(...chunks: readonly (readonly number[])[]): number {
  let matched = 0;
  for (const chunk of chunks) {
    matched = matchTlsHello(Uint8Array.from(chunk), matched);
    if (matched === 0) return 0;
  }
  return matched;
}

Deno.test("matchTlsHello() recognises a TLS hello in any pieces", () => {
  for (const minor of [0, 1, 2, 3, 4]) {
    const hello = [0x16, 0x03, minor, 0x02, 0x00, 0x01];
    assertEquals(matchAll(hello), TLS_HELLO_BYTES);
    for (let at = 1; at < hello.length; at++) {
      assertEquals(matchAll(hello.slice(0, at), hello.slice(at)), TLS_HELLO_BYTES);
    }
    assertEquals(matchAll(...hello.map((byte) => [byte])), TLS_HELLO_BYTES);
  }
});

Deno.test("matchTlsHello() is not certain before it has three bytes", () => {
  assertEquals(matchAll([0x16]), 1);
  assertEquals(matchAll([0x16, 0x03]), 2);
  assertEquals(matchAll([0x16], [0x03]), 2);
});

Deno.test("matchTlsHello() does not take anything else for a hello, in any pieces", () => {
  const others = [
    [...encoder.encode("jack\n")],
    [0xff, 0xfd, 0x01],
    [0x16, 0x0d, 0x0a],
    [0x16, 0x03, 0x05],
    [0x16, 0x03, 0x0a],
    [0x15, 0x03, 0x01],
    [0x03, 0x16, 0x03, 0x01],
  ];
  for (const bytes of others) {
    assertEquals(matchAll(bytes), 0, `${bytes}`);
    assertEquals(matchAll(...bytes.map((byte) => [byte])), 0, `${bytes}`);
  }
});
