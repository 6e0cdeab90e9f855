import { OPCODES } from "../../../lib/codec/websocket_frame.ts";
import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { STRANGER } from "../../../lib/domain/asker.ts";
import { LineClient } from "../../support/line_client.ts";
import { until } from "../../support/patience.ts";
import { clientFrame, RawPeer, upgradeRequest } from "../../support/raw_peer.ts";
import { WebScene } from "../../support/web_scene.ts";

const encoder = new TextEncoder();

/** A WebSocket in the lobby that reads only when told to. */
async function enterRaw(scene: WebScene, name: string, after?: number): Promise<RawPeer> {
  const peer = await scene.connect();
  await peer.upgrade();
  await peer.sendMessage({ type: "hello", name, rooms: [{ room: "lobby", after }] });
  while ((await peer.readMessage()).type !== "live");
  return peer;
}

/** Reads up to the close frame, and returns its code. */
async function closeCode(peer: RawPeer): Promise<number> {
  for (;;) {
    const { opcode, payload } = await peer.readFrame();
    if (opcode === -1) return -1;
    if (opcode === OPCODES.close) return payload.charCodeAt(0) * 256 + payload.charCodeAt(1);
  }
}

Deno.test("WebSocketPeer answers the handshake of RFC 6455 section 1.3", async () => {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send(upgradeRequest());
  const answer = await peer.readUntil("\r\n\r\n");
  assertEquals(
    answer,
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
  );
});

Deno.test("WebSocketPeer accepts a hello sent with the handshake, cut at every byte", async () => {
  await using scene = new WebScene();
  const hello = clientFrame(OPCODES.text, encoder.encode('{"type":"hello","name":"ann"}'));
  const bytes = [...encoder.encode(upgradeRequest()), ...hello];
  using peer = await scene.connect();
  for (const byte of bytes) await peer.send(Uint8Array.of(byte));
  await peer.readUntil("\r\n\r\n");
  assertEquals((await peer.readMessage()).type, "welcome");
});

for (
  const [what, bytes, code] of [
    ["a message that is too large", clientFrame(OPCODES.text, new Uint8Array(65537)), 1009],
    [
      "a message that is too large in fragments",
      [
        ...clientFrame(OPCODES.text, new Uint8Array(65536).fill(32), false),
        ...clientFrame(OPCODES.continuation, new Uint8Array(1)),
      ],
      1009,
    ],
    [
      "the header of a frame of 2^62 bytes",
      [0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4],
      1009,
    ],
    ["a frame that is not masked", [0x81, 0x01, 0x41], 1002],
    ["a frame of an extension", clientFrame(OPCODES.text | 0x40, new Uint8Array()), 1002],
    ["a binary message", clientFrame(OPCODES.binary, new Uint8Array(3)), 1003],
    ["text that is not UTF-8", clientFrame(OPCODES.text, Uint8Array.of(0xff)), 1007],
    ["a close frame", clientFrame(OPCODES.close, Uint8Array.of(0x03, 0xe9)), 1001],
    ["an empty close frame", clientFrame(OPCODES.close, new Uint8Array()), NaN],
  ] as const
) {
  Deno.test(`WebSocketPeer closes at ${what}`, async () => {
    await using scene = new WebScene();
    using peer = await enterRaw(scene, "ann");
    await peer.send(Uint8Array.from(bytes));
    assertEquals(await closeCode(peer), code);
    await until("nobody is left", () => scene.chat.people.size === 0);
    assertEquals(await peer.readAll(), "");
  });
}

Deno.test("WebSocketPeer answers pings, even between the fragments of a message", async () => {
  await using scene = new WebScene();
  using peer = await enterRaw(scene, "ann");
  const [head, tail] = ['{"type":"ping",', '"ref":5}'].map((text) => encoder.encode(text));
  await peer.send(clientFrame(OPCODES.text, head, false));
  await peer.send(clientFrame(OPCODES.ping, encoder.encode("are you there")));
  await peer.send(clientFrame(OPCODES.continuation, tail));
  // After ann's own join.
  assertEquals(await peer.readFrameOf(OPCODES.pong), "are you there");
  assertEquals((await peer.readMessage()).ref, 5);
});

Deno.test("WebSocketPeer pings, and closes if no pong arrives", async () => {
  await using scene = new WebScene();
  using silent = await enterRaw(scene, "silent");
  using alive = await enterRaw(scene, "alive");
  for (let pings = 0; pings < 3; pings++) {
    await scene.advance(30_000);
    await alive.readFrameOf(OPCODES.ping);
    await alive.send(clientFrame(OPCODES.pong, new Uint8Array()));
    await alive.sendMessage({ type: "ping" });
    while ((await alive.readMessage()).type !== "pong");
  }
  assertEquals(await closeCode(silent), 1008);
  assert(scene.chat.people.find("alive"));
});

