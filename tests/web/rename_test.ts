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
    "This room was #tea until here. Its past is in #tea.",
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
