import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { resetSync } from "@logtape/logtape";
import { sleep } from "../../../lib/clock.ts";
import { currentConnection } from "../../../lib/context.ts";
import { configureLog } from "../../../lib/cli/log_output.ts";
import type { Conversation, NewConnection } from "../../../lib/server/connections/conversation.ts";
import type { Binding } from "../../../lib/server/session/line_door.ts";
import { Server, type ServerOptions } from "../../../lib/server/accepting/serve.ts";
import type { Service } from "../../../lib/server/session/service.ts";
import type { Session } from "../../../lib/server/session/session.ts";
import type { ByteConnection } from "../../../lib/transport/connection.ts";
import { peerKey } from "../../../lib/transport/silent_peers.ts";
import { MemoryListener, type MemoryPeer } from "../../../lib/transport/memory.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");
const FAREWELL = "* The server is stopping. All messages are saved.\r\n";

/** How long connections are still accepted. */
const ACCEPT_MS = 20;
/** Silence after which a stopping server expects nothing more from a peer. */
const QUIET_MS = 50;

type Serve = Service["serve"];

const echo: Serve = async (session) => {
  session.send("hello");
  for await (const line of session.lines) session.send(`> ${line}`);
};

/** A peer that reads everything it is sent. */
class Client {
  received = "";
  isAtEnd = false;
  readonly #peer: MemoryPeer;

  constructor(peer: MemoryPeer) {
    this.#peer = peer;
    this.#read();
  }

  async send(text: string): Promise<void> {
    this.#peer.send(encoder.encode(text));
    await settle();
  }

  async end(): Promise<void> {
    this.#peer.end();
    await settle();
  }

  async #read(): Promise<void> {
    for (;;) {
      const bytes = await this.#peer.take();
      if (!bytes) break;
      this.received += decoder.decode(bytes);
    }
    this.isAtEnd = true;
  }
}

/** A server on a listener in memory, and a clock that only the test moves. */
class Scene {
  readonly clock = new FakeClock();
  readonly server: Server;
  readonly listener: MemoryListener;
  readonly listening: Promise<void>;

  constructor(
    serve: Serve,
    options: Partial<ServerOptions> = {},
    binding: Partial<Binding> = {},
    listener = new MemoryListener(),
  ) {
    this.listener = listener;
    this.server = new Server({
      maxConnections: 0,
      maxPerAddress: 0,
      floodRate: 0,
      floodBurst: 1,
      outboxBytes: 1000,
      stallMs: 60_000,
      clock: this.clock,
      ...options,
    });
    this.listening = this.server.listen(this.listener, {
      service: { name: "test", maxLineBytes: 100, serve },
      scheme: "tcp",
      ...binding,
    });
  }

  /** Connects a peer and lets the server's delay pass. */
  async connect(remote?: string): Promise<Client> {
    const client = new Client(this.listener.connect(remote));
    await this.clock.advance(200);
    return client;
  }

  /** Stops the server, and waits as long as peers may linger. */
  async stop(): Promise<void> {
    const stopping = this.server.stop();
    await this.clock.advance(ACCEPT_MS + QUIET_MS + 1000);
    await stopping;
  }
}

Deno.test("Server.listen() serves many connections independently", async () => {
  const scene = new Scene(echo);
  const [a, b] = [await scene.connect(), await scene.connect()];
  await a.send("one\n");
  await b.send("two\n");
  assertEquals([a.received, b.received], ["hello\r\n> one\r\n", "hello\r\n> two\r\n"]);
  assertEquals(scene.server.sessionCount, 2);

  await a.end();
  assertEquals([a.isAtEnd, b.isAtEnd], [true, false]);
  assertEquals(scene.server.sessionCount, 1);
  await scene.stop();
});

