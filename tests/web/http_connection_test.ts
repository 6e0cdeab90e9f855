import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { currentConnection } from "../../lib/context.ts";
import type { RawPeer } from "../support/raw_peer.ts";
import { upgradeRequest } from "../support/raw_peer.ts";
import { draftOf } from "../support/room_events.ts";
import { WebScene } from "../support/web_scene.ts";

const GET = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
const OK = '{"status":"ok"}';

/** Reads a problem, and expects the connection to end after it. */
async function lastProblem(peer: RawPeer) {
  const { status, head, body } = await peer.readResponse();
  assertStringIncludes(head, "content-type: application/problem+json\r\n");
  assertStringIncludes(head, "Connection: close\r\n");
  assertEquals(await peer.readAll(), "");
  const problem = JSON.parse(body);
  assertEquals([problem.type, problem.status], ["about:blank", status]);
  return problem;
}

Deno.test("HttpConnection answers requests in order, wherever the bytes are cut", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  for (const char of GET) await peer.send(char);
  assertEquals((await peer.readResponse()).body, OK);
  await peer.send(GET + GET + GET.slice(0, 20));
  assertEquals((await peer.readResponse()).body, OK);
  assertEquals((await peer.readResponse()).body, OK);
  await peer.send(GET.slice(20));
  assertEquals((await peer.readResponse()).body, OK);
});

Deno.test("HttpConnection answers HEAD without a body, and a client that half-closes", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send(GET.replace("GET", "HEAD") + GET);
  await peer.readUntil("\r\n\r\n");
  assertEquals((await peer.readResponse()).body, OK);
  await peer.send(GET);
  await peer.endWriting();
  assertEquals((await peer.readResponse()).body, OK);
  assertEquals(await peer.readAll(), "");
});

Deno.test("HttpConnection answers HTTP/1.0 without chunks, and closes", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send("GET /health HTTP/1.0\r\n\r\n");
  const answer = await peer.readAll();
  assertEquals(answer.split("\r\n\r\n")[1], OK);
  assert(!/chunked/i.test(answer));
});

Deno.test("HttpConnection accepts a URL as target, whose host replaces Host", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send("GET http://localhost/health HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  assertEquals((await peer.readResponse()).body, OK);
  await peer.send("GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assertEquals((await peer.readResponse()).status, 421);
});

Deno.test("HttpConnection ignores empty lines before a request", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  for (const part of ["\r\n", "\r\n\r", "\n", GET]) await peer.send(part);
  assertEquals((await peer.readResponse()).body, OK);
  await peer.send("\r\n".repeat(8 * 1024) + GET);
  assertEquals((await lastProblem(peer)).status, 431);
});

Deno.test("HttpConnection closes after the response to Connection: close", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send(GET.replace("Host", "Connection: close\r\nHost") + GET);
  const answer = await peer.readAll();
  assertEquals(answer.split("HTTP/1.1 200").length, 2);
  assertStringIncludes(answer, "Connection: close\r\n");
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
    ["a WebSocket on another path", upgradeRequest().replace("/ws", "/"), 404, "no-such-page"],
    ["a WebSocket of another version", upgradeRequest().replace("13", "8"), 426, "not-a-websocket"],
    ["a WebSocket without a key", upgradeRequest().replace("dGhl", ""), 426, "not-a-websocket"],
    ["a WebSocket by POST", upgradeRequest().replace("GET", "POST"), 426, "not-a-websocket"],
    ["a WebSocket for another host", upgradeRequest("", "evil.example"), 421, "wrong-host"],
    [
      "a WebSocket from another page",
      upgradeRequest("Origin: https://evil.example\r\n"),
      403,
      "wrong-origin",
    ],
    [
      "a WebSocket from a page without origin",
      upgradeRequest("Origin: null\r\n"),
      403,
      "wrong-origin",
    ],
  ] as const
) {
  Deno.test(`HttpConnection refuses ${what} with a problem, and closes`, async () => {
    await using scene = new WebScene();
    using peer = await scene.connect();
    await peer.send(request);
    const problem = await lastProblem(peer);
    assertEquals([problem.status, problem.code], [status, code]);
    assertMatch(problem.detail, /^[A-Z].*\.$/);
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
  Deno.test(`HttpConnection refuses ${what} at once, without waiting for a head`, async () => {
    await using scene = new WebScene();
    using peer = await scene.connect();
    await peer.send(bytes);
    const { status, code, detail } = await lastProblem(peer);
    assertEquals([status, code], [400, "bad-request"]);
    assertEquals(detail, "The first line is not an HTTP request.");
  });
}

Deno.test("HttpConnection answers a TLS hello with a hint in plain text at once", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send(Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01));
  assertEquals(await peer.readAll(), "! This port speaks plain text. Connect without TLS.\r\n");
});

