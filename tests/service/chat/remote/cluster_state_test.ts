import { assertEquals } from "@std/assert";
import { ReadMarks } from "../../../../lib/service/chat/direct/read_marks.ts";
import { PersonStore } from "../../../../lib/service/chat/person_store.ts";
import { MemoryCluster } from "../../../support/memory_cluster.ts";
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

Deno.test("ReadMarks tells the sessions of an account how far it has read at another node", async () => {
  await using cluster = new MemoryCluster();
  const told: unknown[][] = [[], []];
  const [here, there] = await Promise.all(["a", "b"].map(async (name, index) => {
    const { state } = await cluster.start(name);
    const marks = new ReadMarks({ state, clock: cluster.clock });
    const listener = { readTo: (...mark: unknown[]) => told[index].push(mark) };
    return { marks, own: await marks.enter("ann", listener), listener };
  }));
  here.marks.readTo("ann", "bob", 7);
  await cluster.clock.advance(2000);
  await cluster.settle();
  assertEquals(told, [[["bob", 7]], [["bob", 7]]]);
  assertEquals(there.own.of("bob"), 7);
  // Neither goes back, nor is it told again.
  there.marks.readTo("ann", "bob", 5);
  there.marks.readTo("ann", "eve", 1);
  await there.marks.leave("ann", there.listener);
  await cluster.settle();
  assertEquals([here.own.of("bob"), here.own.of("eve")], [7, 1]);
  assertEquals(told[0], [["bob", 7], ["eve", 1]]);
});

Deno.test("PersonStore.onMarks() tells which marks of an account another node has raised", async () => {
  await using cluster = new MemoryCluster();
  const [a, b] = [await cluster.start("a"), await cluster.start("b")];
  const stores = [a, b].map(({ state }) => new PersonStore(state));
  const told: unknown[] = [];
  stores[1].onMarks((account, raised) => told.push([account, ...raised]));
  const ann = { nickname: "ann", account: "ann" };
  await stores[0].remember(ann, { marks: new Map([["tea", 3], ["milk", 4]]) });
  await stores[0].remember(ann, { marks: new Map([["tea", 5], ["milk", 2]]) });
  await stores[0].remember(ann, { settings: new Map([["bell", "on"]]) });
  await stores[1].remember(ann, { marks: new Map([["tea", 9]]) });
  await cluster.settle();
  assertEquals(told, [["ann", ["tea", 3], ["milk", 4]], ["ann", ["tea", 5]]]);
  assertEquals((await stores[0].recall(ann)).marks.get("tea"), 9);
});
