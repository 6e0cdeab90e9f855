import { assertEquals, assertMatch } from "@std/assert";
import { type ClusterNode, ClusterScene } from "../../../support/cluster_scene.ts";
import { SeededRandom } from "../../../support/random.ts";

/** The names that a node has people by. */
function namesAt({ chat: { people } }: ClusterNode): string[] {
  return Array.from(people.holders, ({ nickname }) => nickname).sort();
}

Deno.test("OwnNames gives one name to somebody who asked for another while their node was gone", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await scene.enter(a, "ann");
  const bob = await scene.enter(b, "bob");
  await scene.stop(b, async () => {
    bob.say("/nick bert");
    await scene.advance(10_000);
  });
  await scene.settle();
  for (const node of [a, b]) assertEquals(namesAt(node), ["ann", "bert"]);
  ann.forget();
  await scene.ask(ann, "/who", "* In #lobby: ann, bert");
  bob.forget();
  const carl = await scene.enter(b, "carl");
  await scene.ask(carl, "/nick bob", "* You are bob.");
});

Deno.test("OwnNames gives the asked name, not a like one, if somebody else has theirs by then", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await scene.enter(a, "ann");
  const bob = await scene.enter(b, "bob");
  await scene.stop(b, async () => {
    bob.say("/nick bert");
    await scene.advance(10_000);
    ann.forget();
    await scene.ask(ann, "/nick bob", "* You are bob.");
  });
  await scene.settle();
  for (const node of [a, b]) assertEquals(namesAt(node), ["bert", "bob"]);
  void bob.leave();
  await scene.advance(1000);
  for (const node of [a, b]) assertEquals(namesAt(node), ["bob"]);
  ann.forget();
  await scene.ask(ann, "/nick bert", "* You are bert.");
});

Deno.test("ClusterPeople knows those again who had no name for a moment, but were in a room", async () => {
  await using scene = new ClusterScene({ random: new SeededRandom(1) });
  const a = await scene.start("a");
  const b = await scene.start("b");
  await scene.enter(a, "ann");
  const bob = await scene.enter(b, "bob");
  const refusals: unknown[] = [];
  await scene.stop(b, async () => {
    bob.say("/join games");
    await scene.settle();
    // A client that waits for the one before it asks for the other would not get so far.
    b.chat.people.find("bob")!.takeName("bert")!.catch(({ code }) => refusals.push(code));
    await scene.advance(10_000);
    // From here on, it hears of the others, and they do not hear of it.
    scene.stream.faults = { lost: 1, unanswered: 0, doubled: 0, delayed: 0, cut: 0 };
  });
  await scene.advance(4000);
  assertEquals(refusals, ["unavailable"]);
  scene.stream.faults = { ...scene.stream.faults, lost: 0 };
  await scene.advance(10_000);
  for (const node of [a, b]) {
    assertEquals(namesAt(node), ["ann", "bob"]);
    const members = node.registry.find("games")?.members ?? [];
    assertEquals(Array.from(members, ({ nickname }) => nickname), ["bob"]);
  }
});

Deno.test("OwnNames ends a connection whose account name was taken meanwhile", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  for (const { access } of [a, b]) access.configure({ isClosed: true });
  for (const name of ["ann", "bob"]) await scene.finish(a.addAccount(name));
  await scene.finish(a.logIn("ann"));
  const before = await scene.finish(b.logIn("bob"));
  await scene.stop(b, async () => {
    await scene.advance(10_000);
    await scene.finish(a.logIn("bob"));
  });
  await scene.advance(1000);
  assertMatch(before.transcript, /! This server was cut off for a while, and somebody else has /);
  assertEquals(before.hasEnded, true);
  for (const node of [a, b]) {
    assertEquals(namesAt(node), ["ann", "bob"]);
    assertEquals(node.registry.find("lobby")?.members.size, 2);
  }
});

Deno.test("OwnNames ends the connection of a token whose name its owner has taken meanwhile", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  await scene.finish(a.addAccount("ann"));
  const bot = await scene.finish(b.logIn("ann"));
  const { tokens, people } = b.chat;
  const secret = await scene.finish(tokens.create("ann", "bot"));
  people.find("ann")!.member.actWith(tokens.require(secret, "192.0.2.7"));
  await scene.stop(b, async () => {
    await scene.advance(10_000);
    await scene.finish(a.logIn("ann"));
  });
  await scene.advance(1000);
  assertMatch(bot.transcript, /taken the name ann, so this connection has ended\./);
  assertEquals(bot.hasEnded, true);
  for (const node of [a, b]) {
    assertEquals(namesAt(node), ["ann"]);
    assertEquals(node.registry.find("lobby")?.members.size, 1);
  }
});

Deno.test("OwnNames frees the name of somebody who leaves while it gets capitals", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await scene.enter(a, "ann");
  const bob = await scene.enter(b, "bob");
  await scene.stop(b, async () => {
    bob.say("/nick Bob");
    await scene.settle();
    // As when somebody ends the connection from elsewhere.
    void b.chat.people.find("bob")!.depart("");
    await scene.settle();
  });
  await scene.settle();
  ann.forget();
  await scene.ask(ann, "/nick bob", "* You are bob.");
});

Deno.test("takeAlternative() gives the name once the cluster is reached again", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  await scene.start("b");
  await scene.finish(a.addAccount("ann"));
  const ann = await scene.finish(a.logIn("ann"));
  scene.stream.isDown = true;
  await scene.advance(3000);
  ann.forget();
  ann.say("/logout");
  await scene.advance(1000);
  scene.stream.isDown = false;
  await scene.advance(10_000);
  assertMatch(ann.transcript, /\* You are now called ann2\./);
});

Deno.test("takeAlternative() leaves those alone who leave before the cluster is reached again", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  await scene.finish(a.addAccount("ann"));
  const ann = await scene.finish(a.logIn("ann"));
  scene.stream.isDown = true;
  await scene.advance(3000);
  ann.say("/logout");
  await scene.advance(1000);
  void ann.vanish();
  await scene.advance(1000);
  scene.stream.isDown = false;
  await scene.advance(10_000);
  for (const node of [a, b]) assertEquals(namesAt(node), []);
});
