import { assert, assertEquals, assertRejects } from "@std/assert";
import { RequestError } from "../../../lib/web/page/requests.ts";
import { LineClient } from "../../support/line_client.ts";
import { ServerProcess } from "../../support/server_process.ts";
import { PageClient } from "../../support/page_client.ts";
import { PageServer } from "../../support/page_server.ts";
import { PATIENCE_MS } from "../../support/patience.ts";

Deno.test("Client joins, sends a message, and receives it once it is stored", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  assertEquals(ann.client.state.name, "ann");
  assert(ann.client.state.commands.some(({ name }) => name === "who"));
  ann.client.sender.say("lobby", "hello", "message");
  assertEquals(ann.client.state.unsent.of("lobby").length, 1);
  await ann.until(() => ann.bodies("lobby").includes("hello"));
  await ann.until(() => ann.client.state.unsent.of("lobby").length === 0);
  const { events } = ann.room("lobby").timeline;
  assertEquals(events.at(-1)!.from, "ann");
  assertEquals(events.at(-1)!.via, "web");
});

Deno.test("Client and a plain TCP peer see the same messages in the same order", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  const jack = await LineClient.enter(server.linePort, "jack");
  await ann.until(() => ann.room("lobby").members.count === 2);
  for (let number = 0; number < 5; number++) {
    ann.client.sender.say("lobby", `ann ${number}`, "message");
    await jack.send(`jack ${number}`);
  }
  await ann.until(() => ann.bodies("lobby").length === 10);
  const seen = ann.room("lobby").timeline.events
    .filter(({ kind }) => kind === "message").map(({ from, body }) => `<${from}> ${body}`);
  const others = seen.filter((line) => line.startsWith("<ann>"));
  for (const line of others) await jack.expect(line);
  assertEquals(
    [...seen].sort(),
    [...Array(5).keys()].flatMap((number) => [`<ann> ann ${number}`, `<jack> jack ${number}`])
      .sort(),
  );
  await jack.close();
});

Deno.test("Client learns why its name is refused, and enters with another", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await using other = new PageClient(server.url);
  other.client.start("ann");
  await other.until(() => other.client.status.type === "refused");
  assert(other.client.status.type === "refused");
  assertEquals(other.client.status.code, "name-in-use");
  other.client.start("bob");
  await other.until(() => other.client.status.type === "live");
  assertEquals(other.client.state.name, "bob");
  assertEquals(ann.client.status.type, "live");
});

Deno.test("Client tracks the members of its room", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  const names = () => ann.room("lobby").members.sorted.map(({ name }) => name);
  assertEquals(names(), ["ann"]);
  const jack = await LineClient.enter(server.linePort, "jack");
  await ann.until(() => names().length === 2);
  assertEquals(names(), ["ann", "jack"]);
  await jack.send("/nick jim");
  await ann.until(() => names().includes("jim"));
  assertEquals(names(), ["ann", "jim"]);
  await jack.close();
  await ann.until(() => names().length === 1);
});

Deno.test("Client.command() reports the command's output with the room it was given in", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await ann.client.command("/who", "lobby");
  const notices = ann.changes.filter((change) => change.type === "notice");
  assert(notices.length > 0);
  assert(notices.every(({ room }) => room === "lobby"));
  await ann.client.command("/whi", "lobby");
  assert(ann.notices.at(-1)!.includes("/who"), ann.notices.at(-1));
  await ann.client.command("/topic lunch", "lobby");
  await ann.until(() => ann.room("lobby").topic === "lunch");
  await ann.client.command("/nick anna", "lobby");
  await ann.until(() => ann.client.state.name === "anna");
});

Deno.test("Client.join() and leave() change its rooms, and report why they are refused", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await ann.client.join("ops");
  assertEquals(ann.client.state.rooms.map(({ name }) => name), ["lobby", "ops"]);
  await ann.client.leave("ops");
  assertEquals(ann.client.state.rooms.map(({ name }) => name), ["lobby"]);
  const error = await assertRejects(() => ann.client.join("a b"), RequestError);
  assertEquals(error.code, "bad-name");
});