Deno.test("HttpConnection accepts WebSockets from its own page, programs and listed origins", async () => {
  await using scene = new WebScene({
    origins: ["https://friend.example"],
    hosts: ["chat.example"],
  });
  for (
    const [host, origin] of [
      ["localhost:8080", "http://localhost:8080"],
      ["127.0.0.1", "https://friend.example"],
      ["[::1]:80", ""],
      ["chat.example", "https://chat.example"], // a proxy speaks TLS
    ]
  ) {
    using peer = await scene.connect();
    await peer.send(upgradeRequest(origin === "" ? "" : `Origin: ${origin}\r\n`, host));
    assertStringIncludes(await peer.readUntil("\r\n\r\n"), "HTTP/1.1 101 ", `${host} ${origin}`);
  }
});

Deno.test("HttpConnection gives a request 10 s to arrive, and the next one 30 s to begin", async () => {
  await using scene = new WebScene();
  using slow = await scene.connect();
  using keeping = await scene.connect();
  using silent = await scene.connect();
  await keeping.send(GET);
  await keeping.readResponse();
  for (let second = 0; second < 11; second++) {
    await slow.send("GET / HTTP/1.1\r\n"[second]); // a byte each second does not help
    await scene.advance(1000);
  }
  const problem = await lastProblem(slow);
  assertEquals([problem.status, problem.code], [408, "too-slow"]);
  assertEquals(await silent.readAll(), "");
  await scene.advance(15_000);
  await keeping.send(GET);
  assertEquals((await keeping.readResponse()).body, OK);
  await scene.advance(31_000);
  assertEquals(await keeping.readAll(), "");
});

Deno.test("HttpConnection gives a body 10 s to arrive", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  await scene.advance(11_000);
  assertEquals((await lastProblem(peer)).code, "too-slow");
});

Deno.test("HttpConnection answers Expect: 100-continue", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send(
    "POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
  );
  assertEquals(await peer.readUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  await peer.send("hi");
  assertEquals((await peer.readResponse()).status, 405);
});

