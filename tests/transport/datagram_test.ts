import { assert, assertEquals, assertLess, assertRejects, assertThrows } from "@std/assert";
import type { Datagram, DatagramSocket } from "../../lib/transport/datagram.ts";
import { ListenError, parseEndpoint } from "../../lib/transport/endpoint.ts";
import { listenDatagrams } from "../../lib/transport/mod.ts";
import { listenUdp } from "../../lib/transport/udp.ts";
import { listenUnixgram } from "../../lib/transport/unixgram.ts";
import { FakeClock, settleSockets } from "../support/fake_clock.ts";
import { SocketDirectory } from "../support/socket_directory.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A sender of datagrams, and the answers it gets. */
class Sender {
  readonly socket: Deno.DatagramConn;
  readonly #to: Deno.Addr;

  constructor(socket: Deno.DatagramConn, to: Deno.Addr) {
    this.socket = socket;
    this.#to = to;
  }

  static udp({ endpoint }: DatagramSocket): Sender {
    const { hostname, port } = parseEndpoint(endpoint);
    const socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
    return new Sender(socket, { transport: "udp", hostname, port });
  }

  static unixgram(from: string, { endpoint }: DatagramSocket): Sender {
    const socket = Deno.listenDatagram({ transport: "unixpacket", path: from });
    return new Sender(socket, { transport: "unixpacket", path: parseEndpoint(endpoint).path! });
  }

