import { assertEquals } from "@std/assert";
import type { ByteConnection, Listener } from "../../lib/transport/connection.ts";
import { GuardedListener, NotAdmittedError } from "../../lib/transport/guarded_listener.ts";
import { MemoryListener, type MemoryPeer } from "../../lib/transport/memory.ts";
import { FakeClock } from "../support/fake_clock.ts";

const encoder = new TextEncoder();
const latin1 = new TextDecoder("latin1");
/** The alert access_denied. */
const ALERT = "\x15\x03\x03\x00\x02\x02\x31";

/** A listener that admits only the address `friend`. */
class Scene {
  readonly clock = new FakeClock();
  readonly asked: string[] = [];
  isGuardClosed = false;
  /** Connections that the listener has closed. */
  closed = 0;
  readonly listener: GuardedListener;
  readonly #memory = new MemoryListener();

  constructor({ speaksFirst }: { speaksFirst?: boolean } = {}) {
    const guard = {
      admits: (address: string) => this.asked.push(address) > 0 && address === "friend",
      refusal: (address: string) => encoder.encode(`not ${address}\n`),
      close: () => void (this.isGuardClosed = true),
    };
    const memory: Listener = {
      endpoint: "memory://",
      accept: async () => this.#noteClose(await this.#memory.accept()),
      close: () => this.#memory.close(),
    };
    this.listener = new GuardedListener(memory, guard, { speaksFirst, clock: this.clock });
  }

  #noteClose(connection: ByteConnection): ByteConnection {
    let isOpen = true;
    const close = () => {
      if (isOpen) this.closed++;
      isOpen = false;
      connection.close();
    };
    return { ...connection, close };
  }

  async connect(remote: string): Promise<[MemoryPeer, ByteConnection | undefined]> {
    const peer = this.#memory.connect(remote);
    try {
      return [peer, await this.listener.accept()];
    } catch (error) {
      if (!(error instanceof NotAdmittedError)) throw error;
      return [peer, undefined];
    }
  }

  /** Connects a peer that is not admitted. */
  async stranger(): Promise<MemoryPeer> {
    const [peer, connection] = await this.connect("stranger:1");
    assertEquals(connection, undefined);
    return peer;
  }
}

async function takeAll(peer: MemoryPeer): Promise<string> {
  let text = "";
  for (let bytes = await peer.take(); bytes; bytes = await peer.take()) {
    text += latin1.decode(bytes);
  }
  return text;
}

Deno.test("GuardedListener.accept() returns peers that are admitted, untouched", async () => {
  const scene = new Scene();
  const [peer, connection] = await scene.connect("friend:7");
  assertEquals([connection?.remote, scene.asked], ["friend:7", ["friend"]]);
  await Promise.all([connection!.write(encoder.encode("hi")), peer.take()]);
  scene.listener.close();
  assertEquals(scene.isGuardClosed, true);
});

Deno.test("GuardedListener sends others the refusal at once, and closes when they have", async () => {
  const scene = new Scene();
  const peer = await scene.stranger();
  peer.send(encoder.encode("never read"));
  peer.end();
  assertEquals(await takeAll(peer), "not stranger\n");
  scene.listener.close();
});

Deno.test("GuardedListener waits for peers that speak first, and answers in their protocol", async () => {
  for (
    const [input, answer] of [
      ["GET / HTTP/1.1\r\n\r\n", "not stranger\n"],
      ["\x16\x03\x01", ALERT],
      ["\xff\xfb\x1f", "not stranger\n"],
    ]
  ) {
    const scene = new Scene({ speaksFirst: true });
    const peer = await scene.stranger();
    const answered = takeAll(peer);
    await scene.clock.advance(4999);
    peer.send(Uint8Array.from(input, (character) => character.charCodeAt(0)));
    peer.end();
    assertEquals(await answered, answer);
    scene.listener.close();
  }
});

Deno.test("GuardedListener takes a silent peer for a person after 5 s, and closes it after another", async () => {
  const scene = new Scene({ speaksFirst: true });
  const peer = await scene.stranger();
  const answered = takeAll(peer);
  await scene.clock.advance(5000);
  assertEquals(await answered, "not stranger\n");
  assertEquals(scene.closed, 0);
  await scene.clock.advance(1000);
  assertEquals(scene.closed, 1);
  scene.listener.close();
});

Deno.test("GuardedListener closes strangers without a word while three are being refused", async () => {
  const scene = new Scene();
  const peers = [];
  for (let count = 0; count < 5; count++) peers.push(await scene.stranger());
  const texts = Promise.all(peers.map(takeAll));
  await scene.clock.advance(1000);
  assertEquals((await texts).map((text) => text.slice(0, 12)), [
    ...Array(3).fill("not stranger"),
    ...Array(2).fill(""),
  ]);
  // The next one gets it again.
  const peer = await scene.stranger();
  peer.end();
  assertEquals(await takeAll(peer), "not stranger\n");
  scene.listener.close();
});

Deno.test("GuardedListener closes a stranger who keeps sending", async () => {
  const scene = new Scene();
  const peer = await scene.stranger();
  await peer.take();
  for (let count = 0; count < 8; count++) peer.send(new Uint8Array(64 * 1024));
  await scene.clock.advance(0);
  assertEquals(scene.closed, 1);
  scene.listener.close();
});

Deno.test("GuardedListener.close() closes those who are being refused", async () => {
  const scene = new Scene({ speaksFirst: true });
  const peer = await scene.stranger();
  const answered = takeAll(peer);
  scene.listener.close();
  assertEquals([await answered, scene.closed], ["", 1]);
  await scene.clock.advance(2000);
});
