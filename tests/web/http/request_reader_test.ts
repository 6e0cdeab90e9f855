import { assertEquals } from "@std/assert";
import { assertRefused, lastProblem } from "../../support/last_problem.ts";
import { WebScene } from "../../support/web_scene.ts";

const GET = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
const OK = '{"status":"ok"}';

Deno.test("RequestReader accepts a URL as target, whose host replaces Host", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send("GET http://localhost/health HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  assertEquals((await peer.readResponse()).body, OK);
  await peer.send("GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assertEquals((await peer.readResponse()).status, 421);
});

Deno.test("RequestReader ignores empty lines before a request", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  for (const part of ["\r\n", "\r\n\r", "\n", GET]) await peer.send(part);
  assertEquals((await peer.readResponse()).body, OK);
  await peer.send("\r\n".repeat(8 * 1024) + GET);
  assertEquals((await lastProblem(peer)).status, 431);
});

for (
  const [what, request, status, code] of [
    ["a line that is not a request", "hello\r\n\r\n", 400, "bad-request"],
    ["a request of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "bad-request"],
    ["a request without Host", "GET / HTTP/1.1\r\n\r\n", 400, "bad-request"],
    [
      "a request with two Hosts",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      400,
      "bad-request",
    ],
    ["a Host with a user", "GET / HTTP/1.1\r\nHost: x@localhost\r\n\r\n", 400, "bad-request"],
    ["a space before a colon", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400, "bad-request"],
    ["a folded header line", "GET / HTTP/1.1\r\nHost: localhost\r\n x\r\n\r\n", 400, "bad-request"],
    [
      "a control character",
      "GET / HTTP/1.1\r\nHost: localhost\r\nX: \x00\r\n\r\n",
      400,
      "bad-request",
    ],
    [
      "a target that is not a path",
      "GET foo HTTP/1.1\r\nHost: localhost\r\n\r\n",
      400,
      "bad-request",
    ],
    [
      "101 header lines",
      `GET / HTTP/1.1\r\n${"X: y\r\n".repeat(101)}\r\n`,
      431,
      "bad-request",
    ],
    ["a head of 17 KiB", `GET / HTTP/1.1\r\nX: ${"y".repeat(17000)}\r\n\r\n`, 431, "too-large"],
    ["a head that does not end", "GET / HTTP/1.1\r\nX: y".padEnd(17000, "y"), 431, "too-large"],
    [
      "a chunked body that is too long",
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n",
      413,
      "too-large",
    ],
    [
      "a malformed chunk",
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\nab\n0\n\n",
      400,
      "bad-request",
    ],
    [
      "Transfer-Encoding together with Content-Length",
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n" +
      "\r\n0\r\n\r\n" + GET,
      400,
      "bad-request",
    ],
    [
      "a transfer coding other than chunked",
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      501,
      "bad-request",
    ],
    [
      "an expectation other than 100-continue",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: cake\r\n\r\n",
      417,
      "wrong-expectation",
    ],
    [
      "Expect: 100-continue for another host",
      "POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 4\r\n" +
      "Expect: 100-continue\r\n\r\n",
      421,
      "wrong-host",
    ],
    [
      "Expect: 100-continue from another page",
      "POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n" +
      "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n",
      403,
      "wrong-origin",
    ],
    [
      "Expect: 100-continue for a body that is too long",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 66000\r\n" +
      "Expect: 100-continue\r\n\r\n",
      413,
      "too-large",
    ],
    [
      "two Content-Lengths",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
      400,
      "bad-request",
    ],
    [
      "a malformed Content-Length",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\nx",
      400,
      "bad-request",
    ],
    [
      "a body of 65 KiB",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 66000\r\n\r\n",
      413,
      "too-large",
    ],
    [
      "an unknown method",
      "BREW /pot HTTP/1.1\r\nHost: localhost\r\n\r\n",
      405,
      "wrong-method",
    ],
    ["CONNECT", "CONNECT /x HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, "wrong-method"],
  ] as const
) {
  Deno.test(`RequestReader refuses ${what} with a problem, and closes`, async () => {
    await assertRefused(request, status, code);
  });
}

for (
  const [what, bytes] of [
    ["telnet negotiation", Uint8Array.of(0xff, 0xfb, 0x1f, 0xff, 0xfb, 0x18)],
    ["binary garbage", Uint8Array.of(0, 1, 2, 3)],
    ["an SSH hello", new TextEncoder().encode("SSH-2.0-OpenSSH_9.9\r\n")],
    ["a chat line", new TextEncoder().encode("hello\n")],
  ] as const
) {
  Deno.test(`RequestReader refuses ${what} at once, without waiting for a head`, async () => {
    await using scene = new WebScene();
    using peer = await scene.connect();
    await peer.send(bytes);
    const { status, code, detail } = await lastProblem(peer);
    assertEquals([status, code], [400, "bad-request"]);
    assertEquals(detail, "The first line is not an HTTP request.");
  });
}

Deno.test("RequestReader answers a TLS hello with a hint in plain text at once", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send(Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01));
  assertEquals(await peer.readAll(), "! This port speaks plain text. Connect without TLS.\r\n");
});

Deno.test("RequestReader answers Expect: 100-continue", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send(
    "POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
  );
  assertEquals(await peer.readUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  await peer.send("hi");
  assertEquals((await peer.readResponse()).status, 405);
});

Deno.test("RequestReader sends no 100 for a body that is empty or arriving, or to HTTP/1.0", async () => {
  await using scene = new WebScene();
  for (
    const request of [
      "POST /x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
      "POST /x HTTP/1.0\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
      "POST /x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\r\n",
    ]
  ) {
    using peer = await scene.connect();
    await peer.send(request);
    assertEquals((await peer.readResponse()).status, 404, request);
  }
});

Deno.test("RequestReader reads a chunked body and the next request after it", async () => {
  await using scene = new WebScene({ postToken: "secret-token" });
  using peer = await scene.connect();
  const head = "POST /api/rooms/ops/messages?kind=log HTTP/1.1\r\nHost: localhost\r\n" +
    "Authorization: Bearer secret-token\r\nContent-Type: text/plain\r\n" +
    "Transfer-Encoding: chunked\r\n\r\n";
  const body = "4;ext=1\r\none\n\r\n3\r\ntwo\r\n0\r\nTrailer: x\r\n\r\n";
  for (const part of [head + body + GET, head, ...body, GET.slice(0, 5), GET.slice(5)]) {
    await peer.send(part);
  }
  for (let count = 0; count < 2; count++) {
    const { status, body } = await peer.readResponse();
    const { events } = JSON.parse(body);
    assertEquals([status, events.map(({ body }: { body: string }) => body)], [201, ["one", "two"]]);
    assertEquals((await peer.readResponse()).body, OK);
  }
  await peer.send(
    head.replace("ops", "a%2Fb") + "0\r\n\r\n" + head.replace("?", "/x?") + body + GET,
  );
  assertEquals((await peer.readResponse()).status, 400);
  assertEquals((await peer.readResponse()).status, 404);
  assertEquals((await peer.readResponse()).body, OK);
});
