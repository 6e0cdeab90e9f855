import { OPCODES } from "../../../lib/codec/websocket_frame.ts";
import { STRANGER } from "../../../lib/domain/asker.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MOST_LEVELS_COUNTED } from "../../../lib/domain/history/event_counts.ts";
import type { Draft } from "../../../lib/domain/room_event.ts";
import type { SearchResult } from "../../../lib/domain/search/search.ts";
import { WebScene } from "../../support/web_scene.ts";

const TOKEN = { Authorization: "Bearer secret-token" };
let lastOrigin = 0;

/** Posts numbered lines to a room. */
async function fill(scene: WebScene, room: string, count: number, kind: Draft["kind"] = "log") {
  const origin = --lastOrigin;
  const drafts = Array.from({ length: count }, (_, index) => ({
    room,
    kind,
    from: "make",
    body: `${room} ${index + 1}`,
    origin,
  }));
  await scene.registry.postUnasked(drafts);
}

const bodiesOf = (events: readonly { body: string }[]) => events.map(({ body }) => body);

Deno.test("API lists rooms and describes one", async () => {
  await using scene = new WebScene();
  await fill(scene, "Logs", 3);
  const ann = await scene.enter("ann", "ops");
  await ann.command("/topic deploys", "ops");
  await ann.hear("deploys");
  const list = { room: "ops", topic: "deploys", lastSeq: 2, count: 1 };
  const logs = { room: "Logs", topic: "", lastSeq: 3, count: 0 };
  assertEquals(await scene.json("/api/rooms"), { status: 200, body: { rooms: [list, logs] } });
  assertEquals((await scene.json("/api/rooms/%23OPS")).body, {
    ...list,
    members: [{ name: "ann", via: "web" }],
  });
  assertEquals((await scene.json("/api/rooms/logs")).body, { ...logs, members: [] });
});

Deno.test("API returns messages by range, without joins and parts, and says which range it covers", async () => {
  await using scene = new WebScene();
  await fill(scene, "ops", 100);
  await fill(scene, "ops", 50, "join");
  await fill(scene, "ops", 10);
  const ask = async (query: string) => {
    const { body } = await scene.json(`/api/rooms/ops/messages?${query}`);
    const { after, before, lastSeq, events } = body;
    assertEquals(lastSeq, 160);
    return [after, before, events.map(({ seq }: { seq: number }) => seq)];
  };
  assertEquals(await ask("limit=3"), [157, 161, [158, 159, 160]]);
  assertEquals(await ask("before=3"), [0, 3, [1, 2]]);
  assertEquals(await ask("before=152&limit=3"), [98, 152, [99, 100, 151]]);
  assertEquals(await ask("after=98&limit=3"), [98, 152, [99, 100, 151]]);
  assertEquals(await ask("after=158"), [158, 161, [159, 160]]);
  assertEquals(await ask("after=160"), [160, 161, []]);
  assertEquals(await ask("after=999"), [160, 161, []]);
  assertEquals(await ask("before=0"), [0, 1, []]);
  assertEquals(await ask("around=50&limit=4"), [47, 52, [48, 49, 50, 51]]);
  assertEquals(await ask("around=50&limit=1"), [49, 51, [50]]);
  assertEquals(await ask("around=159&limit=4"), [156, 161, [157, 158, 159, 160]]);
  assertEquals(await ask("around=1&limit=4"), [0, 3, [1, 2]]);
});

Deno.test("API shortens an answer with long lines, and says so", async () => {
  await using scene = new WebScene();
  const drafts = Array.from({ length: 20 }, () => ({
    room: "ops",
    kind: "log" as const,
    from: "x",
    body: "y".repeat(60_000),
    origin: -5,
  }));
  await scene.registry.postUnasked(drafts);
  const ask = async (query: string) => {
    const { body } = await scene.json(`/api/rooms/ops/messages?${query}`);
    return [body.after, body.before, body.events.length];
  };
  assertEquals(await ask(""), [16, 21, 4]);
  assertEquals(await ask("after=2"), [2, 7, 4]);
  assertEquals(await ask("around=10"), [8, 13, 4]);
});

