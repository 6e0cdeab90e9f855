import { assertEquals } from "@std/assert";
import { currentConnection } from "../../../lib/context.ts";
import {
  type AdmittedConnection,
  Conversations,
} from "../../../lib/server/connections/conversations.ts";
import type { Conversation } from "../../../lib/server/connections/conversation.ts";
import { DoorCounters } from "../../../lib/server/door_traffic.ts";
import { PeerContext } from "../../../lib/server/connections/peer_context.ts";
import { connectInMemory, type MemoryPeer } from "../../../lib/transport/memory.ts";
import { settle } from "../../support/fake_clock.ts";

/** Does nothing until its peer ends its side or the connection is closed. */
class Silence implements Conversation {
  queuedBytes = 0;
  checks = 0;
  farewell: string | undefined;
  readonly #bytes: AsyncIterable<Uint8Array>;

  constructor({ connection: { bytes } }: Pick<AdmittedConnection, "connection">) {
    this.#bytes = bytes;
  }

  async run(): Promise<void> {
    for await (const _chunk of this.#bytes);
  }

  check(): void {
    this.checks++;
  }

  stop(farewell: string): void {
    this.farewell = farewell;
  }
}

class Scene {
  readonly conversations: Conversations;
  /** Numbers of the connections that have ended. */
  readonly ended: number[] = [];
  #lastNumber = 0;

  constructor() {
    this.conversations = new Conversations({
      nextTurn: () => Promise.resolve(),
      onEnd: ({ context }) => void this.ended.push(context.connection),
    });
  }

  /** Begins a conversation, with some of its methods replaced. */
  begin(methods: Partial<Conversation> = {}): { conversation: Silence; peer: MemoryPeer } {
    const number = ++this.#lastNumber;
    const remote = `192.0.2.1:${number}`;
    const [connection, peer] = connectInMemory(remote);
    const conversation = Object.assign(new Silence({ connection }), methods);
    this.conversations.begin({
      connection,
      context: new PeerContext({ connection: number, transport: "tcp", remote }),
      refusal: undefined,
      traffic: new DoorCounters().at("test", "tcp"),
      done: undefined,
    }, () => conversation);
    return { conversation, peer };
  }
}

const fail = (): never => {
  throw new Error("Cannot converse: this is a test");
};

Deno.test("Conversations.begin() runs a conversation in the context of its connection", async () => {
  const scene = new Scene();
  let seen: number | undefined;
  scene.begin({
    run: async () => {
      await settle();
      seen = currentConnection()?.connection;
    },
  });
  assertEquals(scene.conversations.count, 1);
  await scene.conversations.ended();
  assertEquals([seen, scene.ended, scene.conversations.count], [1, [1], 0]);
});

Deno.test("Conversations closes the connection of a conversation that fails, and no other", async () => {
  const scene = new Scene();
  const { peer } = scene.begin({ run: () => Promise.reject(new Error("Cannot converse: a test")) });
  const other = scene.begin();
  assertEquals(await peer.take(), undefined);
  await settle();
  assertEquals([scene.ended, scene.conversations.count], [[1], 1]);
  other.peer.end();
  await scene.conversations.ended();
  assertEquals(scene.ended, [1, 2]);
});

Deno.test("Conversations.check() closes a connection whose check fails, and checks the others", async () => {
  const scene = new Scene();
  const failing = scene.begin({ check: fail });
  const other = scene.begin();
  await scene.conversations.check();
  assertEquals(await failing.peer.take(), undefined);
  await settle();
  assertEquals([other.conversation.checks, scene.conversations.count], [1, 1]);
  other.peer.end();
  await scene.conversations.ended();
});

Deno.test("Conversations.stop() closes a connection that cannot be told, and tells the others", async () => {
  const scene = new Scene();
  const failing = scene.begin({ stop: fail });
  const other = scene.begin();
  scene.conversations.stop("Goodbye.");
  const late = scene.begin();
  assertEquals(await failing.peer.take(), undefined);
  assertEquals([other, late].map(({ conversation }) => conversation.farewell), [
    "Goodbye.",
    "Goodbye.",
  ]);
  for (const { peer } of [other, late]) peer.end();
  await scene.conversations.ended();
});

Deno.test("Conversations.slowest() names those for whom much is queued, the most first", async () => {
  const scene = new Scene();
  const peers = [1000, 20_000, 50_000, 30_000].map((queuedBytes) => {
    const { conversation, peer } = scene.begin();
    conversation.queuedBytes = queuedBytes;
    return peer;
  });
  assertEquals(scene.conversations.queues, { bytes: 101_000, most: 50_000 });
  const slowest = scene.conversations.slowest(2);
  assertEquals(slowest.map(({ context }) => context.connection), [3, 4]);
  for (const peer of peers) peer.end();
  await scene.conversations.ended();
});
