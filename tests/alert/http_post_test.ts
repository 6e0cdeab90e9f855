import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { PostError, postJson, type PostOptions } from "../../lib/alert/http_post.ts";
import { makeCertificate } from "../support/certificate.ts";
import { FakeClock, settleSockets } from "../support/fake_clock.ts";
import { HookServer } from "../support/hook_server.ts";
import { RawPeer } from "../support/raw_peer.ts";

/** This machine counts as the internet. */
const HERE: PostOptions = {
  isAllowed: (address) => address === "127.0.0.1",
  resolve: () => Promise.resolve(["127.0.0.1"]),
};

async function failure(url: string, options: PostOptions): Promise<[string, boolean]> {
  const { message, isTemporary } = await assertRejects(
    () => postJson(new URL(url), "{}", options),
    PostError,
  );
  return [message, isTemporary];
}

Deno.test("postJson() posts a JSON text to the path, with the name as host", async () => {
  await using server = new HookServer();
  const url = new URL(`http://hooks.example:${server.port}/a/b?c=d#e`);
  await postJson(url, '{"text":"é"}', HERE);
  const [{ method, path, headers, body }] = server.posted;
  assertEquals([method, path, body], ["POST", "/a/b?c=d", '{"text":"é"}']);
  assertEquals(headers.get("host"), `hooks.example:${server.port}`);
  assertEquals(headers.get("content-type"), "application/json");
  assertEquals(headers.get("content-length"), "13");
  assertMatch(headers.get("user-agent")!, /^partyline\/\d/);
});

Deno.test("postJson() refuses private addresses and names that resolve to them, before connecting", async () => {
  await using server = new HookServer();
  const resolve = () => Promise.resolve(["8.8.8.8", "127.0.0.1"]);
  for (
    const host of ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
  ) {
    const [message, isTemporary] = await failure(`http://${host}:${server.port}/`, {});
    assertMatch(message, /^\S+ is not a public internet address; set allow-private = true/);
    assertEquals(isTemporary, false);
  }
  // One private address is enough: the next lookup may return only that.
  const [message] = await failure(`http://hooks.example:${server.port}/`, { resolve });
  assertMatch(message, /^127\.0\.0\.1 is not a public internet address/);
  assertEquals(server.posted, []);
});

Deno.test("postJson() refuses the name of this machine", async () => {
  await using server = new HookServer();
  const [message] = await failure(`http://localhost:${server.port}/`, {});
  assertMatch(message, /^(127\.0\.0\.1|::1) is not a public internet address/);
  assertEquals(server.posted, []);
});

Deno.test("postJson() resolves a name once, and connects to the checked address", async () => {
  await using server = new HookServer();
  await using trap = new HookServer({ hostname: "127.0.0.2" });
  const given = [["127.0.0.1"], ["127.0.0.2"]];
  const resolve = () => Promise.resolve(given.shift()!);
  await postJson(new URL(`http://hooks.example:${server.port}/`), "{}", { ...HERE, resolve });
  assertEquals([server.posted.length, trap.posted.length, given.length], [1, 0, 1]);
  await failure(`http://hooks.example:${trap.port}/`, { ...HERE, resolve });
  assertEquals(trap.posted, []);
});

Deno.test("postJson() tries the other addresses of a name", async () => {
  await using server = new HookServer();
  const resolve = () => Promise.resolve(["127.0.0.3", "127.0.0.1"]);
  const isAllowed = () => true;
  await postJson(new URL(`http://x.example:${server.port}/`), "{}", { isAllowed, resolve });
  assertEquals(server.posted.length, 1);
});

Deno.test("postJson() follows no redirect", async () => {
  await using trap = new HookServer();
  await using server = new HookServer();
  for (const status of [301, 302, 307, 308]) {
    const location = `http://127.0.0.1:${trap.port}/`;
    server.answers.push(new Response(null, { status, headers: { location } }));
    assertEquals(await failure(`http://127.0.0.1:${server.port}/`, HERE), [
      `the response was ${status}, and redirects are not followed`,
      false,
    ]);
  }
  assertEquals(trap.posted, []);
});

