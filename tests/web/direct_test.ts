import { assertEquals } from "@std/assert";
import { useAccount } from "../../lib/service/chat/login/log_in.ts";
import { enterWebAccount, logInAs } from "../support/account_people.ts";
import { readUntil } from "../support/read_until.ts";
import { openOwners } from "../support/token_owners.ts";
import type { WebClient } from "../support/web_client.ts";
import { WebScene } from "../support/web_scene.ts";

/** A message without the time and the rest that differs each time. */
function bare({ at: _at, id: _id, since: _since, ...message }: Record<string, unknown>) {
  return message;
}

const COMMON = { type: "private", with: "bob", room: "@ann+bob" };

Deno.test("private between accounts is kept, numbered, and shown in all sessions of both", async () => {
  await using scene = new WebScene();
  const ann = await enterWebAccount(scene, "ann");
  const phone = await scene.enter("phone");
  await logInAs(scene, "phone", "ann");
  const bob = await enterWebAccount(scene, "bob");
  assertEquals(await ann.next("conversations"), { type: "conversations", conversations: [] });
  ann.send({ type: "private", to: "bob", body: "hello", ref: "p1" });
  const shown = { ...COMMON, from: "ann", to: "bob", body: "hello", seq: 1 };
  assertEquals(bare(await ann.next("private")), shown);
  assertEquals(await ann.next("said"), { type: "said", ref: "p1", room: "@ann+bob", seq: 1 });
  assertEquals(bare(await phone.next("private")), shown);
  assertEquals(bare(await bob.next("private")), { ...shown, with: "ann" });
});

Deno.test("conversations lists what is unread, and read is told to all sessions", async () => {
  await using scene = new WebScene();
  await scene.addAccount("bob");
  const ann = await enterWebAccount(scene, "ann");
  assertEquals((await ann.ask({ type: "private", to: "bob", body: "one" })).type, "said");
  assertEquals(
    (await ann.next("notice")).text,
    "bob is not here, and will see it when they return.",
  );
  await ann.ask({ type: "private", to: "bob", body: "two" });
  const bob = await enterWebAccount(scene, "bob");
  const since = scene.accounts.find("ann")!.createdAt;
  const conversation = { with: "ann", since, room: "@ann+bob", lastSeq: 2, read: 0, unread: 2 };
  assertEquals((await bob.next("conversations")).conversations, [conversation]);
  const phone = await scene.enter("phone");
  await logInAs(scene, "phone", "bob");
  assertEquals((await phone.next("conversations")).conversations, [conversation]);
  bob.send({ type: "read", room: "@ann", seq: 99 });
  for (const session of [bob, phone]) {
    assertEquals(await session.next("read"), { type: "read", room: "@ann+bob", seq: 2 });
  }
  const history = await bob.ask({ type: "history", room: "@ann" });
  assertEquals(history.room, "@ann+bob");
  assertEquals(history.events.map(({ body }: { body: string }) => body), ["one", "two"]);
  for (const session of [bob, phone]) {
    session.close();
    await session.ended;
  }
  const again = await enterWebAccount(scene, "bob");
  assertEquals((await again.next("conversations")).conversations, [
    { ...conversation, read: 2, unread: 0 },
  ]);
});

Deno.test("a web client that does not read gets all private messages later, in order", async () => {
  await using scene = new WebScene({ outboxBytes: 8000 });
  const ann = await enterWebAccount(scene, "ann");
  const bob = await enterWebAccount(scene, "bob");
  const { screen } = scene.chat.people.find("bob")!;
  const show = screen.showPrivate.bind(screen);
  // As if the outbox were full now and then.
  let calls = 0;
  screen.showPrivate = (message) => ++calls % 3 !== 0 && show(message);
  const bodies = Array.from({ length: 50 }, (_, number) => `line ${number}`);
  for (const body of bodies) ann.send({ type: "private", to: "bob", body });
  const heard: string[] = [];
  while (heard.length < bodies.length) heard.push((await bob.next("private")).body);
  assertEquals(heard, bodies);
});

/** Every request that could tell something about a room. */
async function probe(client: WebClient, room: string): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (
    const request of [
      { type: "history", room },
      { type: "history", room, around: 1 },
      { type: "members", room },
      { type: "join", room, read: 0 },
      { type: "leave", room },
      { type: "say", room, body: "x" },
      { type: "read", room, seq: 1 },
      { type: "command", line: `/history ${room}` },
      { type: "command", line: `/quote ${room}#1`, room: "lobby" },
    ]
  ) {
    const before = client.messages.length;
    const { ref: _ref, ...answer } = await client.ask(request);
    const others = client.messages.slice(before).filter(({ type }) => type === "error");
    answers.push(answer, others.map(({ code, text }) => ({ code, text })));
  }
  return answers;
}

