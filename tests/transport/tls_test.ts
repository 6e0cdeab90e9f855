import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ByteConnection, Listener } from "../../lib/transport/connection.ts";
import { ListenError, parseEndpoint } from "../../lib/transport/endpoint.ts";
import { listen as listenAt } from "../../lib/transport/mod.ts";
import { listenTls, type TlsOptions } from "../../lib/transport/tls.ts";
import { PLAIN_TEXT_HINT } from "../../lib/transport/tls_hello.ts";
import { makeCertificate } from "../support/certificate.ts";
import { IS_DENO_2_7 } from "../support/deno_2_7.ts";
import { FakeClock, settleSockets } from "../support/fake_clock.ts";
import { GivenTurns } from "../support/given_turns.ts";
import { within } from "../support/patience.ts";
import { StreamPeer } from "../support/stream_peer.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { testByteTransport } from "./connection_contract.ts";

const first = await makeCertificate();
const second = await makeCertificate();

/** The files of a certificate and its key, for the time of a test. */
class PairFiles extends TemporaryDirectory {
  readonly cert = `${this.path}/cert.pem`;
  readonly key = `${this.path}/key.pem`;

  constructor(pair: { cert: string; key: string } = first) {
    super();
    this.write(pair);
  }

  write({ cert, key }: { cert: string; key: string }): void {
    Deno.writeTextFileSync(this.cert, cert);
    Deno.writeTextFileSync(this.key, key);
  }

  endpoint({ port = 0, cert = this.cert, key = this.key } = {}) {
    return parseEndpoint(`tls://127.0.0.1:${port}?cert=${cert}&key=${key}`);
  }
}

async function listen(options?: TlsOptions): Promise<Listener> {
  using files = new PairFiles();
  return await listenTls(files.endpoint(), options);
}

/** Registers a test for both ways to add TLS; in Deno 2.7 they are the same. */
function testBothWays(name: string, run: (way: Pick<TlsOptions, "isRelayed">) => Promise<void>) {
  const sanitizeOps = !IS_DENO_2_7;
  Deno.test(name, { sanitizeOps }, () => run({}));
  Deno.test(`${name} (relayed)`, { sanitizeOps }, () => run({ isRelayed: true }));
}

function portOf(listener: Listener): number {
  return Number(listener.endpoint.split(":").at(-1));
}

function connectPlain(listener: Listener): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname: "127.0.0.1", port: portOf(listener) });
}

/** Connects without a handshake: the first read or write does it, or `handshake()`. */
function connectTls(listener: Listener, { cert } = first): Promise<Deno.TlsConn> {
  const port = portOf(listener);
  return Deno.connectTls({ hostname: "localhost", port, caCerts: [cert] });
}

for (
  const [name, way] of [["listenTls()", {}], ["listenTls(relayed)", { isRelayed: true }]] as const
) {
  testByteTransport(name, {
    listen: () => listen(way),
    connect: async (listener) => new StreamPeer(await connectTls(listener)),
    isUnordered: true,
  });
}

/** Everything up to the end. */
async function takeText(peer: StreamPeer): Promise<string> {
  let text = "";
  for (;;) {
    const bytes = await peer.take();
    if (!bytes) return text;
    text += new TextDecoder().decode(bytes);
  }
}

/** Accepts `count` peers at `listener`; called before they connect. */
async function acceptMany(listener: Listener, count: number): Promise<void> {
  for (let accepted = 0; accepted < count; accepted++) (await listener.accept()).close();
}

Deno.test("listenTls() reports its port", async () => {
  const listener = await listen();
  assert(portOf(listener) > 0);
  assert(listener.endpoint.startsWith("tls://127.0.0.1:"));
  listener.close();
});

Deno.test("listenTls() refuses a port that another TLS listener has", async () => {
  using files = new PairFiles();
  const listener = await listenTls(files.endpoint());
  const endpoint = files.endpoint({ port: portOf(listener) });
  await assertRejects(() => listenTls(endpoint), Deno.errors.AddrInUse);
  listener.close();
});

Deno.test("listenTls() names a missing file", async () => {
  using files = new PairFiles();
  await assertRejects(
    () => listenTls(files.endpoint({ cert: "/nowhere/cert.pem" })),
    ListenError,
    "there is no certificate file /nowhere/cert.pem. Choose the right one with cert=FILE.",
  );
  await assertRejects(
    () => listenTls(files.endpoint({ key: "/nowhere/key.pem" })),
    ListenError,
    "there is no key file /nowhere/key.pem. Choose the right one with key=FILE.",
  );
});