Deno.test("HttpConnection sends no 100 for a body that is empty or arriving, or to HTTP/1.0", async () => {
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

Deno.test("HttpConnection reads a chunked body and the next request after it", async () => {
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

Deno.test("HttpConnection gives a chunked body 10 s to arrive, and drops half of one", async () => {
  await using scene = new WebScene();
  const request =
    "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab";
  using leaving = await scene.connect();
  await leaving.send(request);
  await leaving.endWriting();
  assertEquals(await leaving.readAll(), "");
  using slow = await scene.connect();
  await slow.send(request);
  await scene.advance(11_000);
  assertEquals((await lastProblem(slow)).code, "too-slow");
});

Deno.test("HttpConnection answers HEAD as GET without the body, on every route", async () => {
  await using scene = new WebScene({ search: { search: () => Promise.resolve({ hits: [] }) } });
  const ann = await scene.enter("ann");
  for (
    const path of [
      ...["/", "/rooms/lobby", "/rooms/lobby/1", "/assets/app.js", "/health", "/ready"],
      ...["/api/rooms", "/api/rooms/lobby", "/api/rooms/lobby/messages", "/api/search?q=x"],
      ...["/api/rooms/lobby/messages/1", "/api/rooms/lobby/counts", "/api/rooms/lobby/export"],
      ...["/api/rooms/lobby/export?format=csv", "/api/rooms/lobby/stream"],
      ...["/nothing", "/ws", "/api/rooms/nowhere", "/api/rooms/lobby/messages/99"],
    ]
  ) {
    const ask = async (method: string) => {
      using peer = await scene.connect();
      await peer.send(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      const [statusLine, ...lines] = (await peer.readUntil("\r\n\r\n")).trimEnd().split("\r\n");
      const isFraming = (line: string) => /^(date|transfer-encoding):/i.test(line);
      return { peer, statusLine, headers: lines.filter((line) => !isFraming(line)).sort() };
    };
    const get = await ask("GET");
    const head = await ask("HEAD");
    assertEquals([head.statusLine, head.headers], [get.statusLine, get.headers], path);
    using peer = await scene.connect();
    await peer.send(`HEAD ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n` + GET);
    await peer.readUntil("\r\n\r\n");
    assertEquals((await peer.readResponse()).body, OK, path);
  }
  ann.close();
});

Deno.test("HttpConnection ends when the server stops: at once if idle, otherwise after the response", async () => {
  const scene = new WebScene();
  using idle = await scene.connect();
  using stream = await scene.connect();
  await scene.enter("ann");
  await stream.send("GET /api/rooms/lobby/stream?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await stream.readUntil('"kind":"join"');
  await scene[Symbol.asyncDispose]();
  assertEquals(await idle.readAll(), "");
  assert((await stream.readAll()).endsWith("\r\n0\r\n\r\n"));
});

Deno.test("HttpConnection carries out all requests that have arrived when the server stops", async () => {
  const scene = new WebScene({ postToken: "secret" });
  using peer = await scene.connect();
  const body = "line\n".repeat(10);
  const post = "POST /api/rooms/logs/messages?kind=log HTTP/1.1\r\nHost: localhost\r\n" +
    "Content-Type: text/plain\r\nAuthorization: Bearer secret\r\n" +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
  await peer.send(post.repeat(50));
  await scene[Symbol.asyncDispose]();
  const answers = await peer.readAll();
  assertEquals(answers.split(" 201 Created").length - 1, 50);
});

Deno.test("HttpConnection sends security headers with every response", async () => {
  await using scene = new WebScene();
  for (const path of ["/", "/assets/app.js", "/api/rooms", "/nothing", "/api/rooms/x/stream"]) {
    const { headers, body } = await scene.fetch(path);
    await body?.cancel();
    const policy = headers.get("content-security-policy")!;
    assertStringIncludes(policy, "default-src 'none'");
    assertStringIncludes(policy, "frame-ancestors 'none'");
    assert(!policy.includes("unsafe"), policy);
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    assertEquals(headers.get("x-frame-options"), "DENY");
    assertEquals(headers.get("referrer-policy"), "no-referrer");
    assertEquals(headers.get("set-cookie"), null);
    assertEquals(headers.get("access-control-allow-origin"), null);
  }
});

Deno.test("The page is a fixed list of files that no path escapes", async () => {
  await using scene = new WebScene();
  const pages = [["/", ""], ["/rooms/lobby", "../"], ["/rooms/lobby/381", "../../"]];
  for (const [path, root] of pages) {
    using peer = await scene.connect();
    await peer.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const { status, head, body } = await peer.readResponse();
    assertEquals(status, 200);
    assertStringIncludes(head, "content-type: text/html; charset=utf-8");
    assertStringIncludes(body, `<script type="module" src="${root}assets/app.js">`);
  }
  for (
    const path of [
      "/../../etc/passwd",
      "/assets/../../../deno.json",
      "/assets/%2e%2e/%2e%2e/deno.json",
      "/assets/..%2f..%2fdeno.json",
      "/assets/..%5c..%5cdeno.json",
      "/assets//etc/passwd",
      "/assets/app.js%00.html",
      "/assets/__proto__",
      "/assets/constructor",
      "/assets/",
      "/rooms/lobby/x",
      "//etc/passwd",
      "/%",
      "/deno.json",
      "/page/main.tsx",
    ]
  ) {
    using peer = await scene.connect();
    await peer.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const { status, body } = await peer.readResponse();
    assertEquals([status, JSON.parse(body).code], [404, "no-such-page"], path);
  }
});

Deno.test("The page is compressed if the client accepts gzip, and not sent again if it is cached", async () => {
  await using scene = new WebScene();
  const ask = async (headers: string) => {
    using peer = await scene.connect();
    await peer.send(`GET /assets/app.js HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
    return await peer.readResponse();
  };
  const plain = await ask("Accept-Encoding: br, gzip;q=0\r\n");
  assert(!/content-encoding/i.test(plain.head));
  const packed = await ask("Accept-Encoding: br, gzip\r\n");
  assertStringIncludes(packed.head, "content-encoding: gzip");
  const stream = new Blob([Uint8Array.from(packed.body, (c) => c.charCodeAt(0))]).stream();
  const unpacked = await new Response(stream.pipeThrough(new DecompressionStream("gzip")))
    .arrayBuffer();
  assertEquals(unpacked.byteLength, plain.body.length);
  const [, etag] = /etag: (\S+)/.exec(plain.head)!;
  const again = await ask(`If-None-Match: ${etag}\r\n`);
  assertEquals([again.status, again.body], [304, ""]);
});

/** A scene in which reading `lobby` waits for `release`. */
async function slowScene() {
  const scene = new WebScene();
  await scene.log.append([draftOf("lobby", "hello")]);
  const asked = Promise.withResolvers<AbortSignal>();
  const released = Promise.withResolvers<void>();
  scene.log.beforeReading = () => {
    asked.resolve(currentConnection()!.ended!);
    return released.promise;
  };
  return { scene, asked: asked.promise, release: released.resolve };
}

const MESSAGES = "GET /api/rooms/lobby/messages HTTP/1.1\r\nHost: localhost\r\n\r\n";

Deno.test("HttpConnection stops work on a request whose client has closed", async () => {
  const { scene, asked, release } = await slowScene();
  await using _scene = scene;
  using peer = await scene.connect();
  await peer.send(MESSAGES);
  const ended = await asked;
  await scene.advance(2000);
  assert(!ended.aborted);
  peer.connection.close();
  for (let second = 0; second < 10 && !ended.aborted; second++) await scene.advance(1000);
  const { aborted } = ended;
  release();
  assert(aborted);
});

Deno.test("HttpConnection sends slow answers to a client that has ended its side, also to pipelined requests", async () => {
  const { scene, asked, release } = await slowScene();
  await using _scene = scene;
  using peer = await scene.connect();
  await peer.send(MESSAGES);
  const ended = await asked;
  await scene.advance(1000);
  for (const part of [GET.slice(0, 9), GET.slice(9)]) {
    await peer.send(part);
    await scene.advance(1000);
  }
  await peer.endWriting();
  await scene.advance(3000);
  assert(!ended.aborted);
  release();
  assertStringIncludes((await finalResponse(peer)).body, "hello");
  assertEquals((await finalResponse(peer)).body, OK);
  assertEquals(await peer.readAll(), "");
});

Deno.test("HttpConnection sends interim responses only to HTTP/1.1", async () => {
  for (const version of ["1.0", "1.1"]) {
    const { scene, asked, release } = await slowScene();
    await using _scene = scene;
    using peer = await scene.connect();
    await peer.send(MESSAGES.replace("1.1", version));
    await asked;
    await peer.endWriting();
    await scene.advance(3000);
    release();
    const answer = await peer.readAll();
    assertEquals(answer.startsWith("HTTP/1.1 102 "), version === "1.1", answer);
    assertStringIncludes(answer, "HTTP/1.1 200 OK\r\n");
  }
});

/** Reads a response and the interim responses before it. */
async function finalResponse(peer: RawPeer) {
  for (;;) {
    const response = await peer.readResponse();
    if (response.status >= 200) return response;
    assertEquals(response.status, 102);
  }
}