Deno.test("postJson() knows which responses are worth a retry", async () => {
  await using server = new HookServer();
  for (
    const [status, isTemporary] of [[400, false], [404, false], [408, true], [429, true], [
      503,
      true,
    ]]
  ) {
    server.answers.push(new Response("no", { status: status as number }));
    assertEquals(await failure(`http://127.0.0.1:${server.port}/`, HERE), [
      `the response was ${status}`,
      isTemporary,
    ]);
  }
});

Deno.test("postJson() reads only the status of a response", async () => {
  await using server = new HookServer();
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent++;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
  });
  server.answers.push(new Response(endless));
  await postJson(new URL(`http://127.0.0.1:${server.port}/`), "{}", HERE);
  await settleSockets();
  assertEquals(sent < 200, true, `${sent} times 64 KiB`);
});

Deno.test("postJson() times out without a response", async () => {
  const clock = new FakeClock();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const posting = failure(`http://127.0.0.1:${listener.addr.port}/`, { ...HERE, clock });
  using peer = new RawPeer(await accepted);
  assertEquals(await peer.readUntil("{}") !== "", true);
  await clock.advance(9999);
  await clock.advance(1);
  assertEquals(await posting, ["no response within 10 s", true]);
  assertEquals(await peer.readAll(), "");
  listener.close();
});

Deno.test("postJson() times out during a slow lookup", async () => {
  const clock = new FakeClock();
  const resolve = () => new Promise<string[]>(() => {});
  const posting = failure("http://hooks.example/", { ...HERE, clock, resolve, timeoutMs: 2000 });
  await clock.advance(2000);
  assertEquals(await posting, ["no response within 2 s", true]);
});

Deno.test("postJson() stops when aborted", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const stop = new AbortController();
  const url = `http://127.0.0.1:${listener.addr.port}/`;
  const posting = failure(url, { ...HERE, signal: stop.signal });
  using connection = await listener.accept();
  await connection.read(new Uint8Array(1000));
  stop.abort();
  assertEquals(await posting, ["the server is stopping", true]);
  assertEquals(await failure(url, { ...HERE, signal: stop.signal }), [
    "the server is stopping",
    true,
  ]);
  listener.close();
});

Deno.test("postJson() reports connection errors", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}/`;
  const posting = failure(url, HERE);
  const connection = await listener.accept();
  await connection.write(new TextEncoder().encode("SSH-2.0-OpenSSH_9.2\r\n"));
  const [message, isTemporary] = await posting;
  assertMatch(message, /^the connection broke: /);
  assertEquals(isTemporary, true);
  connection.close();
  listener.close();
  const [refused] = await failure(url, HERE);
  assertMatch(refused, /^cannot connect: .*ECONNREFUSED/);
  const resolve = () => Promise.reject(new Error("getaddrinfo ENOTFOUND hooks.example"));
  assertEquals(await failure("http://hooks.example/", { resolve }), [
    "cannot resolve its name: getaddrinfo ENOTFOUND hooks.example",
    true,
  ]);
  assertEquals(await failure("http://hooks.example/", { resolve: () => Promise.resolve([]) }), [
    "its name has no address",
    true,
  ]);
});

Deno.test("postJson() checks that the certificate matches the name", async () => {
  const { cert, key } = await makeCertificate("hooks.example");
  await using server = new HookServer({ cert, key });
  const url = new URL(`https://hooks.example:${server.port}/x`);
  await postJson(url, "{}", { ...HERE, authorities: [cert] });
  assertEquals(server.posted.map(({ path }) => path), ["/x"]);

  // Deno 2.7 does not say which.
  const refusal = /^(cannot connect|the connection broke): /;
  const [untrusted] = await failure(url.href, HERE);
  assertMatch(untrusted, refusal);
  const other = `https://other.example:${server.port}/`;
  const [wrongName] = await failure(other, { ...HERE, authorities: [cert] });
  assertMatch(wrongName, refusal);
  assertEquals(server.posted.length, 1);
});
