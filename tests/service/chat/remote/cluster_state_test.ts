import { type ClusterNode, ClusterScene } from "../../../support/cluster_scene.ts";
import type { Guest } from "../../../support/chat_room.ts";

/** Somebody in #tea at another node than the operator who came there first. */
async function meet(scene: ClusterScene, enter: (node: ClusterNode) => Promise<Guest>) {
  const a = await scene.start("a");
  const b = await scene.start("b");
  const root = await a.logIn("root", { isOperator: true });
  await scene.settle();
  const guest = await enter(b);
  for (const person of [root, guest]) {
    person.say("/join tea");
    await scene.settle();
  }
  root.forget();
  guest.forget();
  return { a, b, root, guest };
}

Deno.test("Evictions sends out whom another node has banned", async () => {
  await using scene = new ClusterScene();
  const { root, guest } = await meet(scene, (node) => node.enter("bob"));
  root.say("/ban bob 1h noise");
  await scene.expect(guest, /^\* root banned you from #tea until .* \(noise\)\. /);
  await scene.expect(root, /^\* You banned bob /, "* bob left (banned by root: noise)");
  await scene.ask(guest, "/join tea", /^! You are banned from #tea for 60 more min/);
  await scene.ask(root, "/unban bob", /^\* You lifted the ban of bob/);
  await scene.ask(guest, "/join tea", "* You are in #tea with root.");
});

Deno.test("Evictions sends out readers of a room that another node has made private", async () => {
  await using scene = new ClusterScene();
  const { root, guest } = await meet(scene, (node) => node.enter("bob"));
  root.say("/room private on");
  await scene.expect(guest, /^\* #tea is private, and you have no invitation\. /);
  await scene.ask(guest, "/join tea", /^! #tea is private/);
});

Deno.test("A removed account logs its people out at all nodes, and a guest's name gives way", async () => {
  await using scene = new ClusterScene();
  const { a, guest } = await meet(scene, (node) => node.logIn("ann"));
  await a.accounts.remove("ann");
  await scene.expect(guest, /^\* The account ann was removed from this server/);
  await a.addAccount("ann");
  await scene.expect(guest, /^\* An account with the name ann was added, so you are now called /);
});

Deno.test("An operator appointed at one node is one at the others", async () => {
  await using scene = new ClusterScene();
  const { a, guest } = await meet(scene, (node) => node.logIn("ann"));
  await a.accounts.setOperator("ann", true);
  await scene.expect(guest, "* You are now an operator of this server.");
});
