import { assertEquals } from "@std/assert";
import type { WebClient } from "../support/web_client.ts";
import { WebScene } from "../support/web_scene.ts";

/** Makes a room of somebody's own. */
async function register(scene: WebScene, name: string, room: string): Promise<void> {
  const { moderation, people } = scene.chat;
  const { member } = people.find(name)!;
  await scene.addAccount("annie");
  member.identify(scene.accounts.find("annie"));
  await moderation.ownership.register(member, room);
}

Deno.test("A web client is in a room of the new name before it is out of the old one", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann", "tea");
  const bob = await scene.enter("bob", "tea");
  await ann.command("/rename coffee", "tea");
  const { type: _, events: [notice], ...joined } = await bob.next("joined");
  assertEquals({ ...joined, members: joined.members.length }, {
    room: "coffee",
    topic: "",
    lastSeq: 1,
    count: 2,
    members: 2,
    resumed: false,
  });
  assertEquals([notice.seq, notice.body], [
    1,
    "This room was called #tea. Earlier messages are in #tea.",
  ]);
  assertEquals(await bob.next("left"), {
    type: "left",
    room: "tea",
    why: "#tea is #coffee now.",
    to: "coffee",
  });
  await bob.ask({ type: "say", room: "coffee", body: "hello" });
  const [event] = await ann.hear("hello");
  assertEquals(event.room, "coffee");
});

Deno.test("A web client that comes back to a registered room under its old name is in the new one", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann", "tea");
  await register(scene, "ann", "tea");
  await ann.command("/rename coffee", "tea");
  const bob = await scene.open();
  bob.send({ type: "hello", name: "bob", rooms: [{ room: "tea", after: 3 }] });
  assertEquals((await bob.next("joined")).room, "coffee");
  assertEquals((await bob.next("left")).to, "coffee");
});

Deno.test("What a web client sends to the old name, because it has not read of the new one yet, is said there", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann", "tea");
  const bob = await scene.enter("bob", "tea");
  await ann.command("/rename coffee", "tea");
  await ann.command("/rename cocoa", "coffee");
  await bob.next("left");
  assertEquals((await bob.ask({ type: "say", room: "tea", body: "hello" })).type, "said");
  assertEquals((await ann.hear("hello"))[0].room, "cocoa");
  // The number of the message that it answers is one of the other room.
  const reply = await bob.ask({ type: "say", room: "tea", body: "yes", reply: 2 });
  assertEquals([reply.type, reply.code], ["error", "not-in-room"]);
  // Joining the old name afterwards creates a new room.
  await bob.ask({ type: "join", room: "tea" });
  const said = await bob.ask({ type: "say", room: "tea", body: "back" });
  assertEquals([said.type, said.room], ["said", "tea"]);
});

Deno.test("A web client may ask about a registered room under its former name", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann", "tea");
  await register(scene, "ann", "tea");
  await ann.command("/rename coffee", "tea");
  const bob = await scene.enter("bob", "coffee");
  const roomIn = async (client: WebClient, type: string) =>
    (await client.ask({ type, room: "tea", body: "hello" })).room;
  assertEquals(await roomIn(bob, "members"), "coffee");
  assertEquals(await roomIn(bob, "room-settings"), "coffee");
  assertEquals(await roomIn(bob, "say"), "coffee");
  assertEquals(await roomIn(bob, "history"), "tea");
  assertEquals(await roomIn(bob, "pins"), "tea");
});

Deno.test("A web client is told what a registered room is called now that it is not in", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann", "tea");
  const bob = await scene.enter("bob");
  await register(scene, "ann", "tea");
  await ann.command("/rename coffee", "tea");
  const answer = { type: "say", room: "tea", body: "hello" };
  const { code, text } = await bob.ask(answer);
  assertEquals([code, text], ["not-in-room", "#tea is #coffee now. Join it first."]);
  const numbered = await ann.ask({ ...answer, reply: 1 });
  assertEquals(numbered.text, "#tea is #coffee now. Messages have other numbers there.");
  const unknown = await bob.ask({ ...answer, room: "milk" });
  assertEquals(unknown.text, "You are not in #milk. Join it first.");
  await ann.command("/room private on", "coffee");
  assertEquals((await bob.ask(answer)).text, "You are not in #tea. Join it first.");
});

Deno.test("The API tells what a registered room is called now, and keeps the former one apart", async () => {
  await using scene = new WebScene({ postToken: "secret-token" });
  const ann = await scene.enter("ann", "tea");
  await register(scene, "ann", "tea");
  await ann.command("/rename coffee", "tea");
  const { rooms } = (await scene.json("/api/rooms")).body;
  const about = ({ room, renamedTo }: { room: string; renamedTo?: string }) => [room, renamedTo];
  assertEquals(rooms.map(about), [["coffee", undefined], ["tea", "coffee"]]);
  assertEquals(about((await scene.json("/api/rooms/tea")).body), ["tea", "coffee"]);
  assertEquals(about((await scene.json("/api/rooms/coffee")).body), ["coffee", undefined]);
  assertEquals(about((await scene.json("/api/rooms/tea/messages")).body), ["tea", "coffee"]);
  const posted = await scene.json("/api/rooms/tea/messages", {
    method: "POST",
    headers: { Authorization: "Bearer secret-token", "Content-Type": "application/json" },
    body: JSON.stringify({ from: "deploybot", body: "4.2 is out" }),
  });
  assertEquals([posted.status, posted.body.events[0].room, posted.body.renamedTo], [
    ...[201, "tea", "coffee"],
  ]);
});