Deno.test("WebSession closes if no hello arrives in time", async () => {
  await using scene = new WebScene();
  const client = await scene.open();
  await scene.advance(30_000);
  client.send({ type: "ping" });
  await client.next("pong");
  await scene.advance(31_000);
  assertEquals(await client.ended, 1008);
});

Deno.test("WebSession resumes several rooms, with every event since, once and in order", async () => {
  await using scene = new WebScene();
  const bob = await scene.enter("bob", "one", "two");
  const bodies = (room: string, from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `${room} ${from + index}`);
  const say = async (from: number, to: number) => {
    for (const room of ["one", "two"]) {
      for (const body of bodies(room, from, to)) bob.send({ type: "say", room, body });
    }
    await bob.ask({ type: "command", line: "/away", room: "one" });
  };
  await say(0, 10);
  const after = { one: 0, two: 0 };
  const ann = await scene.open();
  ann.send({ type: "hello", name: "ann", rooms: [{ room: "one" }, { room: "two" }] });
  const { session } = await ann.next("welcome");
  for (const room of ["one", "two"] as const) after[room] = (await ann.next("joined")).lastSeq;
  ann.close();
  await ann.ended;
  await say(10, 200);

  const again = await scene.open();
  const rooms = [{ room: "one", after: after.one }, { room: "two", after: after.two, read: 3 }];
  again.send({ type: "hello", name: "ann", session, rooms });
  for (const room of ["one", "two"]) {
    const joined = await again.next("joined");
    assertEquals([joined.room, joined.resumed, joined.events], [room, true, []]);
    if (room === "two") assertEquals(joined.unread, 198); // two 2 to two 199
  }
  await say(200, 210);
  const told = (room: string) =>
    again.messages.filter((message) => message.type === "events" && message.room === room)
      .flatMap(({ events }) => events as { seq: number; body: string }[]);
  await until(
    "both rooms have told their last line",
    () => ["one", "two"].every((room) => told(room).at(-1)?.body === `${room} 209`),
  );
  for (const room of ["one", "two"] as const) {
    const numbers = told(room).map(({ seq }) => seq);
    const expected = numbers.map((_, index) => after[room] + 1 + index);
    assertEquals(numbers, expected);
    const talk = told(room).map(({ body }) => body).filter((body) => body !== "");
    assertEquals(talk, bodies(room, 10, 210));
  }
  assertEquals(again.messages.filter(({ type }) => type === "live").length, 1);
});

Deno.test("WebSession starts a room over if the client's events are too old or from another log", async () => {
  await using scene = new WebScene();
  const drafts = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      room: "lobby",
      kind: "message" as const,
      from: "make",
      body: `line ${index}`,
      origin: 1,
    }));
  await scene.registry.post(STRANGER, drafts(2500));
  for (const [offset, resumed] of [[1, false], [-2001, false], [-2000, true], [0, true]] as const) {
    const { lastSeq } = (await scene.log.room("lobby"))!;
    const after = lastSeq + offset;
    const ann = await scene.open();
    ann.send({ type: "hello", name: "ann", rooms: [{ room: "lobby", after }] });
    const joined = await ann.next("joined");
    assertEquals([joined.resumed, joined.events.length], [resumed, resumed ? 0 : 20], `${offset}`);
    await ann.next("live");
    const told = ann.messages.filter(({ type }) => type === "events")
      .flatMap(({ events }) => events).map(({ seq }) => seq).filter((seq) => seq <= lastSeq);
    assertEquals(told, resumed ? numbers(after + 1, lastSeq) : []);
    ann.close();
    await ann.ended;
    await until("nobody is left", () => scene.chat.people.size === 0);
    await scene.registry.settled();
  }
});

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

Deno.test("WebSession gives a name back only to the client that had it", async () => {
  await using scene = new WebScene();
  const first = await scene.open();
  first.send({ type: "hello", name: "ann" });
  const { session } = await first.next("welcome");
  await first.next("live");
  const refused = async (hello: Record<string, unknown>) => {
    const client = await scene.open();
    const asked = client.ask({ type: "hello", name: "ann", ...hello });
    // The holder is pinged first.
    const advancing = scene.advanceUntil(asked);
    return (await Promise.all([asked, advancing]))[0].code;
  };
  assertEquals(await refused({ session: "x" }), "name-in-use");
  const second = await scene.open();
  second.send({ type: "hello", name: "ann", session });
  assertEquals((await second.next()).type, "welcome");
  assertEquals(
    (await first.next("bye")).text,
    "You are now connected from another window or device.",
  );
  assertEquals(await first.ended, 4001);
  await second.next("live");
  second.send({ type: "say", room: "lobby", body: "still me" });
  await second.hear("still me");
  assertEquals(await refused({ session: crypto.randomUUID() }), "name-in-use");
  // Its page is loaded once more.
  const third = await scene.open();
  third.send({ type: "hello", name: "ann", session });
  assertEquals((await third.next()).type, "welcome");
  assertEquals(await second.ended, 4001);
});

