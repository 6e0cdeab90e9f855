/**
 * The contract of byte transports. A transport's test says how to open a listener and how to play
 * its peer; the cases are the same for all.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { ByteConnection, Listener } from "../../lib/transport/connection.ts";
import { IS_DENO_2_7 } from "../support/deno_2_7.ts";
import { settleSockets } from "../support/fake_clock.ts";
import { SeededRandom } from "../support/random.ts";

/** The peer's end of a connection. */
export interface ContractPeer {
  /** Sends all of `bytes`. */
  send(bytes: Uint8Array): Promise<void>;
  /** Ends the peer's side only. */
  end(): Promise<void>;
  /** The next bytes, at most `limit`; `undefined` at the end, whatever caused it. */
  take(limit?: number): Promise<Uint8Array | undefined>;
  /** Closes both sides without taking the remaining bytes. */
  vanish(): void;
}

export interface TransportUnderTest {
  listen(): Listener | Promise<Listener>;
  connect(listener: Listener): Promise<ContractPeer>;
  /**
   * Whether peers complete a handshake before they are accepted, so that one may overtake another.
   */
  readonly isUnordered?: boolean;
  /** Whether our end is the end of both sides, as it is for a channel of SSH. */
  readonly closesBothSides?: boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const text = (bytes: Uint8Array | undefined) => bytes && decoder.decode(bytes);

interface Scene {
  readonly listener: Listener;
  readonly connection: ByteConnection;
  readonly peer: ContractPeer;
}

/** Registers the tests of a transport. */
export function testByteTransport(name: string, transport: TransportUnderTest): void {
  const test = (promise: string, run: (scene: Scene) => Promise<void>, ignore = false) =>
    Deno.test(`${name} ${promise}`, { ignore, sanitizeResources: !IS_DENO_2_7 }, async () => {
      const listener = await transport.listen();
      const accepting = listener.accept();
      const peer = await transport.connect(listener);
      const connection = await accepting;
      try {
        await run({ listener, connection, peer });
      } finally {
        connection.close();
        peer.vanish();
        listener.close();
      }
    });

  test("passes on the peer's bytes in order, up to its end", async ({ connection, peer }) => {
    const sent = new SeededRandom(1).bytes(300_000);
    const sending = sendAll(peer, sent, 7001).then(() => peer.end());
    assertSameBytes(await readAll(connection), sent);
    await sending;
  });

  test("sends the peer bytes in order, up to our end", async ({ connection, peer }) => {
    const sent = new SeededRandom(2).bytes(300_000);
    const writing = writeAll(connection, sent, 7001).then(() => connection.closeWrite());
    assertSameBytes(await takeAll(peer), sent);
    await writing;
  });

  test("carries both directions at once", async ({ connection, peer }) => {
    const random = new SeededRandom(3);
    const [up, down] = [random.bytes(200_000), random.bytes(200_000)];
    const [read, taken] = await Promise.all([
      readAll(connection),
      takeAll(peer),
      sendAll(peer, up, 10_000).then(() => peer.end()),
      writeAll(connection, down, 10_000).then(() => connection.closeWrite()),
    ]);
    assertSameBytes(read, up);
    assertSameBytes(taken, down);
  });

  test("carries one big write", async ({ connection, peer }) => {
    const sent = concat(Array(400).fill(new SeededRandom(4).bytes(10_007)));
    const writing = writeAll(connection, sent, sent.length).then(() => connection.closeWrite());
    assertSameBytes(await takeAll(peer), sent);
    await writing;
  });

  test("still sends to a peer that has ended its side", async ({ connection, peer }) => {
    await peer.send(encoder.encode("question"));
    await peer.end();
    assertEquals(text(await readAll(connection)), "question");

    const writing = writeAll(connection, encoder.encode("answer"), 2)
      .then(() => connection.closeWrite());
    assertEquals(text(await takeAll(peer)), "answer");
    await writing;
  });

  test("still receives from a peer after our end", async ({ connection, peer }) => {
    if (transport.closesBothSides) return;
    await connection.closeWrite();
    assertEquals(await peer.take(), undefined);

    await peer.send(encoder.encode("afterthought"));
    await peer.end();
    assertEquals(text(await readAll(connection)), "afterthought");
  });

  test("refuses to write after our end", async ({ connection }) => {
    await connection.closeWrite();
    await connection.closeWrite();
    await assertRejects(() => writeOften(connection), Error);
  });

  test("closes once everything that has arrived was read", async ({ connection, peer }) => {
    if (!connection.closeOnceRead) return;
    const bytes = connection.bytes[Symbol.asyncIterator]();
    const sent = new SeededRandom(5).bytes(100_000);
    await sendAll(peer, sent, 50_000);
    connection.closeOnceRead();
    const read: Uint8Array[] = [];
    for (let next = await bytes.next(); !next.done; next = await bytes.next()) {
      read.push(next.value.slice());
    }
    assertSameBytes(concat(read), sent);
    await assertRejects(() => writeOften(connection), Error);
  });

  test("ends both sides at once with close()", async ({ connection, peer }) => {
    const reading = readAll(connection);
    connection.close();
    connection.close();

    assertEquals((await reading).length, 0);
    assertEquals(await peer.take(), undefined);
    await assertRejects(() => connection.write(encoder.encode("x")), Error);
    await connection.closeWrite();
  });

  test("returns no more bytes after close()", async ({ connection, peer }) => {
    await peer.send(encoder.encode("unread"));
    await settleSockets();
    connection.close();
    assertEquals((await readAll(connection)).length, 0);
  });

  test("treats a vanished peer as the end, not as an error", async ({ connection, peer }) => {
    const reading = readAll(connection);
    peer.vanish();
    assertEquals((await reading).length, 0);
  });

  test("refuses to write to a vanished peer", async ({ connection, peer }) => {
    peer.vanish();
    await assertRejects(() => writeOften(connection), Error);
    await connection.closeWrite();
  });

  test("writes nothing for no bytes", async ({ connection, peer }) => {
    assertEquals(await connection.write(new Uint8Array()), 0);
    await peer.end();
    assertEquals((await readAll(connection)).length, 0);
    // A peer that has only ended its side is still there.
    assertEquals(await connection.write(new Uint8Array()), 0);
    const writing = writeAll(connection, encoder.encode("all"))
      .then(() => connection.closeWrite());
    assertEquals(text(await takeAll(peer)), "all");
    await writing;
  });

  test("refuses even to write no bytes to a peer known to be gone", async ({ connection, peer }) => {
    peer.vanish();
    await assertRejects(() => writeOften(connection), Error);
    await assertRejects(() => connection.write(new Uint8Array()), Error);
  });

  test("rejects a pending write when the peer vanishes", async ({ connection, peer }) => {
    const writing = writeOften(connection);
    await settleSockets();
    peer.vanish();
    await assertRejects(() => writing, Error);
  });

  test("rejects a pending write on close()", async ({ connection }) => {
    const writing = writeOften(connection);
    await settleSockets();
    connection.close();
    await assertRejects(() => writing, Error);
  }, IS_DENO_2_7);

  test("makes a writer wait for a slow reader, and loses nothing", async ({ connection, peer }) => {
    // More than the system buffers for a peer that does not read.
    const sent = concat(Array(100).fill(new SeededRandom(5).bytes(10_007)));
    const rounds = 24;
    let written = 0;
    const writing = (async () => {
      for (let round = 0; round < rounds; round++) {
        for (let at = 0; at < sent.length;) {
          at += await connection.write(sent.subarray(at));
          written = round * sent.length + at;
        }
      }
      await connection.closeWrite();
    })();
    await settleSockets(20);
    assert(written < rounds * sent.length, "a write waits");

    let taken = 0;
    for (;;) {
      const bytes = await peer.take(100_000);
      if (!bytes) break;
      const start = taken % sent.length;
      const head = sent.subarray(start, start + bytes.length);
      assertSameBytes(bytes.subarray(0, head.length), head);
      assertSameBytes(bytes.subarray(head.length), sent.subarray(0, bytes.length - head.length));
      taken += bytes.length;
    }
    assertEquals(taken, rounds * sent.length);
    await writing;
  });

  test("leaves a chunk unchanged until the next one is asked for", async ({ connection, peer }) => {
    const bytes = connection.bytes[Symbol.asyncIterator]();
    const chunk = bytes.next();
    await peer.send(encoder.encode("first"));
    const { value } = await chunk;
    await peer.send(encoder.encode("SECOND"));
    await settleSockets();

    assertEquals(text(value), "first");
    assertEquals(text((await bytes.next()).value), "SECOND");
  });

  test("lets its reader overwrite a chunk", async ({ connection, peer }) => {
    const sent = encoder.encode("to be written over");
    await peer.send(sent);
    const { value } = await connection.bytes[Symbol.asyncIterator]().next();
    value!.fill(0);
    assertEquals(text(sent), "to be written over");
  });

  test("does not change the bytes that it writes", async ({ connection, peer }) => {
    const shared = encoder.encode("for everybody");
    const writing = writeAll(connection, shared);
    let taken = "";
    while (taken.length < shared.length) {
      const bytes = await peer.take();
      taken += text(bytes);
      bytes!.fill(0);
    }
    await writing;
    assertEquals([taken, text(shared)], ["for everybody", "for everybody"]);
  });

  test("knows the peer's address", ({ connection }) => {
    assert(connection.address.length > 0);
    assertStringIncludes(connection.remote, connection.address);
    return Promise.resolve();
  });

  test("keeps its connections when it stops listening", async ({ listener, connection, peer }) => {
    listener.close();
    await peer.send(encoder.encode("still there"));
    await peer.end();
    assertEquals(text(await readAll(connection)), "still there");
  });

  Deno.test(`${name} rejects a pending accept() on close()`, async () => {
    const listener = await transport.listen();
    const accepting = listener.accept();
    listener.close();
    await assertRejects(() => accepting, Deno.errors.BadResource);
    await assertRejects(() => listener.accept(), Deno.errors.BadResource);
    listener.close();
  });

  Deno.test(`${name} refuses connections after close()`, async () => {
    const listener = await transport.listen();
    listener.close();
    await assertRejects(() => transport.connect(listener), Deno.errors.ConnectionRefused);
  });

  Deno.test(`${name} ends the connections that were not accepted before close()`, async () => {
    // Nobody can log in before somebody accepts.
    if (transport.closesBothSides) return;
    const listener = await transport.listen();
    const peer = await transport.connect(listener);
    listener.close();
    await assertRejects(() => listener.accept(), Deno.errors.BadResource);
    assertEquals(await peer.take(), undefined);
    peer.vanish();
  });

  if (transport.isUnordered) return;
  Deno.test(`${name} accepts peers in order of arrival`, async () => {
    const listener = await transport.listen();
    const peers: ContractPeer[] = [];
    for (const name of ["a", "b", "c"]) {
      const peer = await transport.connect(listener);
      await peer.send(encoder.encode(name));
      await peer.end();
      peers.push(peer);
    }
    const names: (string | undefined)[] = [];
    for (const peer of peers) {
      const connection = await listener.accept();
      names.push(text(await readAll(connection)));
      connection.close();
      peer.vanish();
    }
    listener.close();
    assertEquals(names, ["a", "b", "c"]);
  });
}

/** The bytes of a connection up to its end. Each chunk is copied before the next is asked for. */
async function readAll(connection: ByteConnection): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of connection.bytes) {
    assert(chunk.length > 0);
    chunks.push(chunk.slice());
  }
  return concat(chunks);
}

async function takeAll(peer: ContractPeer): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const bytes = await peer.take();
    if (!bytes) return concat(chunks);
    chunks.push(bytes);
  }
}

async function sendAll(peer: ContractPeer, bytes: Uint8Array, size: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += size) await peer.send(bytes.subarray(at, at + size));
}

async function writeAll(
  connection: ByteConnection,
  bytes: Uint8Array,
  size = bytes.length,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const taken = await connection.write(bytes.subarray(at, at + size));
    assert(taken > 0 && taken <= size);
    at += taken;
  }
}

/** Writes more than any system buffers for a peer that does not read. */
async function writeOften(connection: ByteConnection): Promise<void> {
  const bytes = new Uint8Array(1024 * 1024);
  for (let count = 0; count < 1000; count++) await connection.write(bytes);
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Compares without printing megabytes of difference. */
function assertSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  assertEquals(actual.length, expected.length);
  const at = actual.findIndex((byte, index) => byte !== expected[index]);
  assertEquals(at, -1, `the same bytes, but not at ${at}`);
}