Deno.test("Server.listen() serves several listeners, each with its own service", async () => {
  const scene = new Scene(echo);
  const other = new MemoryListener();
  const listening = scene.server.listen(other, {
    service: {
      name: "greet",
      maxLineBytes: 100,
      serve: (session) => Promise.resolve(void session.send("greetings")),
    },
    scheme: "tcp",
  });
  const [a, b] = [new Client(scene.listener.connect()), new Client(other.connect())];
  await scene.clock.advance(200);
  assertEquals([a.received, b.received], ["hello\r\n", "greetings\r\n"]);
  await scene.stop();
  await listening;
});

Deno.test("Server.listen() refuses connections over the limit, until there is room", async () => {
  const scene = new Scene(echo, { maxConnections: 2 });
  const [a] = [await scene.connect("192.0.2.1:1"), await scene.connect("192.0.2.2:1")];
  for (let count = 0; count < 3; count++) {
    const refused = await scene.connect("192.0.2.3:1");
    assertEquals(
      refused.received,
      "! The server is full: its limit is 2 connections. Try again later.\r\n",
    );
    assert(refused.isAtEnd);
    await refused.end();
  }
  await a.end();

  assertEquals((await scene.connect("192.0.2.3:1")).received, "hello\r\n");
  assertStringIncludes((await scene.connect("192.0.2.3:2")).received, "! The server is full");
  await scene.stop();
});

Deno.test("Server.listen() limits connections per address", async () => {
  const scene = new Scene(echo, { maxPerAddress: 1 });
  const first = await scene.connect("192.0.2.1:1");
  const refused = await scene.connect("192.0.2.1:2");
  assertEquals(
    refused.received,
    "! Too many connections from your address: the limit is 1. Close one and try again.\r\n",
  );
  assertEquals((await scene.connect("192.0.2.2:1")).received, "hello\r\n");

  await first.end();
  assertEquals((await scene.connect("192.0.2.1:3")).received, "hello\r\n");
  await scene.stop();
});

Deno.test("Server.listen() counts a connection down however it ends", async () => {
  const ends: Serve[] = [
    () => Promise.resolve(),
    () => Promise.reject(new Error("Cannot serve: this is a test")),
    () => {
      throw new Error("Cannot serve: this is a test");
    },
    (session) => session.end(),
    // deno-lint-ignore require-await -- as services are
    async (session) => session.abort(),
  ];
  for (const serve of ends) {
    const scene = new Scene(serve, { maxConnections: 1 });
    for (let count = 0; count < 3; count++) {
      const client = await scene.connect();
      assert(!client.received.includes("full"), `${serve}: ${client.received}`);
      await client.end();
      assertEquals(scene.server.sessionCount, 0);
    }
    await scene.stop();
  }
});

Deno.test("Server.listen() answers a browser even over the limit", async () => {
  const scene = new Scene(echo, { maxConnections: 1 });
  await scene.connect();
  const client = new Client(scene.listener.connect());
  await client.send("GET / HTTP/1.1\r\n\r\n");
  assert(client.received.startsWith("HTTP/1.1 400 Bad Request\r\n"));
  await scene.stop();
});

const OUT_OF_DESCRIPTORS = "Too many open files (os error 24)";

/** A listener that fails for a while. */
class FailingListener extends MemoryListener {
  /** When it was asked, in milliseconds. */
  readonly askedAt: number[] = [];
  clock: FakeClock | undefined;
  #failures: number;

  constructor(failures: number) {
    super();
    this.#failures = failures;
  }