  async send(text: string): Promise<void> {
    await this.socket.send(encoder.encode(text), this.#to);
  }

  async take(): Promise<string> {
    return decoder.decode((await this.socket.receive())[0]);
  }
}

async function next(datagrams: AsyncIterator<Datagram>): Promise<Datagram> {
  return (await datagrams.next()).value;
}

function textOf({ bytes }: Datagram): string {
  return decoder.decode(bytes);
}

/** Whether this machine has the address. */
function hasAddress(hostname: string): boolean {
  try {
    Deno.listen({ hostname, port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

for (const host of ["127.0.0.1", "[::1]"]) {
  const name = `listenUdp() says who sent what, and answers, at ${host}`;
  const ignore = !hasAddress(host.replace(/[[\]]/g, ""));
  Deno.test({ name, ignore }, async () => {
    const socket = listenUdp(parseEndpoint(`udp://${host}:0`));
    const sender = Sender.udp(socket);
    const { hostname, port } = sender.socket.addr as Deno.NetAddr;
    const datagrams = socket.receive()[Symbol.asyncIterator]();

    await sender.send("question");
    const datagram = await next(datagrams);
    assertEquals(textOf(datagram), "question");
    assertEquals(datagram.source, `${host}:${port}`);
    assertEquals([datagram.address, datagram.port], [hostname, port]);
    await datagram.reply(encoder.encode("answer"));
    assertEquals(await sender.take(), "answer");

    sender.socket.close();
    socket.close();
  });
}

Deno.test({
  name: "listenUdp() names IPv4 senders to an IPv6 socket as other sockets do, and answers",
  ignore: !hasAddress("::1"),
  async fn() {
    const socket = listenUdp(parseEndpoint("udp://[::]:0"));
    const { port } = parseEndpoint(socket.endpoint);
    const sender = Sender.udp({ ...socket, endpoint: `udp://127.0.0.1:${port}` });
    const datagrams = socket.receive()[Symbol.asyncIterator]();

    await sender.send("question");
    const datagram = await next(datagrams);
    assertEquals(datagram.source, `127.0.0.1:${(sender.socket.addr as Deno.NetAddr).port}`);
    assertEquals(datagram.address, "127.0.0.1");
    await datagram.reply(encoder.encode("answer"));
    assertEquals(await sender.take(), "answer");

    sender.socket.close();
    socket.close();
  },
});

Deno.test("listenUdp() receives the longest datagram, and an empty one", async () => {
  const socket = listenUdp(parseEndpoint("udp://127.0.0.1:0"));
  const sender = Sender.udp(socket);
  const datagrams = socket.receive()[Symbol.asyncIterator]();
  for (const length of [65_507, 0]) {
    await sender.send("x".repeat(length));
    assertEquals((await next(datagrams)).bytes.length, length);
  }
  sender.socket.close();
  socket.close();
});

Deno.test("listenUdp() reports its port, and refuses one that is taken", () => {
  const socket = listenUdp(parseEndpoint("udp://127.0.0.1:0"));
  const endpoint = parseEndpoint(socket.endpoint);
  assert(endpoint.port > 0);
  assertThrows(() => listenUdp(endpoint), Deno.errors.AddrInUse);
  socket.close();
});

Deno.test("DatagramSocket.close() ends a pending receive()", async () => {
  using directory = new SocketDirectory();
  for (const endpoint of ["udp://127.0.0.1:0", `unixgram://${directory.newPath()}`]) {
    const socket = await listenDatagrams(parseEndpoint(endpoint));
    const waiting = socket.receive()[Symbol.asyncIterator]().next();
    socket.close();
    socket.close();
    assertEquals((await waiting).done, true);
    for await (const _ of socket.receive()) throw new Error("Received from a closed socket");
  }
});

Deno.test("listenUnixgram() names the sender, and answers", async () => {
  using directory = new SocketDirectory();
  const socket = await listenUnixgram(parseEndpoint(`unixgram://${directory.newPath()}`));
  const from = directory.newPath();
  const sender = Sender.unixgram(from, socket);
  const datagrams = socket.receive()[Symbol.asyncIterator]();

  await sender.send("question");
  const datagram = await next(datagrams);
  assertEquals(textOf(datagram), "question");
  assertEquals([datagram.source, datagram.address, datagram.port], [from, from, undefined]);
  await datagram.reply(encoder.encode("answer"));
  const [answer, answerer] = await sender.socket.receive();
  assertEquals(decoder.decode(answer), "answer");
  // Some senders only take answers from the name that they sent to.
  assertEquals(answerer, { transport: "unixpacket", path: parseEndpoint(socket.endpoint).path! });

  sender.socket.close();
  await assertRejects(() => datagram.reply(encoder.encode("too late")), Error);
  socket.close();
});

Deno.test("listenUnixgram() creates a socket for owner and group, and removes it", async () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  const socket = await listenUnixgram(parseEndpoint(`unixgram://${path}`));
  const { isSocket, mode } = Deno.lstatSync(path);
  assert(isSocket);
  assertEquals(mode! & 0o777, 0o660);
  socket.close();
  assertEquals(directory.names(), []);
});

Deno.test("listenUnixgram() replaces a dead socket, and refuses a live one of either kind", async () => {
  using directory = new SocketDirectory();
  const endpoint = parseEndpoint(`unixgram://${directory.newPath()}`);
  directory.leaveDeadSocket(endpoint.path!);
  const socket = await listenUnixgram(endpoint);
  await assertRejects(() => listenUnixgram(endpoint), ListenError, "another program listens");

  // Checking that it is alive does not disturb it.
  const sender = Sender.unixgram(directory.newPath(), socket);
  await sender.send("hello");
  const datagrams = socket.receive()[Symbol.asyncIterator]();
  assertEquals(textOf(await next(datagrams)), "");
  assertEquals(textOf(await next(datagrams)), "hello");
  sender.socket.close();
  socket.close();

  const path = directory.newPath();
  const stream = Deno.listen({ transport: "unix", path });
  const taken = parseEndpoint(`unixgram://${path}`);
  await assertRejects(() => listenUnixgram(taken), ListenError, "another program listens");
  stream.close();
});

Deno.test("UnixgramSocket serves others when a sender never takes its answers", async () => {
  using directory = new SocketDirectory();
  const clock = new FakeClock();
  const endpoint = parseEndpoint(`unixgram://${directory.newPath()}`);
  const socket = await listenUnixgram(endpoint, { clock });
  const deaf = Sender.unixgram(directory.newPath(), socket);
  const datagrams = socket.receive()[Symbol.asyncIterator]();

  // More answers than the system buffers for it, until one has to wait.
  let isWaiting = false;
  for (let sent = 0; !isWaiting; sent++) {
    assertLess(sent, 10_000);
    await deaf.send("question");
    const datagram = await next(datagrams);
    const replying = datagram.reply(encoder.encode("answer")).then(() => false);
    isWaiting = await Promise.race([replying, settleSockets(20).then(() => true)]);
    if (isWaiting) {
      await clock.advance(200);
      await replying;
    }
  }

  const other = Sender.unixgram(directory.newPath(), socket);
  for (const sender of [deaf, other]) {
    await sender.send("question");
    await (await next(datagrams)).reply(encoder.encode("answer"));
  }
  assertEquals(await other.take(), "answer");

  deaf.socket.close();
  other.socket.close();
  socket.close();
  assertEquals(directory.names().includes("socket1"), false);
});