Deno.test("listenTls() explains what is wrong with a bad pair", async () => {
  const bad: [pair: { cert: string; key: string }, reason: string][] = [
    [{ cert: first.cert, key: second.key }, "Choose two that belong together."],
    [{ cert: first.key, key: first.cert }, "cert.pem is not a certificate in PEM form."],
    [{ cert: "", key: first.key }, "cert.pem is not a certificate in PEM form."],
    [{ cert: first.cert, key: "" }, "key.pem is not a private key in PEM form"],
    [{ cert: first.cert.replace(/\n.*\n/, "\nAAAA\n"), key: first.key }, "is not a certificate"],
    [{ cert: first.cert, key: first.key.replace(/\n.*\n/, "\nAAAA\n") }, "is not a private key"],
  ];
  for (const [pair, reason] of bad) {
    using files = new PairFiles(pair);
    await assertRejects(() => listenTls(files.endpoint()), ListenError, reason);
  }
});

testBothWays("TlsListener.accept() does not wait for anybody's handshake", async (way) => {
  const listener = await listen(way);
  const accepting = listener.accept();
  const silent = await connectPlain(listener);
  const honest = await connectTls(listener);
  await honest.handshake();
  const { port } = honest.localAddr as Deno.NetAddr;

  const connection = await accepting;
  assertEquals(connection.remote, `127.0.0.1:${port}`);

  connection.close();
  honest.close();
  listener.close();
  assertEquals(await new StreamPeer(silent).take(), undefined);
  silent.close();
});

testBothWays(
  "TlsListener.accept() does not return peers that speak plain text or leave",
  async (way) => {
    const listener = await listen(way);
    const accepting = listener.accept();
    const plain = new StreamPeer(await connectPlain(listener));
    await plain.send(new TextEncoder().encode("hello\r\n"));
    assertEquals(await takeText(plain), PLAIN_TEXT_HINT);
    const mute = new StreamPeer(await connectPlain(listener));
    await mute.end();
    assertEquals(await mute.take(), undefined);

    const honest = await connectTls(listener);
    await honest.handshake();
    const { port } = honest.localAddr as Deno.NetAddr;
    const connection = await accepting;
    assertEquals(connection.remote, `127.0.0.1:${port}`);

    plain.vanish();
    mute.vanish();
    honest.close();
    connection.close();
    listener.close();
  },
);

testBothWays(
  "TlsListener.accept() closes peers that keep sending plain text",
  async (way) => {
    const listener = await listen({ ...way, clock: new FakeClock() });
    const accepting = assertRejects(() => listener.accept(), Deno.errors.BadResource);
    using peer = await connectPlain(listener);
    await assertRejects(async () => {
      const flood = new Uint8Array(64 * 1024).fill(10);
      for (let count = 0; count < 1000; count++) await peer.write(flood);
    }, Error);
    listener.close();
    await accepting;
  },
);

testBothWays(
  "TlsListener.accept() closes peers that are slow with their handshake",
  async (way) => {
    const clock = new SignallingClock();
    const listener = await listen({ ...way, handshakeMs: 10_000, clock });
    const accepting = assertRejects(() => listener.accept(), Deno.errors.BadResource);
    const silent = new StreamPeer(await connectPlain(listener));
    await clock.timers(1);
    const slow = new StreamPeer(await connectPlain(listener));
    await slow.send(Uint8Array.of(22, 3, 1)); // the start of a hello (RFC 8446 section 5.1)
    await clock.timers(2);

    await clock.advance(9_999);
    const ends = [takeText(silent), takeText(slow)];
    assertEquals(
      await Promise.race([...ends, settleSockets().then(() => "still there")]),
      "still there",
    );
    await clock.advance(1);
    // A person with telnet waits for the server to speak first.
    assertEquals(await Promise.all(ends), [PLAIN_TEXT_HINT, ""]);

    silent.vanish();
    slow.vanish();
    listener.close();
    await accepting;
  },
);

testBothWays(
  "TlsListener.accept() closes the slowest peer when there are too many handshakes",
  async (way) => {
    const clock = new SignallingClock();
    const listener = await listen({ ...way, maxHandshakes: 2, clock });
    const accepting = assertRejects(() => listener.accept(), Deno.errors.BadResource);
    const silent: StreamPeer[] = [];
    for (let count = 1; count <= 3; count++) {
      silent.push(new StreamPeer(await connectPlain(listener)));
      await clock.timers(count);
    }
    assertEquals(await silent[0].take(), undefined);
    const others = Promise.race(silent.slice(1).map((peer) => peer.take()));
    assertEquals(
      await Promise.race([others, settleSockets().then(() => "still there")]),
      "still there",
    );

    listener.close();
    await accepting;
    await others;
    for (const peer of silent) peer.vanish();
  },
);

testBothWays("TlsConnection.close() does not wait for a peer that reads nothing", async (way) => {
  const listener = await listen(way);
  const accepting = listener.accept();
  const peer = await connectTls(listener);
  await peer.handshake();
  const connection = await accepting;
  const waiting = assertRejects(() => writeOn(connection), Error);
  connection.close();
  await waiting;

  // The system reports it to a peer that writes to a closed socket.
  await assertRejects(() => writeOn(peer), Error);
  peer.close();
  listener.close();
});

