import { assertEquals } from "@std/assert";
import { WebScene } from "../support/web_scene.ts";

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
  const { chat } = scene;
  const { member } = chat.people.find("ann")!;
  await scene.addAccount("annie");
  member.identify(scene.accounts.find("annie"));
  await chat.moderation.register(member, "tea");
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