Deno.test("API takes no number that a room has not for one that is no longer kept", async () => {
  await using scene = new WebScene();
  await fill(scene, "ops", 2);
  for (const seq of [0, 3]) {
    const { body } = await scene.json(`/api/rooms/ops/messages/${seq}`);
    assertEquals(body.detail, `#ops has no #${seq}.`);
  }
});

Deno.test("API returns single events", async () => {
  await using scene = new WebScene();
  await fill(scene, "ops", 2);
  const { status, body } = await scene.json("/api/rooms/ops/messages/2");
  assertEquals(status, 200);
  assertEquals(body, {
    id: 2,
    room: "ops",
    seq: 2,
    at: "2026-11-21T06:30:00.000Z",
    kind: "log",
    from: "make",
    body: "ops 2",
  });
});

Deno.test("API posts a text of several lines as one message where it is asked to", async () => {
  await using scene = new WebScene({ postToken: "secret-token" });
  const ann = await scene.enter("ann");
  const post = async (query: string, type: string, body: string) => {
    const headers = { ...TOKEN, "Content-Type": type };
    const response = await scene.fetch(`/api/rooms/lobby/messages${query}`, {
      method: "POST",
      headers,
      body,
    });
    const { events = [], code } = await response.json();
    return code ?? events.map(({ body }: { body: string }) => body);
  };
  const text = "one\r\n\r\n  two\n\n";
  const block = "one\n\n  two";
  assertEquals(await post("", "application/json", JSON.stringify({ body: text })), [block]);
  assertEquals(await post("?as=block", "text/plain", text), [block]);
  assertEquals(await post("", "text/plain", text), ["one", "  two"]);
  assertEquals(await post("", "text/plain", "one\n\u2028\ntwo"), ["one", "two"]);
  assertEquals(await post("", "text/plain", "\u2028\n\u2029\u2028"), "bad-request");
  assertEquals(await post("?as=block&kind=log", "text/plain", text), "bad-request");
  assertEquals(await post("?as=block", "text/plain", "\n\n"), "bad-request");
  assertEquals(await post("?as=block", "text/plain", "x\n".repeat(201)), "too-large");
  assertEquals(await post("", "application/json", '{"kind":"log","body":"a\\nb"}'), "bad-request");
  assertEquals((await ann.hear(block))[0].body, block);
});

