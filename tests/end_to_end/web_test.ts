/** The web port of the program. */

import { assert, assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import { makeCertificate } from "../support/certificate.ts";
import { LineClient } from "../support/line_client.ts";
import { RawPeer } from "../support/raw_peer.ts";
import { runToEnd, ServerProcess, TROUBLE } from "../support/server_process.ts";
import { findHole, readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { WebClient } from "../support/web_client.ts";

const WEB = ["--web", "http://127.0.0.1:0"];

async function enter(web: string, hello: Record<string, unknown>): Promise<WebClient> {
  const client = await WebClient.open(`${web}/ws`);
  client.send({ type: "hello", ...hello });
  return client;
}

Deno.test("serve prints its web page, needs no environment for it, and redirects browsers to it", async () => {
  await using server = await ServerProcess.start({
    args: WEB,
    denoFlags: ["--allow-net", "--allow-read", "--allow-write"],
  });
  const page = await fetch(`${server.web}/`);
  assertStringIncludes(await page.text(), "<title>");
  for (const port of server.ports) {
    using visitor = await RawPeer.connect(port);
    await visitor.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const answer = await visitor.readAll();
    assertStringIncludes(answer, "HTTP/1.1 303 See Other\r\n");
    assertStringIncludes(answer, `\r\nLocation: ${server.web}/\r\n`);
  }
  const { code, stdout, stderr } = await server.stop();
  assertEquals(code, 0);
  assertMatch(stdout, /^listening web http:\/\/127\.0\.0\.1:\d+\/\nready$/m);
  assertStringIncludes(stderr, `Open ${server.web}/ in a browser.\nJoin with: telnet 127.0.0.1 `);
});

Deno.test("serve on all addresses redirects browsers to the address that they used", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://0.0.0.0:0"] });
  const webPort = new URL(server.web).port;
  using visitor = await RawPeer.connect(server.port);
  await visitor.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assertStringIncludes(await visitor.readAll(), `Location: http://127.0.0.1:${webPort}/\r\n`);
  const health = await fetch(`http://127.0.0.1:${webPort}/health`);
  assertEquals(await health.json(), { status: "ok" });
});

Deno.test("serve refuses a web port that is in use, and says what to do", async () => {
  using data = new TemporaryDirectory();
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    const { code, stdout, stderr } = await runToEnd([
      ...["serve", "--data", data.path, "--listen", "chat=tcp://127.0.0.1:0"],
      ...["--web", `http://127.0.0.1:${taken.addr.port}`],
    ]);
    assertEquals({ code, stdout, stderr }, {
      code: 1,
      stdout: "",
      stderr: `Cannot listen on http://127.0.0.1:${taken.addr.port}: the port is in use. ` +
        "Stop the program that uses it, or choose another port with --web (or --no-web).\n",
    });
  } finally {
    taken.close();
  }
});

