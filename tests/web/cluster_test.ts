import { assertEquals } from "@std/assert";
import { ClusterScene } from "../support/cluster_scene.ts";

Deno.test("The page lists people of other nodes, and hears of them as they come and go", async () => {
  await using scene = new ClusterScene();
  const node = await scene.start("a");
  const ann = await scene.enter(node, "ann");
  const web = await scene.startWeb("b");
  const bob = await web.enter("bob");
  const { members } = bob.messages.find(({ type }) => type === "joined");
  assertEquals(members.map(({ name }: { name: string }) => name).sort(), ["ann", "bob"]);
  await scene.expect(ann, "* bob joined");
  ann.say("hello");
  await bob.hear("hello");
  const eve = await scene.enter(node, "eve");
  await web.advance(1000);
  const change = await bob.next("membersChanged");
  assertEquals([change.count, change.joined[0].name], [3, "eve"]);
  bob.send({ type: "private", to: "ann", body: "psst" });
  await bob.next("private");
  await scene.expect(ann, "bob -> you: psst");
  ann.say("/reply yes?");
  assertEquals((await bob.next("private")).body, "yes?");
  await eve.leave();
  const { body: { rooms } } = await web.json("/api/rooms");
  assertEquals(rooms.find(({ room }: { room: string }) => room === "lobby").count, 2);
});