Deno.test("API answers every error with a problem (RFC 9457)", async () => {
  await using scene = new WebScene({ postToken: "secret-token" });
  await fill(scene, "ops", 2);
  const post = (body: string, headers = {}) => ({ method: "POST", body, headers });
  const json = { ...TOKEN, "Content-Type": "application/json" };
  const plain = { ...TOKEN, "Content-Type": "text/plain" };
  const ann = await scene.enter("ann");
  const cases: [path: string, init: RequestInit, status: number, code: string][] = [
    ["/api/nothing", {}, 404, "no-such-page"],
    ["/ws", {}, 426, "not-a-websocket"],
    ["/api/rooms/nowhere", {}, 404, "no-such-room"],
    ["/api/rooms/a%2Fb", {}, 400, "bad-name"],
    ["/api/rooms/ops/messages/3", {}, 404, "no-such-event"],
    ["/api/rooms/ops/messages/0", {}, 404, "no-such-event"],
    ["/api/rooms/ops/messages?limit=x", {}, 400, "bad-request"],
    ["/api/rooms/ops/messages?limit=201", {}, 400, "bad-request"],
    ["/api/rooms/ops/messages?after=1&before=2", {}, 400, "bad-request"],
    ["/api/rooms/ops/export?format=xml", {}, 400, "bad-request"],
    ["/api/rooms/ops/counts?since=soon", {}, 400, "bad-request"],
    ["/api/rooms/ops/counts?since=2026-01-02&until=2026-01-01", {}, 400, "bad-request"],
    ["/api/rooms/nowhere/stream", {}, 404, "no-such-room"],
    ["/api/search?q=x", {}, 503, "unavailable"],
    ["/api/search", {}, 400, "bad-request"],
    ["/api/rooms", { method: "DELETE" }, 405, "wrong-method"],
    ["/api/rooms/ops/messages", post("{}"), 401, "no-token"],
    ["/api/rooms/ops/messages", post("{}", { Authorization: "Bearer x" }), 401, "wrong-token"],
    [
      "/api/rooms/ops/messages",
      post("x", { ...TOKEN, "Content-Type": "text/html" }),
      415,
      "wrong-type",
    ],
    ["/api/rooms/ops/messages", post("{", json), 400, "bad-request"],
    ["/api/rooms/ops/messages", post('{"body":""}', json), 400, "bad-request"],
    ["/api/rooms/ops/messages", post('{"body":"x","from":"ann"}', json), 409, "name-in-use"],
    ["/api/rooms/ops/messages", post('{"body":"x","from":"server"}', json), 409, "name-reserved"],
    ["/api/rooms/ops/messages", post('{"body":"x","from":"a b"}', json), 400, "bad-name"],
    ["/api/rooms/ops/messages", post('{"body":"x","kind":"join"}', json), 400, "bad-request"],
    ["/api/rooms/ops/messages", post('{"body":"x","fields":{}}', json), 400, "bad-request"],
    [
      "/api/rooms/ops/messages",
      post('{"body":"x","fields":[],"kind":"log"}', json),
      400,
      "bad-request",
    ],
    ["/api/rooms/ops/messages", post("x".repeat(16_385), plain), 413, "too-large"],
    ["/api/rooms/ops/messages", post("x\n".repeat(2001), plain), 413, "too-large"],
    ["/api/rooms/ops/messages", post("\n\n", plain), 400, "bad-request"],
    ["/api/rooms/a%2Fb/messages", post("x", plain), 400, "bad-name"],
    [
      "/api/rooms/ops/messages",
      post("x", { ...plain, Origin: "https://evil.example" }),
      403,
      "wrong-origin",
    ],
  ];
  for (const [path, init, status, code] of cases) {
    const response = await scene.fetch(path, init);
    const text = await response.text();
    const what = `${init.method ?? "GET"} ${path} ${init.body} -> ${text}`;
    assertEquals(response.headers.get("content-type"), "application/problem+json", what);
    const { detail, ...problem } = JSON.parse(text);
    assertEquals([response.status, problem.status, problem.code], [status, status, code], what);
    assertEquals([problem.type, typeof problem.title], ["about:blank", "string"]);
    assert(/^[A-Z"#].*(\.|TOKEN)$/.test(detail), what);
  }
  assertEquals((await scene.log.room("ops"))!.lastSeq, 2);
  ann.close();
  const bad = await scene.fetch("/api/rooms/ops/messages", { method: "DELETE" });
  assertEquals(bad.headers.get("allow"), "GET, HEAD, POST");
  await bad.body?.cancel();
});

Deno.test("API says no password aloud", async () => {
  await using scene = new WebScene({ postToken: "secret-token" });
  const { status, body } = await scene.json("/api/rooms/ops/messages", {
    method: "POST",
    body: JSON.stringify({ body: "/login ann correct horse" }),
    headers: { ...TOKEN, "Content-Type": "application/json" },
  });
  assertEquals([status, body.code], [400, "looks-like-login"]);
  assertEquals(await scene.log.room("ops"), undefined);
});

Deno.test("API refuses a body that is not UTF-8", async () => {
  await using scene = new WebScene({ postToken: "secret-token" });
  const { status, body } = await scene.json("/api/rooms/ops/messages", {
    method: "POST",
    body: Uint8Array.of(0x68, 0xff),
    headers: { ...TOKEN, "Content-Type": "text/plain" },
  });
  assertEquals([status, body.code], [400, "bad-request"]);
});

Deno.test("API posts a message or many lines, and the room sees them once they are on disk", async () => {
  await using scene = new WebScene({ postToken: "secret-token" });
  const ann = await scene.enter("ann", "Ops");
  const posted = await scene.fetch("/api/rooms/ops/messages", {
    method: "POST",
    headers: { ...TOKEN, "Content-Type": "application/json; charset=utf-8" },
    body: JSON.stringify({ from: "deploybot", body: "4.2 is out e\u0301" }),
  });
  assertEquals([posted.status, posted.headers.get("location")], [201, "/api/rooms/Ops/messages/2"]);
  const { events: [event] } = await posted.json();
  assertEquals((await ann.hear("4.2 is out é"))[0], event);
  assertEquals([event.kind, event.from, event.via], ["message", "deploybot", "http"]);

  const { body } = await scene.json("/api/rooms/ops/messages?from=make+all&kind=log", {
    method: "POST",
    headers: { ...TOKEN, "Content-Type": "text/plain" },
    body: "one\r\n\ntwo\nthree",
  });
  assertEquals(bodiesOf(body.events), ["one", "two", "three"]);
  await scene.advance(250); // people see log lines a quarter of a second later
  assertEquals((await ann.hear("one", "two", "three"))[2].from, "make_all");

  const fields = { host: "a", nested: { n: [1, null] } };
  const log = await scene.json("/api/rooms/new/messages", {
    method: "POST",
    headers: { ...TOKEN, "Content-Type": "application/json" },
    body: JSON.stringify({ kind: "log", from: "api", body: "x e\u0301", fields }),
  });
  // Messages of people are normalised; log lines are stored as they were sent.
  assertEquals([log.body.events[0].body, log.body.events[0].fields], ["x e\u0301", fields]);

  // A body that is over the limit without the token; all lines or none are stored.
  const many = Array.from({ length: 2000 }, (_, index) => `${index} `.padEnd(400, "x"));
  const bulk = await scene.json("/api/rooms/bulk/messages?kind=log", {
    method: "POST",
    headers: { ...TOKEN, "Content-Type": "text/plain" },
    body: many.join("\n"),
  });
  assertEquals(bodiesOf(bulk.body.events), many);
  scene.log.isFull = true;
  const refused = await scene.json("/api/rooms/bulk/messages", {
    method: "POST",
    headers: { ...TOKEN, "Content-Type": "text/plain" },
    body: "lost",
  });
  assertEquals([refused.status, refused.body.code], [503, "not-stored"]);
});

Deno.test("API posts nothing without a token, or with one that nobody knows", async () => {
  await using scene = new WebScene();
  const post = async (headers: HeadersInit) => {
    const init = { method: "POST", headers, body: "x" };
    const { status, body } = await scene.json("/api/rooms/ops/messages", init);
    return [status, body.code];
  };
  assertEquals(await post({}), [403, "posting-is-off"]);
  assertEquals(await post(TOKEN), [401, "wrong-token"]);
});

Deno.test("API exports all or part of a room as JSON Lines, text and CSV", async () => {
  await using scene = new WebScene();
  await fill(scene, "ops", 450);
  await fill(scene, "ops", 1, "join");
  const response = await scene.fetch("/api/rooms/OPS/export");
  assertEquals(response.headers.get("content-type"), "application/jsonl; charset=utf-8");
  assertEquals(
    response.headers.get("content-disposition"),
    "attachment; filename*=UTF-8''ops.jsonl",
  );
  const lines = (await response.text()).split("\n");
  assertEquals(lines.pop(), "");
  assertEquals(lines.map((line) => JSON.parse(line).seq), Array.from(lines, (_, at) => at + 1));
  assertEquals(lines.length, 451);
  const text = await (await scene.fetch("/api/rooms/ops/export?format=text&after=448&before=451"))
    .text();
  assertEquals(
    text,
    "2026-11-21T06:30:00.000Z ops#449 make| ops 449\n" +
      "2026-11-21T06:30:00.000Z ops#450 make| ops 450\n",
  );
  const csv = await scene.fetch("/api/rooms/ops/export?format=csv&after=449&before=451");
  assertEquals(csv.headers.get("content-type"), "text/csv; charset=utf-8; header=present");
  assertEquals(
    await csv.text(),
    "id,room,seq,at,kind,from,body,fields,via\r\n" +
      "450,ops,450,2026-11-21T06:30:00.000Z,log,make,ops 450,,\r\n",
  );
  const head = await scene.fetch("/api/rooms/ops/export", { method: "HEAD" });
  assertEquals([head.status, await head.text()], [200, ""]);
});

Deno.test("API leaves a failed export visibly incomplete", async () => {
  await using scene = new WebScene();
  await fill(scene, "ops", 450);
  using peer = await scene.connect();
  scene.log.beforeReading = (_, after) => {
    if (after >= 200) throw new Error("disk I/O error");
  };
  await peer.send("GET /api/rooms/ops/export HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const answer = await peer.readAll();
  assertStringIncludes(answer, '"seq":200');
  assert(!answer.endsWith("0\r\n\r\n"));
});

Deno.test("API counts events over time, with the number to find each bucket by", async () => {
  await using scene = new WebScene();
  // In second N there are N events.
  for (let second = 0; second < 10; second++) {
    if (second > 0) await fill(scene, "ops", second);
    await scene.advance(1000);
  }
  const ask = async (query: string) => {
    const { body } = await scene.json(`/api/rooms/ops/counts?${query}`);
    return body;
  };
  const all = await ask("since=2026-11-21T06:30:00Z&until=2026-11-21T06:30:10Z&buckets=10");
  assertEquals(
    all.buckets.map(({ count }: { count: number }) => count),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  assertEquals(all.buckets[4], { at: "2026-11-21T06:30:04.000Z", after: 6, count: 4 });
  const whole = await ask("buckets=1");
  assertEquals(whole.buckets, [{ at: "2026-11-21T06:30:01.000Z", after: 0, count: 45 }]);
  const later = await ask("since=2027-01-01&until=2027-01-02&buckets=2");
  assertEquals(later.buckets.map(({ count }: { count: number }) => count), [0, 0]);
});

/** Log lines of which every tenth is an error. */
async function fillLog(scene: WebScene, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, index) => ({
    room: "log",
    kind: "log" as const,
    from: index % 2 === 0 ? "web1/nginx" : "db1/postgres",
    body: `line ${index + 1}`,
    fields: { level: index % 10 === 0 ? "err" : "info" },
  }));
  await scene.log.append(lines);
}

Deno.test("API counts log lines by level, of the latest if there are very many", async () => {
  await using scene = new WebScene();
  await fillLog(scene, 100);
  await scene.advance(1000);
  await fillLog(scene, 10);
  const { body } = await scene.json("/api/rooms/log/counts?by=level&buckets=2");
  assertEquals(body.levelsAfter, 0);
  assertEquals(body.buckets, [
    { at: "2026-11-21T06:30:00.000Z", after: 0, count: 100, levels: { err: 10, info: 90 } },
    { at: "2026-11-21T06:30:00.501Z", after: 100, count: 10, levels: { err: 1, info: 9 } },
  ]);
  await fillLog(scene, MOST_LEVELS_COUNTED);
  const many = await scene.json("/api/rooms/log/counts?by=level&buckets=1");
  assertEquals([many.body.levelsAfter, many.body.buckets[0].levels.err], [110, 10_000]);
  assertEquals((await scene.json("/api/rooms/log/counts?by=kind")).status, 400);
});

Deno.test("API filters messages by a query, and says how far it looked", async () => {
  await using scene = new WebScene();
  await fillLog(scene, 1000);
  const ask = async (query: string) => {
    const { body } = await scene.json(`/api/rooms/log/messages?${query}`);
    const { after, before, events } = body;
    return [after, before, events.map(({ seq }: { seq: number }) => seq)];
  };
  assertEquals(await ask("query=level%3Derr&limit=3"), [970, 1001, [971, 981, 991]]);
  assertEquals(await ask("query=level:err+source:nginx&after=5&limit=2"), [5, 22, [11, 21]]);
  assertEquals(await ask("query=level:err&around=500&limit=4"), [480, 512, [481, 491, 501, 511]]);
  assertEquals(await ask("query=nothing"), [0, 1001, []]);
  assertEquals(await ask("query=42"), [0, 1001, [42]]);
  const { status, body } = await scene.json("/api/rooms/log/messages?query=level:loud");
  assertEquals([status, body.code], [400, "bad-query"]);
});

Deno.test("API passes every search option on", async () => {
  const asked: unknown[] = [];
  await using scene = new WebScene({
    search: {
      search(request) {
        asked.push(request);
        return Promise.resolve({ hits: [] });
      },
    },
  });
  const { status, body } = await scene.json(
    "/api/search?q=5&room=%23ops&before=9&limit=7&context=2",
  );
  assertEquals([status, body], [200, { hits: [] }]);
  const scope = { account: undefined, hidden: ["moderation"], only: undefined };
  assertEquals(asked, [{ query: "5", room: "ops", before: 9, limit: 7, context: 2, scope }]);
});

Deno.test("API reports health and readiness", async () => {
  await using scene = new WebScene();
  assertEquals((await scene.json("/health")).body, { status: "ok" });
  assertEquals((await scene.json("/ready")).body, { status: "ready" });
  scene.stopping.abort();
  const { status, body } = await scene.json("/ready");
  assertEquals([status, body.code], [503, "stopping"]);
});

Deno.test("API answers only requests that name the server", async () => {
  const statusFor = async (scene: WebScene, host: string) => {
    using peer = await scene.connect();
    await peer.send(`GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    return (await peer.readResponse()).status;
  };
  await using local = new WebScene({ hostname: "192.168.1.5", hosts: ["chat.example.org"] });
  for (const host of ["localhost", "LOCALHOST:99", "127.0.0.1:1", "[::1]", "192.168.1.5"]) {
    assertEquals(await statusFor(local, host), 200, host);
  }
  assertEquals(await statusFor(local, "chat.example.org:443"), 200);
  for (const host of ["evil.example", "localhost.evil.example", "10.0.0.1", "example.org"]) {
    assertEquals(await statusFor(local, host), 421, host);
  }
  await using open = new WebScene({ hostname: "0.0.0.0" });
  assertEquals(await statusFor(open, "10.0.0.1"), 200);
  assertEquals(await statusFor(open, "[fe80::1]"), 200);
  assertEquals(await statusFor(open, "evil.example"), 421);
});

const HOSTILE = "a\u009b31m\u202eb\u2028\u200f\u061c\x7f";
const UNSAFE = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

Deno.test("All JSON over HTTP and WebSocket escapes characters that control a terminal", async () => {
  await using scene: WebScene = new WebScene({
    search: {
      async search(): Promise<SearchResult> {
        const [event] = await scene.log.read("ops", 0, 1);
        const snippet = [{ text: HOSTILE, isMatch: true }];
        return { hits: [{ event, snippet, before: [event], after: [] }] };
      },
    },
  });
  const draft = { room: "ops", kind: "topic", from: "make", body: HOSTILE, origin: -99 } as const;
  await scene.registry.post(STRANGER, [{ ...draft, kind: "log", fields: { [HOSTILE]: HOSTILE } }]);
  await scene.registry.post(STRANGER, [draft]);
  const check = (text: string) => {
    assert(!UNSAFE.test(text), text);
    assertStringIncludes(text, "a\\u009b31m\\u202eb\\u2028\\u200f\\u061c\\u007f");
  };
  for (
    const path of [
      "/api/rooms",
      "/api/rooms/ops",
      "/api/rooms/ops/messages",
      "/api/rooms/ops/messages/1",
      "/api/rooms/ops/export",
      "/api/search?q=x",
    ]
  ) {
    const text = await (await scene.fetch(path)).text();
    check(text);
    assertStringIncludes(JSON.stringify(JSON.parse(text.split("\n")[0])), HOSTILE.slice(0, 9));
  }
  const bad = await scene.fetch(`/api/rooms/${encodeURIComponent(HOSTILE)}`);
  assert(!UNSAFE.test(await bad.text()));
  using stream = await scene.connect();
  await stream.send("GET /api/rooms/ops/stream?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  check(await stream.readUntil('"seq":2'));

  const bob = await scene.enter("bob");
  using ann = await scene.connect();
  await ann.upgrade();
  await ann.sendMessage({ type: "hello", name: "ann", rooms: [{ room: "ops", after: 0 }] });
  await ann.sendMessage({ type: "search", query: "x" });
  await ann.sendMessage({ type: "command", room: "ops", line: "/topic" });
  for (const type of ["joined", "events", "found", "notice", "private"]) {
    if (type === "private") bob.send({ type: "private", to: "ann", body: HOSTILE });
    let payload = "";
    while (!payload.startsWith(`{"type":"${type}"`)) {
      payload = await ann.readFrameOf(OPCODES.text);
    }
    assert(
      !UNSAFE.test(new TextDecoder().decode(Uint8Array.from(payload, (c) => c.charCodeAt(0)))),
    );
    assertStringIncludes(payload, "31m");
  }
});
