import { assert, assertEquals, assertThrows } from "@std/assert";
import { concat } from "@std/bytes/concat";
import {
  checkRequestStart,
  findHeadEnd,
  HttpSyntaxError,
  parseHead,
} from "../../lib/codec/http_head.ts";
import { SeededRandom } from "../support/random.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, scheme = "http") => parseHead(encode(text), scheme);
const statusOf = (text: string) => assertThrows(() => parse(text), HttpSyntaxError).status;

Deno.test("parseHead() parses method, URL and headers", () => {
  const head = parse(
    "POST /api/rooms/a%20b?x=1&y HTTP/1.1\r\nHost: Chat.Example:8080\r\nContent-Length:  12 \r\n" +
      "X-Twice: one\r\nx-twice: two\r\nEmpty:\r\n\r\n",
    "https",
  );
  assertEquals(head.method, "POST");
  assertEquals(head.url.href, "https://chat.example:8080/api/rooms/a%20b?x=1&y");
  assertEquals(head.headers.get("X-Twice"), "one, two");
  assertEquals(head.headers.get("empty"), "");
  assertEquals([head.contentLength, head.isChunked], [12, false]);
  assertEquals([head.keepsAlive, head.isHttp10], [true, false]);
});

Deno.test("parseHead() accepts every byte above ASCII in a header, as one character", () => {
  const bytes = Uint8Array.from({ length: 0x80 }, (_, index) => 0x80 + index);
  const head = [encode("GET / HTTP/1.1\r\nHost: h\r\nX-User: "), bytes, encode("\r\n\r\n")];
  const { headers } = parseHead(concat(head), "http");
  assertEquals(Uint8Array.from(headers.get("x-user")!, (c) => c.charCodeAt(0)), bytes);
});

Deno.test("parseHead() recognises a chunked body", () => {
  const head = parse("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n");
  assertEquals([head.contentLength, head.isChunked], [0, true]);
});

Deno.test("parseHead() accepts bare LF as line end", () => {
  assertEquals(parse("GET / HTTP/1.1\nHost: h\n\n").url.href, "http://h/");
});

Deno.test("checkRequestStart() accepts every beginning of a request", () => {
  const line = "M-SEARCH /a?b=c HTTP/1.1\r\n";
  for (let length = 0; length <= line.length; length++) {
    assertEquals(checkRequestStart(encode(line.slice(0, length))), length === line.length);
  }
  assertEquals(checkRequestStart(encode("GET / HTTP/1.0\nHost: \x00")), true);
});

Deno.test("checkRequestStart() refuses other protocols at the first impossible byte", () => {
  const refuse = (bytes: Uint8Array) =>
    assertThrows(() => checkRequestStart(bytes), HttpSyntaxError).status;
  assertEquals(refuse(Uint8Array.of(0x16)), 400); // TLS
  assertEquals(refuse(Uint8Array.of(0xff, 0xfb)), 400); // telnet
  assertEquals(refuse(encode("GET /\x00")), 400);
  assertEquals(refuse(encode("GET\r ")), 400);
  assertEquals(refuse(encode("hello\n")), 400);
  assertEquals(refuse(encode("GET /\r\n")), 400); // HTTP/0.9
  assertEquals(refuse(encode("GET / HTTP/2.0\r\n")), 505);
});

Deno.test("parseHead() tells whether the connection is kept alive", () => {
  const keeps = (version: string, header: string) =>
    parse(`GET / HTTP/${version}\r\nHost: h\r\n${header}\r\n\r\n`).keepsAlive;
  assertEquals(keeps("1.1", "X: y"), true);
  assertEquals(keeps("1.1", "Connection: close"), false);
  assertEquals(keeps("1.1", "Connection: Upgrade, Close"), false);
  assertEquals(keeps("1.1", "Connection: closer"), true);
  assertEquals(keeps("1.0", "Connection: keep-alive"), false);
});