Deno.test("no request over the WebSocket or HTTP tells others of a conversation", async () => {
  await using scene = new WebScene({ postToken: "secret-token-1234" });
  const ann = await enterWebAccount(scene, "ann");
  await enterWebAccount(scene, "bob");
  await ann.ask({ type: "private", to: "bob", body: "secret" });
  const carl = await enterWebAccount(scene, "carl");
  const guest = await scene.enter("gus");
  const { member } = scene.chat.people.find("carl")!;
  const same = (answers: unknown) =>
    JSON.parse(JSON.stringify(answers).replaceAll("zoe", "ann").replaceAll("bob+ann", "ann+bob"));
  for (const isOperator of [false, true]) {
    member.isOperator = isOperator;
    for (const client of [carl, guest]) {
      const [there, nowhere] = [await probe(client, "@ann+bob"), await probe(client, "@bob+zoe")];
      assertEquals(same(there), same(nowhere));
      const { rooms } = await client.ask({ type: "rooms" });
      assertEquals(rooms.map(({ room }: { room: string }) => room), ["lobby"]);
    }
  }
  for (
    const path of [
      "",
      "/messages",
      "/messages?after=0",
      "/messages/1",
      "/counts",
      "/export",
      "/export?format=csv",
      "/stream",
      "/stream?after=0",
    ]
  ) {
    const [there, nowhere] = [
      await scene.json(`/api/rooms/@ann+bob${path}`),
      await scene.json(`/api/rooms/@bob+zoe${path}`),
    ];
    assertEquals(there.status, 404, path);
    assertEquals(there.body.code, "no-such-room", path);
    assertEquals(same(there), same(nowhere), path);
    assertEquals((await scene.json(`/api/rooms/%40bob${path}`)).status, 404, path);
  }
  const posted = await scene.json("/api/rooms/@ann+bob/messages", {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: "Bearer secret-token-1234" },
    body: JSON.stringify({ body: "hello" }),
  });
  assertEquals([posted.status, posted.body.code], [400, "bad-name"]);
  assertEquals(
    (await scene.json("/api/rooms")).body.rooms.map(({ room }: { room: string }) => room),
    [
      "lobby",
    ],
  );
  assertEquals((await scene.log.room("@ann+bob"))?.lastSeq, 1);
});

Deno.test("private to somebody without an account is not kept, and a notice says so", async () => {
  await using scene = new WebScene();
  const ann = await enterWebAccount(scene, "ann");
  const gus = await scene.enter("gus");
  const answer = await ann.ask({ type: "private", to: "gus", body: "psst" });
  assertEquals(bare(answer), {
    type: "private",
    ref: answer.ref,
    from: "ann",
    to: "gus",
    body: "psst",
  });
  const { text } = await ann.next("notice");
  assertEquals(text, "This is not kept, because gus is not logged in to an account.");
  assertEquals((await gus.next("private")).body, "psst");
  assertEquals(await scene.log.room("@ann+gus"), undefined);
});

Deno.test("private answers not-stored if the log is full, and nobody sees it", async () => {
  await using scene = new WebScene();
  const ann = await enterWebAccount(scene, "ann");
  const bob = await enterWebAccount(scene, "bob");
  scene.log.isFull = true;
  assertEquals((await ann.ask({ type: "private", to: "bob", body: "lost" })).code, "not-stored");
  scene.log.isFull = false;
  await ann.ask({ type: "private", to: "bob", body: "kept" });
  assertEquals((await bob.next("private")).body, "kept");
});

