import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { parseEndpoint } from "../../lib/transport/endpoint.ts";
import { listenTcp } from "../../lib/transport/tcp.ts";
import { StreamPeer } from "../support/stream_peer.ts";
import { testByteTransport } from "./connection_contract.ts";

const ANY_PORT = parseEndpoint("tcp://127.0.0.1:0");
const KIB = 1024;

function portOf(endpoint: string): number {
  return Number(new URL(endpoint.replace("tcp:", "http:")).port);
}

async function connect(endpoint: string, hostname = "127.0.0.1"): Promise<StreamPeer> {
  return new StreamPeer(await Deno.connect({ hostname, port: portOf(endpoint) }));
}

testByteTransport("listenTcp()", {
  listen: () => listenTcp(ANY_PORT),
  connect: (listener) => connect(listener.endpoint),
});

Deno.test("listenTcp() reports its port", () => {
  const listener = listenTcp(parseEndpoint("telnet://127.0.0.1:0?idle=60"));
  try {
    const [, port] = /^telnet:\/\/127\.0\.0\.1:(\d+)$/.exec(listener.endpoint)!;
    assertNotEquals(port, "0");
  } finally {
    listener.close();
  }
});

Deno.test("listenTcp() refuses a port that is taken", () => {
  const listener = listenTcp(ANY_PORT);
  try {
    const endpoint = parseEndpoint(listener.endpoint);
    assertThrows(() => listenTcp(endpoint), Deno.errors.AddrInUse);
  } finally {
    listener.close();
  }
});

Deno.test("listenTcp() names peers by address and port", async () => {
  const listener = listenTcp(ANY_PORT);
  const client = await Deno.connect({ hostname: "127.0.0.1", port: portOf(listener.endpoint) });
  const connection = await listener.accept();
  const { port } = client.localAddr as Deno.NetAddr;
  assertEquals(connection.address, "127.0.0.1");
  assertEquals(connection.remote, `127.0.0.1:${port}`);
  client.close();
  connection.close();
  listener.close();
});

/** Whether this machine has an IPv6 loopback. */
function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test({
  name: "listenTcp() puts IPv6 addresses in brackets",
  ignore: !hasIpv6(),
  async fn() {
    const listener = listenTcp(parseEndpoint("tcp://[::1]:0"));
    assert(listener.endpoint.startsWith("tcp://[::1]:"));
    const client = await Deno.connect({ hostname: "::1", port: portOf(listener.endpoint) });
    const connection = await listener.accept();
    const { port } = client.localAddr as Deno.NetAddr;
    assertEquals(connection.address, "::1");
    assertEquals(connection.remote, `[::1]:${port}`);
    client.close();
    connection.close();
    listener.close();
  },
});

Deno.test({
  name: "listenTcp() names IPv4 peers of an IPv6 socket, and itself to them, as other sockets do",
  ignore: !hasIpv6(),
  async fn() {
    const listener = listenTcp(parseEndpoint("tcp://[::]:0"));
    const client = await Deno.connect({ hostname: "127.0.0.1", port: portOf(listener.endpoint) });
    const connection = await listener.accept();
    const { port } = client.localAddr as Deno.NetAddr;
    assertEquals(connection.address, "127.0.0.1");
    assertEquals(connection.remote, `127.0.0.1:${port}`);
    assertEquals(connection.localAddress, "127.0.0.1");
    client.close();
    connection.close();
    listener.close();
  },
});

Deno.test("TcpConnection.bytes reads into a small buffer that grows while the peer is busy", async () => {
  const listener = listenTcp(ANY_PORT);
  const peer = await connect(listener.endpoint);
  const connection = await listener.accept();
  const bytes = connection.bytes[Symbol.asyncIterator]();
  const bufferSize = async () => (await bytes.next()).value!.buffer.byteLength;

  // A few bytes now and then are read into the same small buffer each time.
  for (let count = 0; count < 3; count++) {
    await peer.send(new Uint8Array(10));
    assertEquals(await bufferSize(), 256);
  }

  const sending = peer.send(new Uint8Array(2 * 1024 * KIB)).then(() => peer.end());
  const sizes: number[] = [];
  for await (const chunk of connection.bytes) sizes.push(chunk.buffer.byteLength);
  await sending;
  assertEquals(sizes[0], 256);
  assertEquals(Math.max(...sizes), 64 * KIB);

  peer.vanish();
  connection.close();
  listener.close();
});

Deno.test("TcpConnection.bytes returns each burst in one piece, once it knows their size", async () => {
  const listener = listenTcp(ANY_PORT);
  const peer = await connect(listener.endpoint);
  const connection = await listener.accept();
  const bytes = connection.bytes[Symbol.asyncIterator]();
  const BURST = 1100;
  const pieces: number[] = [];
  for (let count = 0; count < 6; count++) {
    await peer.send(new Uint8Array(BURST));
    let reads = 0;
    for (let read = 0; read < BURST; reads++) read += (await bytes.next()).value!.length;
    pieces.push(reads);
  }
  // The first two are larger than the buffer.
  assertEquals(pieces.slice(2), [1, 1, 1, 1]);

  peer.vanish();
  connection.close();
  listener.close();
});

Deno.test("TcpConnection.bytes returns to a small buffer once the peer is quiet", async () => {
  const listener = listenTcp(ANY_PORT);
  const peer = await connect(listener.endpoint);
  const connection = await listener.accept();
  const bytes = connection.bytes[Symbol.asyncIterator]();
  await peer.send(new Uint8Array(20 * KIB));
  for (let read = 0; read < 20 * KIB;) read += (await bytes.next()).value!.length;

  let size = Infinity;
  for (let count = 0; count < 15; count++) {
    await peer.send(new Uint8Array(1));
    size = (await bytes.next()).value!.buffer.byteLength;
  }
  assertEquals(size, 256);

  peer.vanish();
  connection.close();
  listener.close();
});