testBothWays(
  "TlsConnection.write() says at once whether a peer that reads nothing is there",
  async (way) => {
    const listener = await listen(way);
    const accepting = listener.accept();
    const peer = await connectTls(listener);
    await peer.handshake();
    const connection = await accepting;
    const waiting = assertRejects(() => writeOn(connection), Error);
    await settleSockets(20);
    assertEquals(await connection.write(new Uint8Array()), 0);

    connection.close();
    await waiting;
    peer.close();
    listener.close();
  },
);

testBothWays(
  "TlsConnection.bytes reads from the socket only when somebody waits for bytes",
  async (way) => {
    const listener = await listen(way);
    const accepting = listener.accept();
    const peer = await connectTls(listener);
    await peer.handshake();
    const connection = await accepting;
    const sending = writeOn(peer).then(() => peer.closeWrite());
    const isSent = sending.then(() => true);
    assertEquals(await Promise.race([isSent, settleSockets(50).then(() => false)]), false);

    let length = 0;
    for await (const chunk of connection.bytes) length += chunk.length;
    assertEquals(length, 100 * 1024 * 1024);
    await sending;
    peer.close();
    connection.close();
    listener.close();
  },
);

/** Writes more than any system buffers for a peer that does not read. */
async function writeOn(connection: Pick<ByteConnection, "write">): Promise<void> {
  const bytes = new Uint8Array(1024 * 1024);
  for (let count = 0; count < 100; count++) {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  }
}

testBothWays("TlsListener.prepareReload() gives new peers the new certificate", async (way) => {
  using files = new PairFiles(first);
  const listener = await listenTls(files.endpoint(), way);
  files.write(second);
  (await listener.prepareReload!())();

  const accepting = acceptMany(listener, 1);
  const peer = await connectTls(listener, second);
  await peer.handshake();
  await accepting;
  peer.close();
  listener.close();
});

testBothWays("TlsListener.prepareReload() keeps existing connections", async (way) => {
  using files = new PairFiles(first);
  const listener = await listenTls(files.endpoint(), way);
  const accepting = listener.accept();
  const peer = new StreamPeer(await connectTls(listener));
  const connection = await accepting;
  files.write(second);
  (await listener.prepareReload!())();

  await peer.send(Uint8Array.of(7));
  assertEquals((await connection.bytes[Symbol.asyncIterator]().next()).value, Uint8Array.of(7));
  peer.vanish();
  connection.close();
  listener.close();
});

testBothWays(
  "TlsListener.prepareReload() accepts peers that had connected but not been accepted",
  async (way) => {
    using files = new PairFiles(first);
    const listener = await listenTls(files.endpoint(), way);
    const peers = await Promise.all(Array.from({ length: 20 }, () => connectTls(listener)));
    const accepting = acceptMany(listener, peers.length);
    (await listener.prepareReload!())();

    await Promise.all(peers.map((peer) => peer.handshake()));
    await accepting;
    for (const peer of peers) peer.close();
    listener.close();
  },
);

testBothWays(
  "TlsListener.prepareReload() keeps the old certificate if the new one is bad",
  async (way) => {
    using files = new PairFiles(first);
    const listener = await listenTls(files.endpoint(), way);
    files.write({ cert: second.cert, key: first.key });
    await assertRejects(() => listener.prepareReload!(), ListenError, "Choose two");
    Deno.removeSync(files.key);
    await assertRejects(() => listener.prepareReload!(), ListenError, "there is no key file");

    const accepting = acceptMany(listener, 1);
    const peer = await connectTls(listener, first);
    await peer.handshake();
    await accepting;
    peer.close();

    files.write(second);
    (await listener.prepareReload!())();
    listener.close();
  },
);

testBothWays(
  "TlsListener.prepareReload() does nothing once the listener is closed",
  async (way) => {
    using files = new PairFiles(first);
    const listener = await listenTls(files.endpoint(), way);
    const reload = await listener.prepareReload!();
    listener.close();
    reload();
    await assertRejects(() => connectPlain(listener), Deno.errors.ConnectionRefused);
  },
);

/** A clock that tells when timers are set. */
class SignallingClock extends FakeClock {
  /** Timers set in all. */
  count = 0;
  #changed = Promise.withResolvers<void>();

  override after(ms: number, work: () => void): () => void {
    this.count++;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    return super.after(ms, work);
  }