Deno.test("a token of one of the two reads their conversation over HTTP, and no other token does", async () => {
  const { tokens } = await openOwners(["ann", "bob", "carl"]);
  await using scene = new WebScene({ tokens });
  const ann = await enterWebAccount(scene, "ann");
  await enterWebAccount(scene, "bob");
  for (const body of ["one", "two"]) await ann.ask({ type: "private", to: "bob", body });
  const headers = async (account: string, rooms?: readonly string[]) => ({
    Authorization: `Bearer ${await tokens.create(account, rooms ? "limited" : "whole", rooms)}`,
  });
  const [own, carl, limited] = [
    await headers("bob"),
    await headers("carl"),
    await headers("bob", ["lobby"]),
  ];
  const texts = async (path: string, headers: Record<string, string>) => {
    const response = await scene.fetch(`/api/rooms/${path}`, { headers });
    return { status: response.status, text: await response.text() };
  };
  for (const room of ["@ann", "%40ann", "@ann+bob", "@bob+ann", "%40ANN%2BBOB"]) {
    for (
      const path of ["", "/messages", "/messages/2", "/counts", "/export", "/export?format=text"]
    ) {
      const { status, text } = await texts(room + path, own);
      assertEquals([status, text.includes("@ann+bob") || text.includes("two")], [200, true], path);
      for (const others of [carl, limited, {}]) {
        const answer = await texts(room + path, others);
        assertEquals([answer.status, answer.text.includes("no-such-room")], [404, true], path);
      }
    }
  }
  const stream = await scene.fetch("/api/rooms/@ann/stream?after=1", { headers: own });
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  await readUntil(reader, "two");
  await ann.ask({ type: "private", to: "bob", body: "three" });
  await readUntil(reader, "three");
  // The room is open now, and still nobody else sees it.
  assertEquals((await texts("@ann+bob", carl)).status, 404);
  const listed = await scene.json("/api/rooms", { headers: own });
  assertEquals(listed.body.rooms.map(({ room }: { room: string }) => room), ["lobby"]);
  await reader.cancel();
});

Deno.test("replies and reactions of a conversation reach both, live and in history", async () => {
  await using scene = new WebScene();
  const ann = await enterWebAccount(scene, "ann");
  const bob = await enterWebAccount(scene, "bob");
  ann.send({ type: "private", to: "bob", body: "lunch?" });
  await ann.next("said");
  await bob.next("private");
  bob.send({ type: "private", to: "ann", body: "at noon", reply: 1 });
  const about = { kind: "message", from: "ann", body: "lunch?" };
  const reply = { ...COMMON, from: "bob", to: "ann", body: "at noon", seq: 2, reply: 1, about };
  assertEquals(bare(await ann.next("private")), { ...reply, with: "bob" });
  assertEquals(bare(await bob.next("private")), { ...reply, with: "ann" });
  bob.send({ type: "command", line: "/react @ann#1 👍" });
  for (const [client, name] of [[ann, "bob"], [bob, "ann"]] as const) {
    const { event, ...message } = await client.next("private-reaction");
    assertEquals(message, { type: "private-reaction", with: name, room: "@ann+bob" });
    assertEquals([event.kind, event.seq, event.body, event.fields], ["react", 3, "👍", {
      of: "1",
    }]);
  }
  const { events } = await ann.ask({ type: "history", room: "@bob" });
  assertEquals(events[0].reactions, [{ emoji: "👍", from: ["bob"] }]);
  assertEquals([events[1].reply, events[1].about], [1, about]);
  // By the nickname of somebody whose account has another name.
  const tablet = await scene.enter("tablet");
  await useAccount(scene.chat.people.find("tablet")!, scene.chat.accounts.find("ann")!, {
    keepsName: true,
  });
  await bob.ask({ type: "private", to: "tablet", body: "or at one", reply: 1 });
  assertEquals((await tablet.next("private")).reply, 1);
  const wrong = await bob.ask({ type: "private", to: "ann", body: "no", reply: 9 });
  assertEquals([wrong.type, wrong.code], ["error", "no-such-event"]);
});

Deno.test("a token reacts to a message of a conversation over HTTP, and cannot pin it", async () => {
  const { tokens } = await openOwners(["ann", "bob", "carl"]);
  await using scene = new WebScene({ tokens });
  const ann = await enterWebAccount(scene, "ann");
  await enterWebAccount(scene, "bob");
  await ann.ask({ type: "private", to: "bob", body: "lunch?" });
  const post = async (account: string, path: string, json: unknown) => {
    const Authorization = `Bearer ${await tokens.create(account, path.slice(-4))}`;
    const init = { method: "POST", headers: { Authorization }, body: JSON.stringify(json) };
    const response = await scene.fetch(`/api/rooms/${path}`, init);
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await post("bob", "@ann/messages/1/reactions", { emoji: "+1" }), 200);
  assertEquals((await ann.next("private-reaction")).event.body, "👍");
  assertEquals(await post("carl", "@ann+bob/messages/1/reactions", { emoji: "+1" }), 404);
  assertEquals(await post("bob", "@ann/pins", { seq: 1 }), 404);
});
