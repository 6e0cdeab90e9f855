/** Who may read metrics, and where. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { Server } from "../../lib/server/accepting/serve.ts";
import { parseEndpoint, WEB_SCHEMES } from "../../lib/transport/endpoint.ts";
import { listenTcp } from "../../lib/transport/tcp.ts";
import {
  checkMetricsReader,
  createMetricsSite,
  type ReadMetrics,
} from "../../lib/web/api/metrics_response.ts";
import { Problem } from "../../lib/web/http/problem.ts";
import { FakeClock, settleSockets } from "../support/fake_clock.ts";
import { openOwners } from "../support/token_owners.ts";
import { WebScene } from "../support/web_scene.ts";

const metrics: ReadMetrics = () =>
  Promise.resolve({ contentType: "text/plain; version=0.0.4", text: "people 1\n" });

Deno.test("GET /metrics on the web port answers this machine, and HEAD tells the length", async () => {
  await using scene = new WebScene({ metrics, serverPassword: "correct horse" });
  const answer = await fetch(`${scene.url}/metrics`);
  assertEquals(answer.headers.get("content-type"), "text/plain; version=0.0.4");
  assertEquals(await answer.text(), "people 1\n");
  const head = await fetch(`${scene.url}/metrics`, { method: "HEAD" });
  assertEquals([head.headers.get("content-length"), await head.text()], ["9", ""]);
  const post = await fetch(`${scene.url}/metrics`, { method: "POST" });
  assertEquals([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
  await post.body?.cancel();
});

/** The code with which a request is refused; `"ok"` if it is not. */
function outcome(
  tokens: Awaited<ReturnType<typeof openOwners>>["tokens"],
  { url = "http://127.0.0.1:8080/metrics", address = "127.0.0.1", headers = {} }: {
    readonly url?: string;
    readonly address?: string;
    readonly headers?: Record<string, string>;
  },
): string {
  const known = { tokens, postToken: "a-token-for-posting" };
  try {
    checkMetricsReader({ url, headers: new Headers(headers) }, address, known);
    return "ok";
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

Deno.test("checkMetricsReader() takes loopback for this machine only if no proxy can be meant", async () => {
  const owners = await openOwners(["ann"]);
  const ask = (request: Parameters<typeof outcome>[1]) => outcome(owners.tokens, request);
  assertEquals(ask({}), "ok");
  assertEquals(ask({ address: "::1", url: "http://[::1]:8080/metrics" }), "ok");
  assertEquals(ask({ address: "127.9.9.9", url: "http://localhost/metrics" }), "ok");
  assertEquals(ask({ address: "192.0.2.7" }), "no-token");
  assertEquals(ask({ url: "http://chat.example.org/metrics" }), "no-token");
  for (const header of ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"]) {
    assertEquals(ask({ headers: { [header]: "192.0.2.7" } }), "no-token", header);
  }
});

Deno.test("checkMetricsReader() lets in the token of an account from anywhere, and no other", async () => {
  const owners = await openOwners(["ann"]);
  const secret = await owners.tokens.create("ann", "prometheus");
  const ask = (token: string) =>
    outcome(owners.tokens, {
      address: "192.0.2.7",
      headers: { Authorization: `Bearer ${token}` },
    });
  assertEquals(ask(secret), "ok");
  assertEquals(ask("a-token-for-posting"), "no-token");
  assertEquals(ask("another"), "wrong-token");
  await owners.tokens.revoke("ann", "prometheus");
  assertEquals(ask(secret), "wrong-token");
});

Deno.test("createMetricsSite() serves /metrics to everybody who reaches its port, and nothing else", async () => {
  const clock = new FakeClock({ settle: settleSockets });
  const server = new Server({
    maxConnections: 0,
    maxPerAddress: 0,
    floodRate: 0,
    floodBurst: 20,
    outboxBytes: 256 * 1024,
    stallMs: 60_000,
    clock,
  });
  const listener = listenTcp(parseEndpoint("http://127.0.0.1:0", WEB_SCHEMES));
  const serving = server.converse(listener, "metrics", createMetricsSite("http", metrics));
  const url = listener.endpoint;
  const headers = { Host: "prometheus.example.org", "X-Forwarded-For": "192.0.2.7" };
  assertEquals(await (await fetch(`${url}/metrics`, { headers })).text(), "people 1\n");
  const other = await fetch(`${url}/api/rooms`);
  assertEquals(other.status, 404);
  assertStringIncludes(await other.text(), "only /metrics");
  const post = await fetch(`${url}/metrics`, { method: "POST" });
  assertEquals(post.status, 405);
  await post.body?.cancel();
  const stopping = server.stop();
  await clock.advance(3000);
  await Promise.all([stopping, serving]);
});
