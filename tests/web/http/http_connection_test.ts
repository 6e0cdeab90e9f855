import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { currentConnection } from "../../../lib/context.ts";
import { assertRefused, lastProblem } from "../../support/last_problem.ts";
import type { RawPeer } from "../../support/raw_peer.ts";
import { upgradeRequest } from "../../support/raw_peer.ts";
import { draftOf } from "../../support/room_events.ts";
import { WebScene } from "../../support/web_scene.ts";

const GET = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
const OK = '{"status":"ok"}';

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
    await assertRefused(request, status, code);
  });
}

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

Deno.test("HttpConnection ends the event stream of a client that has closed, and of no other", async () => {
  await using scene = new WebScene();
  await scene.log.append([draftOf("left", "hello"), draftOf("read", "hello")]);
  using gone = await scene.connect();
  using halfClosed = await scene.connect();
  await gone.send("GET /api/rooms/left/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await halfClosed.send("GET /api/rooms/read/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await scene.advance(1000);
  const isRead = (room: string) => scene.registry.find(room) !== undefined;
  assert(isRead("left") && isRead("read"));
  gone.connection.close();
  await halfClosed.endWriting();
  // Well before the next heartbeat, which would find it out, too.
  for (let second = 0; second < 5 && isRead("left"); second++) await scene.advance(1000);
  assert(!isRead("left"));
  await scene.advance(3000);
  assert(isRead("read"));
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
