import { assertEquals } from "@std/assert";
import { PeerProbes } from "../../../lib/server/connections/peer_probes.ts";
import { connectInMemory } from "../../../lib/transport/memory.ts";
import { peerKey } from "../../../lib/transport/silent_peers.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const REMOTE = "192.0.2.7:5001";
const KEY = peerKey(REMOTE)!;

/** A peer of a connection, and what the system knows about it. */
class Scene {
  readonly clock = new FakeClock();
  readonly counts = new Map<string, number>();
  readonly peer = { activity: { reads: 0 }, replies: false, nudge: () => void this.nudges++ };
  nudges = 0;
  doubts = 0;
  looks = 0;
  readonly probes = new PeerProbes({
    clock: this.clock,
    countRepeats: () => {
      this.looks++;
      return Promise.resolve(new Map(this.counts));
    },
  });
  readonly #connection = connectInMemory(REMOTE)[0];

  /** Asks, and returns the answer once there is one. */
  ask(probes = this.probes, connection = this.#connection): { answer: boolean | undefined } {
    const asked: { answer: boolean | undefined } = { answer: undefined };
    const onDoubt = () => void this.doubts++;
    probes.isReachable(connection, this.peer, onDoubt).then((is) => asked.answer = is);
    return asked;
  }
}

Deno.test("PeerProbes.isReachable() is true once the peer has acknowledged what it was sent", async () => {
  const scene = new Scene();
  const asked = scene.ask();
  await scene.clock.advance(299);
  assertEquals([asked.answer, scene.nudges], [undefined, 1]);
  await scene.clock.advance(1);
  assertEquals([asked.answer, scene.doubts, scene.looks], [true, 0, 1]);
});

Deno.test("PeerProbes.isReachable() is false after four repeats, and says that it has doubts", async () => {
  const scene = new Scene();
  scene.counts.set(KEY, 1);
  const asked = scene.ask();
  await scene.clock.advance(300);
  assertEquals([asked.answer, scene.doubts], [undefined, 1]);
  scene.counts.set(KEY, 3);
  await scene.clock.advance(2500);
  assertEquals(asked.answer, undefined);
  scene.counts.set(KEY, 4);
  await scene.clock.advance(200);
  assertEquals([asked.answer, scene.doubts, scene.nudges], [false, 1, 1]);
});

Deno.test("PeerProbes.isReachable() is false at the first look if the peer was silent before", async () => {
  const scene = new Scene();
  scene.counts.set(KEY, 6);
  const asked = scene.ask();
  await scene.clock.advance(300);
  assertEquals([asked.answer, scene.doubts], [false, 0]);
});

for (const [repeats, answer, afterMs] of [[0, true, 2000], [1, true, 5000], [2, false, 5000]]) {
  Deno.test(`PeerProbes.isReachable() is ${answer} for a peer with ${repeats} repeats after ${afterMs} ms`, async () => {
    const scene = new Scene();
    scene.counts.set(KEY, repeats as number);
    const asked = scene.ask();
    await scene.clock.advance(afterMs as number - 1);
    assertEquals(asked.answer, undefined);
    await scene.clock.advance(1);
    assertEquals(asked.answer, answer);
  });
}

Deno.test("PeerProbes probes a peer once for all who ask, and not again for 10 s", async () => {
  const scene = new Scene();
  scene.counts.set(KEY, 1);
  const asked = Array.from({ length: 100 }, () => scene.ask());
  await scene.clock.advance(500);
  asked.push(scene.ask());
  scene.counts.clear();
  await scene.clock.advance(500);
  assertEquals(asked.filter(({ answer }) => answer).length, 101);
  assertEquals([scene.nudges, scene.doubts, scene.looks], [1, 101, 2]);
  const again = scene.ask();
  await scene.clock.advance(0);
  assertEquals([again.answer, scene.nudges], [true, 1]);
  await scene.clock.advance(10_000);
  scene.ask();
  await scene.clock.advance(300);
  assertEquals(scene.nudges, 2);
});

Deno.test("PeerProbes probes few peers at a time, and looks once for all", async () => {
  const scene = new Scene();
  const connections = Array.from(
    { length: 100 },
    (_, number) => connectInMemory(`192.0.2.7:${6000 + number}`)[0],
  );
  for (const { remote } of connections) scene.counts.set(peerKey(remote)!, 1);
  const asked = connections.map((connection) => scene.ask(scene.probes, connection));
  await scene.clock.advance(300);
  assertEquals(asked.filter(({ answer }) => answer).length, 100 - 16);
  assertEquals([scene.nudges, scene.looks], [16, 1]);
});

Deno.test("PeerProbes without a socket table believes peers that reply, and doubts no others", async () => {
  const scene = new Scene();
  const probes = new PeerProbes({
    clock: scene.clock,
    countRepeats: () => Promise.reject(new Error("there is no /proc/net/tcp")),
  });
  const asked = scene.ask(probes);
  await scene.clock.advance(300);
  assertEquals(asked.answer, true, "nobody knows");
  for (const hasReplied of [true, false]) {
    const other = scene.ask(probes, connectInMemory("192.0.2.8:5001")[0]);
    scene.peer.replies = true;
    if (hasReplied) scene.peer.activity.reads++;
    await scene.clock.advance(5000);
    assertEquals(other.answer, hasReplied);
  }
});

Deno.test("PeerProbes does not probe a peer that has no IP address", async () => {
  const scene = new Scene();
  const asked = scene.ask(scene.probes, connectInMemory("unix#7")[0]);
  await scene.clock.advance(0);
  assertEquals([asked.answer, scene.nudges], [true, 0]);
});
