import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { Flusher } from "../../lib/server/output/flusher.ts";
import { Outbox } from "../../lib/server/output/outbox.ts";
import type { Session } from "../../lib/server/session/session.ts";
import { Echo } from "../../lib/service/echo.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { SeededRandom } from "../support/random.ts";
import { LineScene, settle } from "./line_scene.ts";

const RAW = { endpointOptions: { framing: "raw" } };

Deno.test("Echo sends back every line", async () => {
  await using scene = new LineScene(new Echo());
  const peer = scene.connect();
  for (const line of ["hello", "", "  two  spaces ", "é 你 👩‍👩‍👧", "\ttab"]) {
    assertEquals(await peer.ask(line), line);
  }
  assertEquals(peer.hasEnded, false);
});

Deno.test("Echo sends everything back to a peer that ends its side, including an unfinished line", async () => {
  await using scene = new LineScene(new Echo());
  const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
  assertEquals(await scene.exchange(...lines), lines);

  const peer = scene.connect();
  peer.sendText("one\ntwo");
  assertEquals(await peer.finish(), ["one", "two"]);
});

Deno.test("Echo cuts a line that is too long, and does not take the rest for another line", async () => {
  await using scene = new LineScene(new Echo());
  const peer = scene.connect();
  assertEquals(await peer.ask("x".repeat(4096)), "x".repeat(4096));
  assertEquals(await peer.ask("y".repeat(10_000)), "y".repeat(4096));
  assertEquals(await peer.ask("next"), "next");
});

Deno.test("Echo with framing=raw sends bytes back as they arrive, without the end of a line", async () => {
  await using scene = new LineScene(new Echo(), RAW);
  const peer = scene.connect();
  peer.sendText("par");
  await peer.until(() => peer.transcript === "par");
  peer.sendText("tial\nline\r\n\r");
  await peer.until(() => peer.transcript === "partial\nline\r\n\r");
});

Deno.test("Echo with framing=raw changes no byte", async () => {
  await using scene = new LineScene(new Echo(), RAW);
  const peer = scene.connect();
  const random = new SeededRandom(1);
  let sent = "";
  for (let chunk = 0; chunk < 50; chunk++) {
    // Any bytes below 128, so that the transcript can be compared; IAC and the like follow below.
    const bytes = random.bytes(1 + random.int(2000)).map((byte) => byte & 127);
    sent += String.fromCharCode(...bytes);
    peer.sendBytes(bytes);
  }
  await peer.finish();
  assertEquals(peer.transcript, sent);

  const other = scene.connect();
  const taken: number[] = [];
  const { push } = other.session.outbox;
  other.session.outbox.push = (bytes) => {
    taken.push(...bytes);
    return push.call(other.session.outbox, bytes);
  };
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  other.sendBytes(all);
  await other.finish();
  assertEquals(taken, [...all]);
});

Deno.test("Echo with framing=raw is raw to browsers, TLS and telnet clients too", async () => {
  await using scene = new LineScene(new Echo(), RAW);
  const request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const hello = "\x16\x03\x01\x02";
  for (const text of [request, hello]) {
    const peer = scene.connect();
    peer.sendText(text);
    await peer.finish();
    assertEquals(peer.transcript, text);
  }
});

for (const framing of ["line", "raw"]) {
  Deno.test(`Echo stops reading a peer that does not read, and loses nothing (${framing})`, async () => {
    const outboxBytes = 16 * 1024;
    await using scene = new LineScene(new Echo(), { outboxBytes, endpointOptions: { framing } });
    const [slow, quick] = [scene.connect(), scene.connect()];
    slow.pause();
    const text = Array.from({ length: 20_000 }, (_, index) => `line ${index}\r\n`).join("");
    for (let at = 0; at < text.length; at += 1000) slow.sendText(text.slice(at, at + 1000));
    await settle(200);
    // It waits until a quarter of the outbox is left, and a chunk is 1000 bytes.
    assertLessOrEqual(slow.session.outbox.queuedBytes, outboxBytes / 4 + 1000);
    assert(slow.session.outbox.queuedBytes > 0);
    quick.send("meanwhile");
    await quick.until(() => quick.transcript === "meanwhile\r\n");

    slow.resume();
    await slow.finish();
    assertEquals(slow.transcript, text);
  });
}

Deno.test("Echo sends back lines longer than its outbox, even to a slow reader", async () => {
  await using scene = new LineScene(new Echo(), { outboxBytes: 16_384, maxLineBytes: 100_000 });
  const peer = scene.connect();
  peer.pause();
  const lines = ["x".repeat(90_000), "short", "y".repeat(3000), "z".repeat(90_000), "last"];
  peer.send(...lines);
  await settle(100);
  peer.resume();
  assertEquals(await peer.finish(), lines);
});

Deno.test("Echo with framing=raw copies a chunk whose buffer is reused", async () => {
  const buffer = new Uint8Array(4);
  const chunks = (async function* () {
    for (const text of ["abcd", "efgh", "ijkl"]) {
      new TextEncoder().encodeInto(text, buffer);
      yield buffer;
    }
  })();
  let written = "";
  const outbox = new Outbox({
    async write(bytes) {
      await settle(); // before the system has looked at it
      written += new TextDecoder().decode(bytes);
      return bytes.length;
    },
  }, { capacityBytes: 1000, flusher: new Flusher(new FakeClock()) });
  const endpointOptions = new Map([["framing", "raw"]]);
  await new Echo().serve({ chunks, endpointOptions, outbox } as unknown as Session);
  await outbox.drained();
  assertEquals(written, "abcdefghijkl");
});

Deno.test("Echo ends when the peer breaks the connection", async () => {
  await using scene = new LineScene(new Echo());
  const peer = scene.connect();
  peer.pause();
  for (let index = 0; index < 100; index++) peer.send("x".repeat(4000));
  await settle();
  await peer.vanish();
});

Deno.test("Echo.hear() returns a datagram's line", () => {
  assertEquals(new Echo().hear("hello"), "hello");
});
