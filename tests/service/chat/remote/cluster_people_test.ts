import { assertEquals, assertMatch } from "@std/assert";
import { ClusterScene } from "../../../support/cluster_scene.ts";
import { HOST } from "../../../support/irc_room.ts";
import { SeededRandom } from "../../../support/random.ts";

Deno.test("ClusterPeople shows people of another node in /who, and as they come and go", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await a.enter("ann");
  const bob = await scene.enter(b, "bob");
  await scene.expect(ann, "* bob joined");
  await scene.ask(ann, "/who", "* In #lobby: ann, bob");
  await scene.ask(bob, "/who", "* In #lobby: ann, bob");
  await scene.ask(bob, "/away lunch", "* You are away: lunch. Type /away again when you're back.");
  await scene.ask(ann, "/who", "* In #lobby: ann, bob (away: lunch)");
  await scene.ask(bob, "/nick bert", "* You are bert.");
  await scene.expect(ann, "* bob is now bert");
  await scene.ask(ann, "/who", "* In #lobby: ann, bert (away: lunch)");
  await scene.ask(bob, "/join games", "* You are in #games. Nobody else is here yet.");
  await scene.ask(ann, "/rooms", "* #lobby  2 people", "* #games  1 person");
  await bob.leave();
  await scene.expect(ann, "* bert left");
  await scene.ask(ann, "/who", "* In #lobby: ann");
  await scene.ask(ann, "/rooms", "* #lobby  1 person", "* #games  nobody, 2 events");
});

Deno.test("ClusterPeople has those of other nodes after a start", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const ann = await a.enter("ann");
  ann.say("/join games");
  await scene.settle();
  const b = await scene.start("b");
  const bob = await scene.enter(b, "bob");
  await scene.ask(bob, "/who games", "* In #games: ann");
  await scene.ask(bob, "/nick ann", /^! The name ann is in use/);
});

Deno.test("ClusterPeople gives a name to one of two who claim it at one moment", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const one = a.connect();
  const two = b.connect();
  one.say("ann");
  two.say("ann");
  await scene.settle();
  const texts = [one.transcript, two.transcript];
  assertEquals(texts.filter((text) => text.includes("* You are ann.")).length, 1);
  assertEquals(texts.filter((text) => text.includes("! The name ann is in use")).length, 1);
});

Deno.test("ClusterPeople frees a name that was given up on another node", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await a.enter("ann");
  const bob = await scene.enter(b, "bob");
  await scene.ask(bob, "/nick ann", /^! The name ann is in use/);
  await scene.ask(ann, "/nick eve", "* bob joined", "* You are eve.");
  await bob.read();
  await scene.ask(bob, "/nick ann", "* You are ann.");
  await ann.leave();
  await scene.ask(bob, "/nick eve", "* eve left", "* You are eve.");
});

Deno.test("sendPrivately() reaches people of other nodes", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await a.enter("ann");
  const bob = await scene.enter(b, "bob");
  await scene.settle();
  ann.forget();
  await scene.ask(ann, "/msg bob hi", "-> bob: hi");
  await scene.expect(bob, "ann -> you: hi");
  await scene.ask(bob, "/reply hello", "-> ann: hello");
  await scene.expect(ann, "bob -> you: hello");
  await scene.ask(bob, "/away", "* You are away. Type /away again when you're back.");
  await scene.ask(ann, "/msg bob again", "-> bob: again", "* bob is away.");
  await scene.expect(bob, "ann -> you: again");
  b.courier.isCut = true;
  await scene.ask(
    ann,
    "/msg bob anybody?",
    "! The server that bob is connected to does not answer, so your message may not have been " +
      "delivered.",
  );
  b.courier.isCut = false;
});

Deno.test("Leases has the people of a node that dies leave within 10 seconds, said once", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const c = await scene.start("c");
  const [ann, , carl] = await scene.enterAll("games", [a, "ann"], [b, "bob"], [c, "carl"]);
  await b.kill();
  await scene.advance(4000);
  await scene.expect(ann);
  await scene.advance(6000);
  await scene.expect(
    ann,
    "#lobby * bob left (the server b is gone)",
    "* bob left (the server b is gone)",
  );
  await scene.ask(ann, "/who", "* In #games: ann, carl");
  carl.forget();
  await scene.ask(carl, "/nick bob", "* You are bob.");
});

Deno.test("ClusterPeople brings people back after their node was stopped for a while", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await scene.enter(a, "ann");
  const bob = await scene.enter(b, "bob");
  await scene.enter(b, "eve");
  for (const guest of [ann, bob]) guest.forget();
  await scene.stop(b, async () => {
    await scene.advance(10_000);
    await scene.expect(
      ann,
      "* bob left (the server b is gone)",
      "* eve left (the server b is gone)",
    );
    await scene.ask(ann, "/nick eve", "* You are eve.");
  });
  await scene.settle();
  await scene.expect(ann, "* bob joined", "* eve2 joined");
  await scene.expect(
    bob,
    "* eve left (the server b is gone)",
    "* ann is now eve",
    "* eve2 joined",
  );
});

Deno.test("Membership.leave() closes a room whose last member leaves while declared gone", async () => {
  await using scene = new ClusterScene({ random: new SeededRandom(1) });
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await scene.enter(a, "ann");
  const bob = await scene.enter(b, "bob");
  bob.say("/join games");
  await scene.settle();
  await scene.stop(b, async () => {
    await scene.advance(10_000);
    // From here on, it hears of the others, and they do not hear of it.
    scene.stream.faults = { lost: 1, unanswered: 0, doubled: 0, delayed: 0, cut: 0 };
  });
  bob.say("/leave");
  await scene.settle();
  scene.stream.faults = { ...scene.stream.faults, lost: 0 };
  await scene.advance(5000);
  for (const node of [a, b]) {
    assertEquals(Array.from(node.registry.open, ({ name }) => name), ["lobby"]);
  }
  ann.forget();
  await scene.ask(ann, "/who", "* In #lobby: ann, bob");
});

