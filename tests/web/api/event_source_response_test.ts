import { STRANGER } from "../../../lib/domain/asker.ts";
import { assert, assertEquals } from "@std/assert";
import { until } from "../../support/patience.ts";
import type { RawPeer } from "../../support/raw_peer.ts";
import { WebScene } from "../../support/web_scene.ts";

async function follow(scene: WebScene, query = "", header = ""): Promise<RawPeer> {
  const peer = await scene.connect();
  await peer.send(
    `GET /api/rooms/lobby/stream${query} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n`,
  );
  await peer.readUntil("retry: 1000\n\n\r\n");
  return peer;
}

/** The numbers and bodies of the next events, as a program would read them. */
async function nextEvents(peer: RawPeer, count: number): Promise<[number, string][]> {
  const events: [number, string][] = [];
  while (events.length < count) {
    const id = await peer.readUntil("\n");
    assert(id !== "", `The stream ended after ${events.length} of ${count} events`);
    if (!id.startsWith("id: ")) continue; // the length of a chunk, a heartbeat, an empty line
    const data = await peer.readUntil("\n\n");
    const event = JSON.parse(data.slice("data: ".length));
    assertEquals(Number(id.slice(4)), event.seq);
    events.push([event.seq, event.body]);
  }
  return events;
}

Deno.test("EventSourceResponse sends events to a reader that is not a member", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  using peer = await follow(scene);
  using late = await follow(scene, "?after=0");
  ann.send({ type: "say", room: "lobby", body: "one" });
  ann.send({ type: "say", room: "lobby", body: "two" });
  assertEquals(await nextEvents(peer, 2), [[2, "one"], [3, "two"]]);
  assertEquals(await nextEvents(late, 3), [[1, ""], [2, "one"], [3, "two"]]);
  assertEquals(await ann.command("/who", "lobby"), ["* In #lobby: ann"]);
  const { body } = await scene.json("/api/rooms/lobby");
  assertEquals([body.count, body.lastSeq], [1, 3]);
});

Deno.test("EventSourceResponse sends every line of a flood, live and from the log", async () => {
  await using scene = new WebScene();
  await scene.enter("ann"); // the room's digest collapses it for her
  using live = await follow(scene);
  const lines = Array.from({ length: 300 }, (_, index) => `line ${index}`);
  await scene.registry.post(
    STRANGER,
    lines.map((body) => ({
      room: "lobby",
      kind: "log" as const,
      from: "make",
      body,
      origin: 1,
    })),
  );
  const told = lines.map((body, index) => [index + 2, body]);
  assertEquals<unknown>(await nextEvents(live, 300), told);
  using late = await follow(scene, "?after=1");
  assertEquals<unknown>(await nextEvents(late, 300), told);
});

Deno.test("EventSourceResponse continues after Last-Event-ID, whatever the query says", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  const bodies = Array.from({ length: 500 }, (_, index) => `line ${index}`);
  for (const body of bodies) ann.send({ type: "say", room: "lobby", body });
  await ann.hear(...bodies);
  using peer = await follow(scene, "?after=0", "Last-Event-ID: 100\r\n");
  ann.send({ type: "say", room: "lobby", body: "live" });
  const events = await nextEvents(peer, 402);
  assertEquals(events[0], [101, "line 99"]);
  assertEquals(events.map(([seq]) => seq), events.map((_, index) => 101 + index));
  assertEquals(events.at(-1), [502, "live"]);
  using ahead = await follow(scene, "", "Last-Event-ID: 9999\r\n");
  ann.send({ type: "say", room: "lobby", body: "more" });
  assertEquals(await nextEvents(ahead, 1), [[503, "more"]]);
});

Deno.test("EventSourceResponse outlives the last member and loses nothing for a slow reader", async () => {
  await using scene = new WebScene({ outboxBytes: 16 * 1024 });
  const ann = await scene.enter("ann");
  using peer = await follow(scene);
  ann.close();
  await ann.ended;
  await until("ann is gone", () => scene.chat.people.size === 0);
  const count = 8000;
  const body = (number: number) => `${number} `.padEnd(1000, "x");
  for (let number = 0; number < count; number += 100) {
    const drafts = Array.from({ length: 100 }, (_, index) => ({
      room: "lobby",
      kind: "log" as const,
      from: "make",
      body: body(number + index),
      origin: 1,
    }));
    await scene.registry.post(STRANGER, drafts);
  }
  const events = await nextEvents(peer, count + 1);
  assertEquals(events.map(([seq]) => seq), events.map((_, index) => 2 + index));
  assertEquals(events.at(-1)![1], body(count - 1));
});

Deno.test("EventSourceResponse sends heartbeats, and ends with its reader", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  const peer = await follow(scene);
  ann.close();
  await ann.ended;
  const room = scene.registry.find("lobby")!;
  await scene.registry.settled();
  assertEquals(await nextEvents(peer, 1), [[2, ""]]); // ann left
  assertEquals([room.members.size, room.hasSubscribers], [0, true]);
  await scene.advance(15_000);
  assertEquals(await peer.readUntil(": \n\n"), "\r\n4\r\n: \n\n");
  peer[Symbol.dispose]();
  await scene.advance(60_000);
  await until("the room has no subscriber", () => !room.hasSubscribers);
  assertEquals(scene.registry.find("lobby"), undefined);
});

Deno.test("EventSourceResponse is not opened by HEAD", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  ann.close();
  await ann.ended;
  await scene.registry.settled();
  using peer = await scene.connect();
  await peer.send("HEAD /api/rooms/lobby/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const head = await peer.readUntil("\r\n\r\n");
  assert(head.startsWith("HTTP/1.1 200 "));
  await peer.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assertEquals((await peer.readResponse()).status, 200);
  assertEquals(scene.registry.find("lobby"), undefined);
});