Deno.test("WebSession loses nothing for a reader that stops reading, and keeps within its outbox", async () => {
  await using scene = new WebScene({ outboxBytes: 32 * 1024 });
  using slow = await enterRaw(scene, "slow");
  const bob = await scene.enter("bob");
  const count = 20_000;
  const body = (number: number) => `${number} `.padEnd(400, "x");
  for (let number = 0; number < count; number++) {
    bob.send({ type: "say", room: "lobby", body: body(number), ref: number });
    if (number % 50 === 49) { while ((await bob.next("said")).ref !== number); }
  }
  let expected = 0;
  let lastSeq = 0;
  while (expected < count) {
    const message = await slow.readMessage();
    if (message.type !== "events") continue;
    for (const event of message.events) {
      assertEquals(event.seq, lastSeq === 0 ? event.seq : lastSeq + 1);
      lastSeq = event.seq;
      if (event.kind === "message") assertEquals(event.body, body(expected++));
    }
  }
  // It was fed from the log, and told when it had caught up.
  assert(scene.log.reads.length > 10, `${scene.log.reads.length}`);
  assertEquals((await slow.readMessage()).type, "live");
});

Deno.test("WebSession disconnects a peer that reads nothing for a minute", async () => {
  await using scene = new WebScene({ outboxBytes: 16 * 1024 });
  using _stuck = await enterRaw(scene, "stuck");
  const bob = await scene.enter("bob");
  // More than the system buffers for one connection.
  for (let number = 0; number < 400; number++) {
    const drafts = Array.from({ length: 20 }, () => ({
      room: "lobby",
      kind: "log" as const,
      from: "make",
      body: "x".repeat(4000),
      origin: 1,
    }));
    await scene.registry.post(STRANGER, drafts);
  }
  assert(scene.chat.people.find("stuck"));
  await scene.advance(62_000);
  await until("the reader is gone", () => scene.chat.people.find("stuck") === undefined);
  bob.close();
});

Deno.test("WebSession slows a client that sends too fast, and loses nothing", async () => {
  await using scene = new WebScene({ floodRate: 5 });
  const ann = await scene.enter("ann");
  for (let number = 0; number < 30; number++) {
    ann.send({ type: "say", room: "lobby", body: `${number}` });
  }
  // The hello was the first of a burst of 20.
  const at = Array.from({ length: 19 }, (_, number) => `${number}`);
  await ann.hear(...at);
  ann.send({ type: "ping", ref: "p" });
  const before = ann.messages.length;
  await scene.advance(100);
  assertEquals(ann.messages.slice(before).filter(({ type }) => type === "events"), []);
  const rest = ann.hear(...Array.from({ length: 11 }, (_, number) => `${19 + number}`));
  for (let second = 0; second < 3; second++) await scene.advance(1000);
  await rest;
  assert(ann.messages.some(({ ref }) => ref === "p"));
});

Deno.test("WebSocket connections count towards the limits of all ports together", async () => {
  await using scene = new WebScene({ maxPerAddress: 2 });
  const ann = await scene.enter("ann");
  const bob = await LineClient.enter(scene.linePort, "bob", { atOnce: true });
  using third = await scene.connect();
  await third.send(upgradeRequest());
  const { status, body } = await third.readResponse();
  assertEquals([status, JSON.parse(body).code], [503, "full"]);
  assertStringIncludes(body, "Too many connections from your address: the limit is 2.");
  await bob.close();
  ann.close();
  await ann.ended;
  await until("nobody is left", () => scene.chat.people.size === 0);
  await scene.advance(2000);
  await scene.enter("eve");
});

Deno.test("WebSession says goodbye when the server stops", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  const stopped = scene.server.stop();
  await scene.advance(2000);
  await Promise.all([stopped, ann.ended]);
  const bye = ann.messages.at(-1);
  assertEquals(bye, { type: "bye", text: "The server is stopping. All messages are saved." });
});

Deno.test("WebSession lists joins and parts once a second, and only counts them in crowds", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  const others = [];
  for (let number = 0; number < 5; number++) others.push(await scene.enter(`p${number}`));
  await scene.advance(1000);
  const change = await ann.next("membersChanged");
  assertEquals(change.count, 6);
  assertEquals(change.joined.map(({ name }: { name: string }) => name), [
    "p0",
    "p1",
    "p2",
    "p3",
    "p4",
  ]);
  assertEquals(ann.messages.filter(({ type }) => type === "membersChanged").length, 1);
  for (let number = 5; number < 60; number++) others.push(await scene.enter(`p${number}`));
  await scene.advance(2000);
  const crowd = await ann.next("crowd");
  assertLess(0, crowd.joined);
  const list = await ann.ask({ type: "members", room: "lobby" });
  assertEquals([list.count, list.members.length], [61, 61]);
});