Deno.test("parseHead() never lets a path become a host", () => {
  for (const target of ["//evil.example/x", "/\\evil.example", "/@evil.example", "/.//evil"]) {
    assertEquals(parse(`GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`).url.host, "h", target);
  }
  for (const host of ["h/evil", "u@h", "h?x", "h#x", "", "h h", "[::1", "h:99999", "ü.example"]) {
    assertEquals(statusOf(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`), 400, host);
  }
});

Deno.test("parseHead() refuses ambiguous heads", () => {
  const withHeaders = (...lines: string[]) =>
    statusOf(["POST / HTTP/1.1", "Host: h", ...lines].join("\r\n") + "\r\n\r\n");
  assertEquals(withHeaders("Content-Length: 1", "Content-Length: 1"), 400);
  assertEquals(withHeaders("Content-Length: 1, 1"), 400);
  assertEquals(withHeaders("Content-Length: -1"), 400);
  assertEquals(withHeaders("Content-Length: 1e3"), 400);
  assertEquals(withHeaders("Content-Length: 0x10"), 400);
  assertEquals(withHeaders("Content-Length: 9999999999999999"), 400);
  assertEquals(withHeaders("Transfer-Encoding: chunked", "Content-Length: 4"), 400);
  assertEquals(withHeaders("Content-Length: 4", "Transfer-Encoding: chunked"), 400);
  assertEquals(withHeaders("Transfer-Encoding: chunked, chunked"), 400);
  assertEquals(withHeaders("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), 400);
  assertEquals(withHeaders("Transfer-Encoding: chunked, gzip"), 400);
  assertEquals(withHeaders("Transfer-Encoding: chunked", "Transfer-Encoding: identity"), 400);
  assertEquals(withHeaders("Transfer-Encoding: xchunked"), 400);
  assertEquals(withHeaders("Transfer-Encoding: identity"), 400);
  assertEquals(withHeaders("Transfer-Encoding:"), 400);
  assertEquals(withHeaders("Transfer-Encoding: \x0bchunked"), 400);
  assertEquals(withHeaders("Transfer-Encoding: chunked\x0b"), 400);
  assertEquals(withHeaders("Transfer-Encoding: chunked\xa0"), 400);
  assertEquals(withHeaders("Transfer-Encoding:", " chunked"), 400);
  assertEquals(withHeaders("Transfer-Encoding : chunked"), 400);
  assertEquals(withHeaders("Transfer-Encoding: gzip, chunked"), 501);
  assertEquals(
    statusOf("POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"),
    400,
  );
  assertEquals(withHeaders("X: a\nContent-Length: 4"), 400);
  assertEquals(statusOf("GET / HTTP/1.1\nHost: h\r\n\r\n"), 400);
  assertEquals(statusOf("GET / HTTP/1.1\r\nHost: h\n\r\n"), 400);
  assertEquals(statusOf("GET /x\nHost: h\r\nContent-Length: 5\r\n\r\nhello"), 400);
  assertEquals(withHeaders("Content-Length: 1", " 2"), 400);
  assertEquals(withHeaders("Authorization: a", "authorization: b"), 400);
  assertEquals(withHeaders("X: a\rb"), 400);
  assertEquals(withHeaders("no colon"), 400);
  assertEquals(withHeaders(": no name"), 400);
});

Deno.test("findHeadEnd() finds the empty line wherever the search starts", () => {
  const head = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  const bytes = encode(`${head}GET`);
  for (let from = 0; from <= head.length - 3; from++) {
    assertEquals(findHeadEnd(bytes, from), head.length, `${from}`);
  }
  assertEquals(findHeadEnd(encode("a\n\nb")), 3);
  for (let length = 0; length < head.length; length++) {
    assertEquals(findHeadEnd(encode(head.slice(0, length))), -1);
  }
});

Deno.test("parseHead() parses or refuses any bytes (seed 7)", () => {
  const random = new SeededRandom(7);
  const model = "GET /api/rooms/lobby?x=1 HTTP/1.1\r\nHost: localhost:80\r\nContent-Length: 5\r\n" +
    "Origin: http://localhost\r\nConnection: close\r\n\r\n";
  let refused = 0;
  for (let round = 0; round < 5000; round++) {
    const bytes = encode(model);
    for (let count = 1 + random.int(4); count > 0; count--) {
      bytes[random.int(bytes.length)] = random.pick([0, 10, 13, 32, 47, 58, 64, 91, 127, 128, 255]);
    }
    try {
      const { url, contentLength } = parseHead(bytes, "http");
      assert(url.protocol === "http:" && url.username === "" && contentLength >= 0);
    } catch (error) {
      if (!(error instanceof HttpSyntaxError)) throw error;
      assert([400, 431, 501, 505].includes(error.status), `${error.status}`);
      refused++;
    }
  }
  assert(refused > 500 && refused < 4800, `${refused}`);
});
