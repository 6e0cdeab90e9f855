import { assertEquals, assertMatch } from "@std/assert";
import { ClusterScene } from "../../support/cluster_scene.ts";
import { HOST } from "../../support/irc_room.ts";

Deno.test("IRC clients are told of people at other nodes as of their own", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await scene.register(a, "ann", { caps: ["away-notify", "extended-join", "setname"] });
  ann.send("MONITOR + bob", "JOIN #games");
  await scene.settle();
  await ann.sync();
  const bob = await scene.register(b, "bob", { realname: "Bob B." });
  bob.send("JOIN #games", "JOIN #other");
  await scene.settle();
  await ann.expect(
    `:irc.test 730 ann :bob!~bob@${HOST}`,
    `:bob!~bob@${HOST} JOIN #games * :Bob B.`,
  );
  await bob.sync();
  await ann.ask("NAMES #games", ":irc.test 353 ann = #games :@ann bob", / 366 /);
  await ann.ask(
    "WHO #games",
    `:irc.test 352 ann #games ~ann ${HOST} irc.test ann H@ :0 ann`,
    `:irc.test 352 ann #games ~bob ${HOST} b bob H :0 Bob B.`,
    / 315 /,
  );
  await ann.ask(
    "WHOIS bob",
    `:irc.test 311 ann bob ~bob ${HOST} * :Bob B.`,
    ":irc.test 319 ann bob :#games @#other",
    ":irc.test 312 ann bob b :node b",
    / 318 /,
  );
  await ann.ask("ISON bob", ":irc.test 303 ann :bob");
  await ann.ask(
    "LIST",
    / 321 /,
    ":irc.test 322 ann #games 2 :",
    ":irc.test 322 ann #other 1 :",
    / 323 /,
  );
  bob.send("AWAY :lunch", "NICK bert", "SETNAME :New name");
  await scene.settle();
  await ann.expect(
    `:bob!~bob@${HOST} AWAY :lunch`,
    ":irc.test 731 ann :bob",
    `:bob!~bob@${HOST} NICK bert`,
    `:bert!~bob@${HOST} SETNAME :New name`,
  );
  ann.send("JOIN #other");
  await scene.settle();
  await ann.until(/ 366 /);
  bob.send("QUIT :bye");
  await scene.settle();
  await ann.expect(`:bert!~bob@${HOST} QUIT :Quit: bye`);
  await ann.ask("ISON bert", ":irc.test 303 ann :");
});

Deno.test("LUSERS tells the people of this node from those of all", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await scene.register(a, "ann");
  const bob = await scene.register(b, "bob");
  await scene.settle();
  const counts = (others: number) => [
    `:irc.test 251 ann :There are ${1 + others} users and 0 invisible on ${1 + others} servers`,
    / 252 /,
    / 253 /,
    / 254 /,
    `:irc.test 255 ann :I have 1 clients and ${others} servers`,
    ":irc.test 265 ann 1 1 :Current local users 1, max 1",
    `:irc.test 266 ann ${1 + others} 2 :Current global users ${1 + others}, max 2`,
  ];
  await ann.ask("LUSERS", ...counts(1));
  bob.send("QUIT");
  await scene.settle();
  await ann.ask("LUSERS", ...counts(0));
});

Deno.test("IRC clients write privately to people at other nodes", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await scene.register(a, "ann");
  const bob = await scene.register(b, "bob");
  ann.send("PRIVMSG bob :hello", "NOTICE bob :and bye");
  await scene.settle();
  await bob.expect(`:ann!~ann@${HOST} PRIVMSG bob :hello`, `:ann!~ann@${HOST} NOTICE bob :and bye`);
  bob.send("AWAY :lunch");
  await scene.settle();
  ann.send("PRIVMSG bob :hungry?");
  await scene.settle();
  await ann.expect(":irc.test 301 ann bob :lunch");
});

Deno.test("IRC clients are not told that they left while their server was stopped", async () => {
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
  await scene.stop(b, async () => {
    await scene.advance(10_000);
    await ann.expect(`:bob!~bob@${HOST} QUIT :the server b is gone`);
    await ann.ask("NAMES #games", ":irc.test 353 ann = #games :@ann", / 366 /);
  });
  await ann.expect(`:bob!~bob@${HOST} JOIN #games`);
  await bob.ask("NAMES #games", ":irc.test 353 bob = #games :@ann bob", / 366 /);
});

Deno.test("IRC clients at other nodes get TAGMSG, in rooms and privately", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const caps = ["message-tags"];
  const ann = await scene.register(a, "ann", { caps });
  const bob = await scene.register(b, "bob", { caps });
  for (const client of [ann, bob]) {
    client.send("JOIN #games");
    await scene.settle();
    await client.sync();
  }
  ann.send("@+typing=active TAGMSG #games", "@+typing=done TAGMSG bob");
  await scene.settle();
  await bob.expect(
    /^@msgid=[^;]+;\+typing=active :ann!~ann@\S+ TAGMSG #games$/,
    /^@msgid=[^;]+;\+typing=done :ann!~ann@\S+ TAGMSG bob$/,
  );
});