  override accept(): Promise<ByteConnection> {
    if (this.clock) this.askedAt.push(this.clock.monotonic());
    if (this.#failures-- > 0) return Promise.reject(new Error(OUT_OF_DESCRIPTORS));
    return super.accept();
  }
}

Deno.test("Server.listen() continues after accept errors, with pauses of up to a second", async () => {
  const listener = new FailingListener(12);
  const scene = new Scene(echo, {}, {}, listener);
  listener.clock = scene.clock;
  await scene.clock.advance(10_000);

  const pauses = listener.askedAt.slice(1).map((at, index) => at - listener.askedAt[index]);
  assertEquals(pauses, [10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000, 1000]);
  assertEquals((await scene.connect()).received, "hello\r\n");
  assertEquals((await scene.connect()).received, "hello\r\n");
  await scene.stop();
});

Deno.test("Server.listen() serves existing connections while it cannot accept", async () => {
  const scene = new Scene(echo);
  const client = await scene.connect();
  const failing = new FailingListener(Infinity);
  const listening = scene.server.listen(failing, {
    service: { name: "test", maxLineBytes: 100, serve: echo },
    scheme: "tcp",
  });
  await client.send("still there?\n");
  assertEquals(client.received, "hello\r\n> still there?\r\n");
  await scene.stop();
  await listening;
});

Deno.test("Server.listen() logs an accept error once, not at every attempt", async () => {
  const records = recordLog();
  const scene = new Scene(echo, {}, {}, new FailingListener(8));
  await scene.clock.advance(5000);
  await scene.connect();
  await scene.stop();
  resetSync();

  const warnings = records.filter(({ level }) => level === "WARN");
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0].message, "Cannot accept connections for now");
  assertStringIncludes(warnings[0].message, OUT_OF_DESCRIPTORS);
});

interface JsonRecord {
  readonly level: string;
  readonly message: string;
  readonly properties: Record<string, unknown>;
}

/** Records the log from now on, until LogTape is reset. */
function recordLog(): JsonRecord[] {
  const records: JsonRecord[] = [];
  configureLog({
    format: "json",
    level: "debug",
    write: (line) => records.push(JSON.parse(line)),
  });
  return records;
}

Deno.test("Server.listen() ends only the session of a service that throws", async () => {
  const records = recordLog();
  const scene = new Scene(async (session) => {
    for await (const line of session.lines) {
      if (line === "fail") throw new TypeError("Cannot serve: this is a test");
      session.send(`> ${line}`);
    }
  });
  const failing = await scene.connect("192.0.2.1:1");
  const other = await scene.connect("192.0.2.2:1");
  await failing.send("fail\n");
  await failing.end();
  await other.send("fine\n");

  assertEquals([failing.received, failing.isAtEnd], ["! Internal error\r\n", true]);
  assertEquals([other.received, other.isAtEnd], ["> fine\r\n", false]);
  await scene.connect();
  assertEquals(scene.server.sessionCount, 2);
  await scene.stop();
  resetSync();

  const [error, ...more] = records.filter(({ level }) => level === "ERROR");
  assertEquals(more, []);
  assertStringIncludes(error.message, "Session failed: ");
  assertEquals(error.properties.remote, "192.0.2.1:1");
});

/** A conversation that lasts until its peer ends its side or the connection is closed. */
class Silence implements Conversation {
  readonly queuedBytes = 0;
  readonly #bytes: AsyncIterable<Uint8Array>;

  constructor({ connection: { bytes } }: NewConnection) {
    this.#bytes = bytes;
  }