  /** Resolves once `count` timers have been set in all. */
  async timers(count: number): Promise<void> {
    while (this.count < count) {
      await within(`timer ${this.count + 1} of ${count}`, this.#changed.promise);
    }
  }
}

Deno.test({
  name: "listenTls() asks for a certificate if it is told to, and accepts any and none",
  // It cannot ask in Deno 2.7: its relay is `Deno.listenTls`.
  ignore: !("context" in createSecureContext()),
  async fn() {
    const listener = await listen({ asksForCertificate: true });
    const connectWith = (pair: { cert: string; key: string } | object) =>
      Deno.connectTls({
        hostname: "localhost",
        port: portOf(listener),
        caCerts: [first.cert],
        ...pair,
      });
    for (const pair of [second, first, undefined]) {
      const peer = await connectWith(pair ?? {});
      const [connection] = await Promise.all([listener.accept(), peer.handshake()]);
      const expected = pair && new X509Certificate(pair.cert).fingerprint256;
      assertEquals(connection.certificate, expected?.replaceAll(":", "").toLowerCase());
      peer.close();
      connection.close();
    }
    listener.close();
  },
});

testBothWays("listenTls() knows no certificate that it has not asked for", async (way) => {
  const listener = await listen(way);
  const peer = await connectTls(listener);
  const [connection] = await Promise.all([listener.accept(), peer.handshake()]);
  assertEquals(connection.certificate, undefined);
  peer.close();
  connection.close();
  listener.close();
});

testBothWays("listenTls() begins with one peer in a turn, however many come", async (way) => {
  const clock = new SignallingClock();
  const turns = new GivenTurns();
  const listener = await listen({ ...way, clock, work: { account: () => turns } });
  const accepting = assertRejects(() => listener.accept(), Deno.errors.BadResource);
  const peers = await Promise.all(Array.from({ length: 5 }, () => connectPlain(listener)));
  for (let begun = 0; begun < peers.length; begun++) {
    await settleSockets();
    assertEquals(clock.count, begun); // of the time limits of handshakes
    await turns.give();
    await clock.timers(begun + 1);
  }
  listener.close();
  await accepting;
  for (const peer of peers) peer.close();
});

Deno.test("listen() takes turns with handshakes at every door with TLS", async () => {
  using files = new PairFiles();
  for (const scheme of ["tls", "telnets", "https"]) {
    let asked = 0;
    const work = { account: () => ({ admit: () => void asked++ }) };
    const listener = await listenAt({ ...files.endpoint(), scheme }, { work });
    const accepting = listener.accept().catch(() => {});
    using _peer = await connectPlain(listener);
    while (asked === 0) await settleSockets();
    listener.close();
    await accepting;
  }
});

testBothWays("listenTls() tells one peer in a turn that it speaks plain text", async (way) => {
  const clock = new SignallingClock();
  const turns = new GivenTurns();
  const listener = await listen({
    ...way,
    handshakeMs: 10_000,
    clock,
    work: { account: () => turns },
  });
  const accepting = assertRejects(() => listener.accept(), Deno.errors.BadResource);
  const peers: StreamPeer[] = [];
  for (let begun = 1; begun <= 3; begun++) {
    peers.push(new StreamPeer(await connectPlain(listener)));
    await turns.give();
    await clock.timers(begun);
  }
  await clock.advance(10_000); // the time of all is over
  for (let told = 0; told < peers.length; told++) {
    await settleSockets();
    assertEquals(clock.count, peers.length + told); // of the time limits of last words
    await turns.give();
    assertEquals(await takeText(peers[told]), PLAIN_TEXT_HINT);
  }
  listener.close();
  await accepting;
  for (const peer of peers) peer.vanish();
});

Deno.test(
  "listenTls() takes turns with who comes, and with what peers send: all together until the handshake is complete, then each alone",
  { ignore: IS_DENO_2_7 },
  async () => {
    const asked: number[] = [];
    const { promise: turn, resolve: begin } = Promise.withResolvers<void>();
    const account = (number: number) => ({
      admit() {
        asked.push(number);
        return asked.length === 1 ? turn : undefined;
      },
    });
    let accounts = 0;
    const listener = await listen({
      work: { account: () => account(accounts++) },
      isRelayed: false,
    });
    const peer = await connectTls(listener);
    let isShaken = false;
    const accepted = listener.accept().then((connection) => {
      isShaken = true;
      return connection;
    });
    const handshake = peer.handshake();
    while (asked.length === 0) await settleSockets();
    await settleSockets();
    assertEquals([asked, isShaken], [[0], false]);
    begin();
    await handshake;
    const connection = await accepted;
    assertEquals([asked[0], ...new Set(asked.slice(1))], [0, 1]);
    await peer.write(new TextEncoder().encode("hello"));
    const { value } = await connection.bytes[Symbol.asyncIterator]().next();
    assertEquals(new TextDecoder().decode(value), "hello");
    assertEquals(asked.at(-1), 2);
    peer.close();
    connection.close();
    listener.close();
  },
);
