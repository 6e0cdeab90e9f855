import { assertEquals, assertMatch } from "@std/assert";
import { type ClusterNode, ClusterScene } from "../../../support/cluster_scene.ts";

/** The names of those who keep order in a room, as a node sees it. */
function keepersAt(node: ClusterNode, room = "games"): string[] {
  const keepers = node.access.attendance.in(room)?.with("moderator") ?? [];
  return Array.from(keepers, ({ nickname }) => nickname);
}

Deno.test("SharedAttendance tells nodes that start later whose role has ended", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const [ann, bob] = await scene.enterAll("games", [a, "ann"], [b, "bob"]);
  ann.say("/grant bob moderator");
  await scene.settle();
  for (const node of [a, b]) assertEquals(keepersAt(node), ["ann", "bob"]);
  for (const line of ["/leave", "/join games"]) {
    bob.say(line);
    await scene.settle();
  }
  const c = await scene.start("c");
  for (const node of [a, b, c]) assertEquals(keepersAt(node), ["ann"]);
  ann.forget();
  await scene.ask(
    ann,
    "/grant bob voice",
    "* ann made bob a voice of #games while bob is here.",
    "* Done.",
  );
  for (const node of [a, b, c]) assertEquals(keepersAt(node), ["ann"]);
});

Deno.test("SharedAttendance tells other nodes that somebody gives up keeping order", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const [ann] = await scene.enterAll("games", [a, "ann"], [b, "bob"]);
  ann.say("/grant ann none");
  await scene.settle();
  const c = await scene.start("c");
  for (const node of [a, b, c]) assertEquals(keepersAt(node), []);
});

Deno.test("ActSequence gives no role to somebody who was declared gone during their act", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const [bob] = await scene.enterAll("games", [b, "bob"], [a, "carl"]);
  await scene.stop(b, async () => {
    bob.say("/rename other");
    await scene.advance(10_000);
  });
  await scene.advance(1000);
  assertMatch(bob.transcript, /^! #games has no owner, so only operators/m);
  const c = await scene.start("c");
  for (const node of [a, b, c]) {
    assertEquals(keepersAt(node), []);
    assertEquals(node.registry.find("games")?.members.size, 2);
  }
});

Deno.test("ActSequence takes no role in a room whose members were all declared gone", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const [bob] = await scene.enterAll("games", [b, "bob"]);
  await scene.stop(b, async () => {
    bob.say("/grant bob none");
    await scene.advance(10_000);
  });
  await scene.advance(1000);
  const c = await scene.start("c");
  for (const node of [a, b, c]) assertEquals(keepersAt(node), ["bob"]);
});

Deno.test("Temporary rules end at every node, whoever is the last to leave", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const [ann, bob] = await scene.enterAll("games", [a, "ann"], [b, "bob"]);
  ann.say("/room moderated on");
  await scene.settle();
  for (const { access } of [a, b]) assertEquals(access.rules("games")?.isModerated, true);
  await scene.stop(b, async () => {
    // First at his node, but hers comes first in the order of all.
    bob.say("/leave");
    await scene.settle();
    ann.say("/leave");
    await scene.settle();
  });
  for (const { access, registry } of [a, b]) {
    assertEquals(access.rules("games"), undefined);
    assertEquals(Array.from(registry.open, ({ name }) => name), ["lobby"]);
  }
});

Deno.test("SharedAttendance forgets an act at once if everybody leaves after it", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  await scene.enterAll("games", [a, "ann"], [a, "bob"]);
  const [ann, bob] = ["ann", "bob"].map((name) => a.chat.people.find(name)!);
  const given = a.chat.moderation.roles.give(ann.member, "games", bob.member, "voice");
  // In one turn, so that all of it is in one entry.
  for (let steps = 0; steps < 50; steps++) await Promise.resolve();
  for (const person of [ann, bob]) person.visits.leave(person.findRoom("games")!);
  await scene.finish(given);
  const [carl] = await scene.enterAll("games", [b, "carl"], [a, "dora"]);
  await scene.ask(
    carl,
    "/grant dora voice",
    "* carl made dora a voice of #games while dora is here.",
    "* Done.",
  );
});