  async run(): Promise<void> {
    for await (const _chunk of this.#bytes);
  }

  check(): void {}

  stop(): void {}
}

const fail = (): never => {
  throw new Error("Cannot converse: this is a test");
};

Deno.test("Server.converse() closes a connection whose conversation cannot begin, and frees its place", async () => {
  const records = recordLog();
  const scene = new Scene(echo, { maxConnections: 1 });
  const listener = new MemoryListener();
  const conversing = scene.server.converse(listener, "test", fail);
  const clients = [1, 2, 3].map((port) => new Client(listener.connect(`192.0.2.1:${port}`)));
  await settle(); // without time passing: nobody else waits for the next accept

  assertEquals(clients.map(({ isAtEnd }) => isAtEnd), [true, true, true]);
  assertEquals(scene.server.sessionCount, 0);
  assertEquals((await scene.connect("192.0.2.1:4")).received, "hello\r\n");
  await scene.stop();
  await conversing;
  resetSync();

  const errors = records.filter(({ level }) => level === "ERROR");
  assertEquals(errors.map(({ properties }) => properties.remote), [
    "192.0.2.1:1",
    "192.0.2.1:2",
    "192.0.2.1:3",
  ]);
  assertEquals(records.filter(({ level }) => level === "WARN"), []);
});

Deno.test("Server.stop() tells everybody, waits until they have it, and resolves", async () => {
  const scene = new Scene(echo);
  const clients = [await scene.connect(), await scene.connect(), await scene.connect()];
  await clients[0].send("last\n");

  const stopping = scene.server.stop();
  await scene.clock.advance(QUIET_MS);
  for (const client of clients) {
    assert(client.received.endsWith(FAREWELL));
    assert(client.isAtEnd);
    await client.end();
  }
  await stopping;

  assertEquals(clients[0].received, `hello\r\n> last\r\n${FAREWELL}`);
  assertEquals(scene.server.sessionCount, 0);
  await scene.listening;
});

Deno.test("Server.stop() waits only 100 ms for silent peers that do not end", async () => {
  const scene = new Scene(echo);
  const client = await scene.connect();
  let hasStopped = false;
  const stopping = scene.server.stop().then(() => hasStopped = true);
  await scene.clock.advance(QUIET_MS + 99);
  assertEquals([client.received, hasStopped], [`hello\r\n${FAREWELL}`, false]);

  await scene.clock.advance(1);
  await stopping;
});

Deno.test("Server.stop() waits at most stallMs for a peer that reads nothing", async () => {
  const scene = new Scene(echo, { stallMs: 3000 });
  scene.listener.connect();
  await scene.clock.advance(200);
  const stopping = scene.server.stop();
  await scene.clock.advance(5000);
  await stopping;
  assertEquals(scene.server.sessionCount, 0);
});

Deno.test("Server.stop() also tells peers that the service has not greeted", async () => {
  const scene = new Scene(echo);
  const client = new Client(scene.listener.connect());
  await settle();
  await scene.stop();
  assertEquals(client.received, FAREWELL);
  assert(client.isAtEnd);
});

Deno.test("Server.stop() closes a connection that arrives at that moment", async () => {
  const scene = new Scene(echo);
  await settle();
  const client = new Client(scene.listener.connect());
  await scene.stop();
  await scene.listening;
  assertEquals(scene.server.sessionCount, 0);
  assert(client.isAtEnd);
});

Deno.test("Server.stop() ends listeners that cannot accept", async () => {
  const scene = new Scene(echo, {}, {}, new FailingListener(Infinity));
  await settle();
  await scene.stop();
  await scene.listening;
});

Deno.test("Server.stop() resolves without any connection", async () => {
  const scene = new Scene(echo);
  await scene.stop();
  await scene.listening;
});

Deno.test("Server.listen() checks its sessions every second", async () => {
  const scene = new Scene(echo, {}, { idleMs: 10_000 });
  const client = await scene.connect();
  await scene.clock.advance(9000);
  assertEquals(client.received, "hello\r\n");
  await scene.clock.advance(2000);
  assertEquals(
    client.received,
    "hello\r\n! You sent nothing for 10 seconds. Goodbye.\r\n",
  );
  assert(client.isAtEnd);
  await scene.stop();
});

Deno.test("Server.listen() says 1 second, not 1 seconds", async () => {
  const scene = new Scene(echo, {}, { idleMs: 1000 });
  const client = await scene.connect();
  await scene.clock.advance(3000);
  assertEquals(client.received, "hello\r\n! You sent nothing for 1 second. Goodbye.\r\n");
  await scene.stop();
});

Deno.test("Server.listen() prefers the endpoint's line limit to the service's", async () => {
  for (const [maxLineBytes, expected] of [[undefined, 100], [20, 20]] as const) {
    let limit: number | undefined;
    const scene = new Scene(
      (session) => Promise.resolve(void (limit = session.maxLineBytes)),
      {},
      { maxLineBytes },
    );
    await scene.connect();
    assertEquals(limit, expected);
    await scene.stop();
  }
});

Deno.test("Server.listen() opens telnet negotiation on telnet endpoints of services that edit lines", async () => {
  const cases = [["telnet", true, true], ["telnet", false, false], ["tcp", true, false]] as const;
  for (const [scheme, editsLines, isOpened] of cases) {
    const service = { name: "test", maxLineBytes: 100, serve: echo, editsLines };
    const scene = new Scene(echo, {}, { scheme, service });
    const client = await scene.connect();
    assertEquals(client.received.startsWith("\xff\xfd"), isOpened);
    await scene.stop();
  }
});

Deno.test("Server.listen() applies flood control to each connection of a service that has it", async () => {
  const service = { name: "test", maxLineBytes: 100, serve: echo, isFloodControlled: true };
  const scene = new Scene(echo, { floodRate: 1, floodBurst: 2 }, { service });
  const [a, b] = [await scene.connect(), await scene.connect()];
  await a.send("1\n2\n3\n");
  await b.send("1\n");
  assertEquals(a.received, "hello\r\n> 1\r\n> 2\r\n");
  assertEquals(b.received, "hello\r\n> 1\r\n");

  await scene.clock.advance(1000);
  assertEquals(a.received, "hello\r\n> 1\r\n> 2\r\n> 3\r\n");
  await scene.stop();
});

Deno.test("Server.listen() does not delay lines of a service without flood control", async () => {
  const service = { name: "test", maxLineBytes: 100, serve: echo };
  const scene = new Scene(echo, { floodRate: 1, floodBurst: 2 }, { service });
  const client = await scene.connect();
  await client.send("1\n2\n3\n");
  assertEquals(client.received, "hello\r\n> 1\r\n> 2\r\n> 3\r\n");
  await scene.stop();
});

Deno.test("currentConnection() is the session's own in everything its service does", async () => {
  const seen: { session: Session; isOwn: boolean; where: string }[] = [];
  const scene = new Scene(async (session) => {
    const look = (where: string) =>
      seen.push({ session, isOwn: currentConnection() === session.context, where });
    look("start");
    for await (const line of session.lines) {
      look(line);
      await sleep(scene.clock, 10);
      look(`${line} after a pause`);
    }
    look("end");
  });
  assertEquals(currentConnection(), undefined);
  const [a, b] = [await scene.connect("192.0.2.1:1"), await scene.connect("192.0.2.2:2")];
  await a.send("a1\n");
  await b.send("b1\nb2\n");
  await a.send("a2\n");
  await scene.clock.advance(100);
  await b.end();
  await a.end();
  await scene.stop();

  assertEquals(seen.filter(({ isOwn }) => !isOwn), []);
  assertEquals(seen.length, 2 * 6);
  const contexts = [...new Set(seen.map(({ session }) => session.context))];
  assertEquals(
    contexts.map(({ connection, transport, remote }) => [connection, transport, remote]),
    [
      [1, "tcp", "192.0.2.1:1"],
      [2, "tcp", "192.0.2.2:2"],
    ],
  );
  assertEquals(currentConnection(), undefined);
});

Deno.test("Server logs with the context of the connection concerned", async () => {
  const records = recordLog();
  const scene = new Scene(echo);
  const [a] = [await scene.connect("192.0.2.1:1"), await scene.connect("192.0.2.2:2")];
  await a.end();
  await scene.stop();
  resetSync();

  assertEquals(
    records.map(({ message, properties }) => [message, properties.connection, properties.remote]),
    [
      ["Connected", 1, "192.0.2.1:1"],
      ["Connected", 2, "192.0.2.2:2"],
      ["Disconnected", 1, "192.0.2.1:1"],
      ["Disconnected", 2, "192.0.2.2:2"],
    ],
  );
});

Deno.test("Server closes a connection whose machine acknowledges nothing for 40 s", async () => {
  let silent = new Map<string, number>();
  const scene = new Scene(echo, { countRepeats: () => Promise.resolve(silent) });
  const gone = await scene.connect("192.0.2.7:5001");
  const other = await scene.connect("192.0.2.8:5001");
  silent = new Map([[peerKey("192.0.2.7:5001")!, 4], [peerKey("192.0.2.8:5001")!, 3]]);
  await scene.clock.advance(20_000);
  silent = new Map();
  await scene.clock.advance(20_000);
  silent = new Map([[peerKey("192.0.2.7:5001")!, 4], [peerKey("192.0.2.8:5001")!, 3]]);
  await scene.clock.advance(39_000);
  assertEquals(gone.isAtEnd, false, "it had acknowledged something in between");
  await scene.clock.advance(21_000);
  assertEquals([gone.isAtEnd, other.isAtEnd], [true, false]);
  assertEquals(scene.server.sessionCount, 1);
  await scene.stop();
});

Deno.test("Server.adjust() changes the limits of those who are connected", async () => {
  const limits = { maxConnections: 0, maxPerAddress: 0, floodRate: 0, floodBurst: 1 };
  const scene = new Scene(echo, { ...limits, outboxBytes: 1000, stallMs: 60_000 });
  scene.listener.connect();
  await scene.clock.advance(1000);
  assertEquals(scene.server.sessionCount, 1);
  scene.server.adjust({ ...limits, outboxBytes: 2000, stallMs: 2000 });
  await scene.clock.advance(3000);
  assertEquals(scene.server.sessionCount, 0);
  await scene.stop();
});

Deno.test("Server.doors counts connections and bytes by service and scheme", async () => {
  const scene = new Scene(echo, { maxConnections: 2 });
  const other = new MemoryListener();
  const listening = scene.server.converse(other, "web", (peer) => new Silence(peer));
  const [a] = [await scene.connect(), new Client(other.connect())];
  const refused = await scene.connect();
  await a.send("one\n");
  const door = { service: "test", door: "tcp", open: 2, accepted: 1, refused: 1, stalled: 0 };
  const none = { open: 1, refused: 0, bytesIn: 0, bytesOut: 0 };
  const web = { ...door, service: "web", door: "web", ...none };
  const bytesOut = a.received.length + refused.received.length;
  assertEquals([...scene.server.doors].map((counts) => ({ ...counts })), [
    { ...door, bytesIn: 4, bytesOut },
    web,
  ]);
  await a.end();
  await refused.end();
  assertEquals([...scene.server.doors].map(({ open, accepted }) => [open, accepted]), [
    [0, 1],
    [1, 1],
  ]);
  scene.server.abort();
  await scene.stop();
  await listening;
});

Deno.test("Server.queues tells what waits for all peers and for the slowest, who counts once it is disconnected", async () => {
  const line = "x".repeat(98);
  const scene = new Scene(async (session) => {
    session.send("hello");
    for await (const text of session.lines) {
      for (let count = Number(text); count > 0; count--) session.send(line);
    }
  }, { stallMs: 5000 });
  const peers = [scene.listener.connect(), scene.listener.connect()];
  await scene.clock.advance(200);
  await Promise.all(peers.map((peer) => peer.take()));
  for (const [index, peer] of peers.entries()) peer.send(encoder.encode(`${index + 1}\n`));
  await settle();
  assertEquals(scene.server.queues, { bytes: 300, most: 200, limit: 1000 });
  await scene.clock.advance(6000);
  assertEquals(scene.server.queues, { bytes: 0, most: 0, limit: 1000 });
  assertEquals([...scene.server.doors].map(({ stalled }) => stalled), [2]);
  await scene.stop();
});