Deno.test("Evictions sends people out who are kicked or banned from another node", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const [ann, bob] = await scene.enterAll("games", [a, "ann"], [b, "bob"]);
  await scene.ask(bob, "/kick ann", "! Only moderators of #games can do that. Ask ann.");
  await scene.ask(
    ann,
    "/kick bob spam",
    "* You kicked bob from #games (spam).",
    "* bob left (kicked by ann: spam)",
  );
  await scene.expect(
    bob,
    /^\* ann kicked you from #games \(spam\)\. \/join games brings you back\./,
  );
  await scene.ask(ann, "/who", "* In #games: ann");
  await scene.ask(bob, "/join games", /^\* You are in #games/);
  ann.forget();
  await scene.ask(
    ann,
    "/ban bob",
    "* You banned bob from #games. /undo #2 takes it back.",
    "* bob left (banned by ann)",
  );
  await scene.expect(bob, /^\* ann banned you from #games/);
  await scene.ask(bob, "/join games", /^! You are banned from #games/);
});

Deno.test("SharedAttendance lets people at another node keep order in a room", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await scene.register(a, "ann");
  const bob = await scene.register(b, "bob");
  for (const client of [ann, bob]) {
    client.send("JOIN #games");
    await scene.settle();
  }
  for (const client of [ann, bob]) await client.sync();
  bob.send("MODE #games +t");
  await scene.settle();
  await bob.expect(/ 482 bob #games /);
  ann.send("MODE #games +o bob");
  await scene.settle();
  for (const client of [ann, bob]) await client.expect(`:ann!~ann@${HOST} MODE #games +o bob`);
  bob.send("MODE #games +i", "MODE #games -o ann");
  await scene.settle();
  for (const client of [ann, bob]) {
    await client.expect(
      `:bob!~bob@${HOST} MODE #games +i`,
      `:bob!~bob@${HOST} MODE #games -o ann`,
    );
  }
  const eve = await scene.register(a, "eve");
  eve.send("JOIN #games");
  await scene.settle();
  await eve.expect(/ 473 /);
  bob.send("INVITE eve #games");
  await scene.settle();
  await bob.expect(":irc.test 341 bob eve #games");
  await eve.expect(`:bob!~bob@${HOST} INVITE eve #games`);
  eve.send("JOIN #games");
  await scene.settle();
  await eve.expect(`:eve!~eve@${HOST} JOIN #games`);
});

Deno.test("replaceHolder() ends a connection at another node that has the name of the account", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  await scene.finish(a.addAccount("ann"));
  const one = await scene.finish(a.logIn("ann"));
  await scene.settle();
  const two = b.connect();
  two.say("/login ann correct horse");
  await scene.settle();
  assertEquals(one.hasEnded, true);
  assertMatch(one.transcript, /! ann has logged in on another connection/);
  assertMatch(two.transcript, /\* ann was still connected by .*\. That connection has ended\./);
  assertMatch(two.transcript, /\* You are ann\./);
});

Deno.test("Accounts write to each other over nodes, and guests learn of accounts", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  await scene.finish(a.addAccount("ann"));
  await scene.finish(b.addAccount("bob"));
  const ann = await scene.finish(a.logIn("ann"));
  const bob = await scene.finish(b.logIn("bob"));
  await scene.settle();
  for (const guest of [ann, bob]) guest.forget();
  await scene.ask(ann, "/msg bob hi", "-> bob: hi");
  await scene.expect(bob, "ann -> you: hi");
  await scene.ask(bob, "/away lunch", /^\* You are away/);
  await scene.ask(ann, "/msg bob hungry?", "-> bob: hungry?", "* bob is away: lunch.");
  bob.forget();
  await scene.ask(ann, "/join games", /You are in #games/);
  await scene.ask(ann, "/invite bob", "* You invited bob to #games. /undo #1 takes it back.");
  await scene.expect(bob, "* ann invited you to #games. /join games enters it.");
  await bob.leave();
  ann.forget();
  await scene.ask(ann, "/msg bob bye", "-> bob: bye", /^\* bob is not here/);
});

Deno.test("IRC clients see roles that are given for good at another node", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  await scene.finish(a.addAccount("ann"));
  await scene.finish(b.addAccount("bob"));
  const ann = await scene.finish(a.logIn("ann"));
  const bob = await scene.register(b, "bobby");
  bob.send("PRIVMSG NickServ :REGAIN bob correct horse");
  await scene.settle();
  for (const line of ["/join games", "/room register"]) {
    ann.say(line);
    await scene.settle();
  }
  bob.send("JOIN #games");
  await scene.settle();
  await bob.sync();
  ann.say("/grant bob moderator");
  await scene.settle();
  await bob.expect(":irc.test MODE #games +o bob");
});

Deno.test("ClusterPeople refuses names while the cluster cannot be reached", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const ann = await scene.enter(a, "ann");
  scene.stream.isDown = true;
  ann.say("/nick eve");
  await scene.advance(4000);
  await scene.expect(ann, /^! The cluster cannot be reached, so nobody can take a name now\./);
  await scene.ask(ann, "/nick bob", /^! The cluster cannot be reached/);
  scene.stream.isDown = false;
  await scene.advance(4000);
  await scene.ask(ann, "/nick eve", "* You are eve.");
  assertEquals([...(await a.disk.state.all("cluster.name")).keys()], ["eve"]);
});
