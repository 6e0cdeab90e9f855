import { assertEquals, assertRejects } from "@std/assert";
import { connectInMemory, MemoryListener } from "../../lib/transport/memory.ts";
import { settle } from "../support/fake_clock.ts";
import { testByteTransport } from "./connection_contract.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

testByteTransport("MemoryListener", {
  listen: () => new MemoryListener(),
  // deno-lint-ignore require-await -- so that a refusal rejects
  async connect(listener) {
    const { send, end, take, vanish } = (listener as MemoryListener).connect();
    return {
      send: (bytes) => Promise.resolve(send(bytes)),
      end: () => Promise.resolve(end()),
      take,
      vanish,
    };
  },
});

Deno.test("connectInMemory() makes a write wait until the peer has taken all of it", async () => {
  const [connection, peer] = connectInMemory();
  let taken: number | undefined;
  const writing = connection.write(encoder.encode("abcdef")).then((count) => taken = count);

  assertEquals(decoder.decode(await peer.take(4)), "abcd");
  await settle();
  assertEquals(taken, undefined);

  assertEquals(decoder.decode(await peer.take(4)), "ef");
  await writing;
  assertEquals(taken, 6);
});

Deno.test("connectInMemory() serves two takers at once", async () => {
  const [connection, peer] = connectInMemory();
  const both = Promise.all([peer.take(), peer.take()]);
  await connection.write(encoder.encode("a"));
  await connection.closeWrite();
  const [first, second] = await both;
  assertEquals([decoder.decode(first), second], ["a", undefined]);
});

Deno.test("connectInMemory() passes on bytes sent before a peer vanished", async () => {
  const [connection, peer] = connectInMemory();
  peer.send(encoder.encode("last words"));
  peer.vanish();
  const chunks = await Array.fromAsync(connection.bytes, (chunk) => decoder.decode(chunk));
  assertEquals(chunks, ["last words"]);
});

Deno.test("connectInMemory() names the peer as told", () => {
  const [connection] = connectInMemory("192.0.2.7:51234");
  assertEquals([connection.remote, connection.address], ["192.0.2.7:51234", "192.0.2.7"]);
});

Deno.test("MemoryListener.accept() serves many waiting callers in order", async () => {
  const listener = new MemoryListener();
  const accepting = [listener.accept(), listener.accept(), listener.accept()];
  listener.connect("a:1");
  listener.connect("b:1");
  const connections = await Promise.all(accepting.slice(0, 2));
  assertEquals(connections.map(({ address }) => address), ["a", "b"]);

  listener.close();
  await assertRejects(() => accepting[2], Deno.errors.BadResource);
});