Deno.test("MessageSender.say() sends a private message to one person, and keeps a refused one", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await using bob = await PageClient.enter(server.url, "bob");
  const texts = ({ changes }: PageClient) =>
    changes.flatMap((change) => change.type === "private" ? [change.message.body] : []);
  const { client: { sender, state: { unsent } } } = ann;
  sender.say("@bob", "psst", "message");
  await bob.until(() => texts(bob).length === 1);
  assertEquals(texts(bob), ["psst"]);
  await ann.until(() => unsent.all.length === 0);
  assertEquals(texts(ann), ["psst"]);
  sender.say("@nobody", "hello?", "message");
  await ann.until(() => unsent.of("@nobody")[0].state === "failed");
  const [line] = unsent.of("@nobody");
  assertEquals(line.problem, "Nobody here is called nobody. /who lists names.");
  assertEquals(unsent.waiting(), []);
  sender.say("@bob", "/login ann hunter2", "message", { isSecret: true });
  await ann.until(() => unsent.of("@bob").length === 0);
  assertEquals(ann.notices.length, 1);
});

Deno.test("Client.history() loads any part of any room, joined or not", async () => {
  await using server = new PageServer();
  const jack = await LineClient.enter(server.linePort, "jack");
  await jack.send("/join ops");
  await jack.expect("You are in #ops");
  await jack.send(...Array.from({ length: 15 }, (_, number) => `line ${number}`));
  await using ann = await PageClient.enter(server.url, "ann");
  const start = performance.now();
  for (let lastSeq = 0; lastSeq !== 16;) {
    assert(performance.now() - start < PATIENCE_MS, `The room ends at #${lastSeq}`);
    ({ lastSeq } = await ann.client.history({ room: "ops", limit: 1 }));
  }
  const { events, after, before } = await ann.client.history({ room: "ops", before: 10, limit: 3 });
  assertEquals(events.map(({ seq }) => seq), [7, 8, 9]);
  assertEquals([after, before], [6, 10]);
  const error = await assertRejects(() => ann.client.history({ room: "nowhere" }), RequestError);
  assertEquals(error.code, "no-such-room");
  await jack.close();
});

Deno.test("Client counts unread messages and mentions in other rooms", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  const room = ann.room("lobby");
  ann.client.markRead(room);
  await using bob = await PageClient.enter(server.url, "bob");
  bob.client.sender.say("lobby", "is anybody here?", "message");
  bob.client.sender.say("lobby", "Ann, are you?", "message");
  await ann.until(() => room.unread === 2);
  assertEquals(room.mentions, 1);
  ann.client.sender.say("lobby", "I am", "message");
  await ann.until(() => ann.bodies("lobby").includes("I am"));
  assertEquals(room.unread, 2);
  ann.client.markRead(room);
  assertEquals([room.unread, room.mentions], [0, 0]);
});

Deno.test("Client does not reconnect after /quit", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  ann.client.command("/quit").catch(() => {});
  await ann.until(() => ann.client.status.type === "ended");
  assert(ann.client.status.type === "ended");
  assertEquals(ann.client.status.reason, "quit");
});

Deno.test("Client takes over another client's session, and that one does not reconnect", async () => {
  await using server = new PageServer();
  await using first = await PageClient.enter(server.url, "ann");
  const { remembered } = first.client.state;
  await using second = await PageClient.enter(server.url, "ann", { remembered });
  assertEquals(second.client.state.name, "ann");
  await first.until(() => first.client.status.type === "ended");
  assert(first.client.status.type === "ended");
  assertEquals(first.client.status.reason, "takenOver");
});

Deno.test("Client waits to reconnect after the server has stopped, and rejects requests", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using ann = await PageClient.enter(server.web, "ann");
  await server.stop();
  await ann.until(() => ann.client.status.type === "waiting");
  await assertRejects(() => ann.client.listRooms(), RequestError, "lost");
});

Deno.test("Client follows a rename and misses nothing that is said", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  const jack = await LineClient.enter(server.linePort, "jack");
  await jack.send("/join tea");
  await jack.expect("* You are in #tea");
  await ann.client.join("tea");
  await jack.send("before", "/rename coffee", "after");
  await ann.until(() =>
    ann.client.state.room("coffee") !== undefined && ann.bodies("coffee").includes("after")
  );
  await ann.until(() => ann.client.state.room("tea") === undefined);
  const { events } = ann.room("coffee").timeline;
  assertEquals(events.map(({ seq }) => seq), [1, 2]);
  assertEquals(ann.room("coffee").members.count, 2);
  ann.client.sender.say("coffee", "me, too", "message");
  await jack.expect("<ann> me, too");
  await jack.close();
});