Deno.test("TAGMSG @#channel reaches the clients of those who keep order there at other nodes", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const caps = ["message-tags"];
  const ann = await scene.register(a, "ann", { caps });
  const bob = await scene.register(b, "bob", { caps });
  const eve = await scene.register(b, "eve", { caps });
  for (const client of [ann, bob, eve]) {
    client.send("JOIN #games");
    await scene.settle();
  }
  ann.send("MODE #games +o bob");
  await scene.settle();
  for (const client of [ann, bob, eve]) await client.sync();
  ann.send("@+typing=active TAGMSG @#games");
  await scene.settle();
  await bob.expect(/^@msgid=[^;]+;\+typing=active :ann!~ann@\S+ TAGMSG @#games$/);
  assertEquals(await eve.sync(), []);
});

Deno.test("KILL ends the connection of somebody at another node", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  await scene.finish(a.addAccount("root", true));
  const root = await scene.register(a, "rooty");
  root.send("PRIVMSG NickServ :REGAIN root correct horse");
  const bob = await scene.register(b, "bob");
  const carl = await scene.enter(b, "carl");
  root.send("KILL bob :enough", "KILL carl");
  await scene.settle();
  assertMatch(
    (await bob.expectEnd()).at(-1)!,
    /^ERROR :Closing link: root disconnected you \(enough\)/,
  );
  assertEquals(carl.hasEnded, true);
  await root.sync();
  await root.ask("ISON bob carl", ":irc.test 303 root :");
});

Deno.test("A message to moderators reaches them at other nodes as their own node's would", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await scene.register(a, "ann");
  const bob = await scene.register(b, "bob");
  const cat = await scene.enter(b, "cat");
  cat.say("/join games");
  await scene.settle();
  for (const client of [ann, bob]) {
    client.send("JOIN #games");
    await scene.settle();
  }
  for (const client of [ann, bob]) await client.sync();
  await cat.read();
  ann.send("PRIVMSG @#games :for cat alone");
  await scene.settle();
  await cat.expect("* ann to the moderators of #games: for cat alone");
  assertEquals(await bob.sync(), []);
  cat.say("/grant bob moderator");
  await scene.settle();
  for (const client of [ann, bob]) await client.sync();
  ann.send("PRIVMSG @#games :for both");
  await scene.settle();
  await bob.expect(`:ann!~ann@${HOST} PRIVMSG @#games :for both`);
  assertEquals((await cat.read()).at(-1), "* ann to the moderators of #games: for both");
  cat.say("/ignore ann");
  await cat.read();
  ann.send("NOTICE @#games :for bob alone");
  await scene.settle();
  await bob.expect(`:ann!~ann@${HOST} NOTICE @#games :for bob alone`);
  assertEquals(await cat.read(), []);
});

Deno.test("RENAME renames a channel at all nodes", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const ann = await scene.register(a, "ann", { caps: ["draft/channel-rename"] });
  ann.send("JOIN #tea", "TOPIC #tea :Green", "MODE #tea +m");
  await scene.settle();
  const bob = await scene.register(b, "bob");
  const eve = await scene.register(b, "eve", { caps: ["draft/channel-rename"] });
  bob.send("JOIN #tea");
  eve.send("JOIN #tea");
  await scene.settle();
  ann.send("MODE #tea +v bob");
  await scene.settle();
  for (const client of [ann, bob, eve]) await client.sync();
  ann.send("RENAME #tea #coffee :wake up");
  await scene.settle();
  await ann.expect(`:ann!~ann@${HOST} RENAME #tea #coffee :wake up`);
  await eve.expect(`:ann!~ann@${HOST} RENAME #tea #coffee :wake up`);
  const lines = (await bob.sync()).map((line) => line.replace(/\d{10}$/, "TIME"));
  assertEquals([...lines.slice(0, 4), lines[4].split(" ").sort().join(" "), lines[5]], [
    `:bob!~bob@${HOST} PART #tea :wake up`,
    `:bob!~bob@${HOST} JOIN #coffee`,
    ":irc.test 332 bob #coffee :Green",
    ":irc.test 333 bob #coffee ann TIME",
    ":irc.test 353 bob = #coffee :@ann +bob eve".split(" ").sort().join(" "),
    ":irc.test 366 bob #coffee :End of /NAMES list",
  ]);
  bob.send("PRIVMSG #coffee :heard");
  await scene.settle();
  await ann.expect(`:bob!~bob@${HOST} PRIVMSG #coffee :heard`);
  eve.send("PRIVMSG #coffee :not heard");
  await scene.settle();
  await eve.until(/ 404 eve #coffee /);
  for (const client of [ann, eve]) {
    client.send("LIST");
    await scene.settle();
    assertEquals((await client.sync()).filter((line) => line.includes(" 322 ")).length, 1);
  }
  // Its old name is anybody's, and what is known of who is there outlives a node.
  bob.send("JOIN #tea");
  await scene.settle();
  const c = await scene.start("c");
  assertEquals(
    [...c.registry.open].map(({ name, present }) => [name, [...present.values()].sort()]).sort(),
    [["coffee", ["ann", "bob", "eve"]], ["tea", ["bob"]]],
  );
});