Deno.test("A browser reconnects after kill -9 with nothing lost, repeated or sent twice", async () => {
  using data = new TemporaryDirectory();
  const args = [...WEB, "--flood-rate", "0"];
  const seen: { seq: number; from: string; body: string }[] = [];
  const collect = (client: WebClient) => {
    for (const { type, events } of client.messages) if (type === "events") seen.push(...events);
  };
  const said = new Set<string>();
  let pending: string[] = [];
  let session: string | undefined;
  let number = 0;
  for (let round = 0; round < 4; round++) {
    await using server = await ServerProcess.start({ data: data.path, args });
    const after = seen.at(-1)?.seq;
    const ann = await enter(server.web, {
      name: "ann",
      session,
      rooms: [{ room: "lobby", after }],
    });
    session = (await ann.next("welcome")).session;
    const joined = await ann.next("joined");
    assertEquals(joined.resumed, round > 0);
    await ann.next("live");
    // Unacknowledged messages were either stored, or are sent again.
    const told = ann.messages.flatMap(({ type, events }) => type === "events" ? events : []);
    for (const body of pending) {
      if (!told.some((event) => event.from === "ann" && event.body === body)) {
        ann.send({ type: "say", room: "lobby", body, ref: body });
      } else said.add(body);
    }
    const bob = await LineClient.enter(server.port, "bob", { atOnce: true });
    pending = pending.filter((body) => !said.has(body));
    for (let line = 0; line < 300; line++) {
      const body = `line ${number++}`;
      pending.push(body);
      ann.send({ type: "say", room: "lobby", body, ref: body });
      await bob.send(`bob ${number}`);
    }
    // Killed in the middle, except in the last round.
    for (let count = 0; count < (round < 3 ? 100 : pending.length);) {
      const { ref } = await ann.next("said");
      said.add(ref);
      if (round === 3 || said.size % 3 === 0) count++;
      if (round === 3) pending = pending.filter((body) => body !== ref);
      if (round === 3 && pending.length === 0) break;
    }
    if (round < 3) await server.kill();
    else await ann.ask({ type: "ping" });
    ann.close();
    await ann.ended;
    await bob.close();
    for (const { type, ref } of ann.messages) if (type === "said") said.add(ref);
    pending = pending.filter((body) => !said.has(body));
    collect(ann);
    if (round === 3) await server.stop();
  }
  const stored = readStoredEvents(data.path);
  assertEquals(findHole(stored), undefined);
  const lobby = stored.filter(({ room }) => room === "lobby");
  // Everything from the first join to the last reply, once and in order.
  const numbers = seen.map(({ seq }) => seq);
  assertEquals(numbers, numbers.map((_, index) => index + 1));
  for (const { seq, from, body } of seen) {
    assertEquals([lobby[seq - 1].from, lobby[seq - 1].body], [from, body]);
  }
  const own = lobby.filter(({ from, kind }) => from === "ann" && kind === "message");
  assertEquals(own.length, number);
  assertEquals(new Set(own.map(({ body }) => body)).size, number);
  for (const body of said) assert(own.some((event) => event.body === body), body);
});

Deno.test("serve stops within 5 s with browsers, streams and stalled peers, and exits with 0", async () => {
  await using server = await ServerProcess.start({ args: WEB });
  const port = Number(new URL(server.web).port);
  const ann = await enter(server.web, { name: "ann" });
  await ann.next("live");
  using stuck = await RawPeer.connect(port);
  await stuck.send("GET / HTTP/1.1\r\nHost: loc");
  using idle = await RawPeer.connect(port);
  using raw = await RawPeer.connect(port);
  await raw.upgrade();
  using stream = await RawPeer.connect(port);
  await stream.send("GET /api/rooms/lobby/stream?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await stream.readUntil('"kind":"join"');
  const started = performance.now();
  const { code, stderr } = await server.stop();
  assertEquals(code, 0);
  assertLess(performance.now() - started, 5000);
  assert(!TROUBLE.test(stderr), stderr);
  assertEquals(await ann.ended, 1001);
  assertEquals(ann.messages.at(-1).type, "bye");
  assertEquals(await idle.readAll(), "");
});

Deno.test("serve speaks https with a certificate, and reloads it at SIGHUP", async () => {
  using directory = new TemporaryDirectory();
  const cert = `${directory.path}/cert.pem`;
  const key = `${directory.path}/key.pem`;
  const renew = async () => {
    const pair = await makeCertificate();
    await Deno.writeTextFile(cert, pair.cert);
    await Deno.writeTextFile(key, pair.key);
    return pair.cert;
  };
  const first = await renew();
  await using server = await ServerProcess.start({
    args: ["--web", `https://127.0.0.1:0?cert=${cert}&key=${key}`],
  });
  const port = Number(new URL(server.web).port);
  const connect = (ca: string) => Deno.connectTls({ hostname: "localhost", port, caCerts: [ca] });
  {
    using peer = new RawPeer(await connect(first));
    await peer.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertEquals((await peer.readResponse()).body, '{"status":"ok"}');
    await peer.upgrade();
    await peer.sendMessage({ type: "hello", name: "ann" });
    assertEquals((await peer.readMessage()).type, "welcome");
  }
  {
    using plain = await RawPeer.connect(port);
    await plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const { status, body } = await plain.readResponse();
    assertEquals(status, 400);
    assertStringIncludes(body, "Write https:// at the beginning");
  }
  const second = await renew();
  server.process.kill("SIGHUP");
  await server.expectStderr(/Reloaded the certificate of https:/);
  using peer = new RawPeer(await connect(second));
  await peer.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assertEquals((await peer.readResponse()).status, 200);
});
