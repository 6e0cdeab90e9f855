/** `RENAME` (IRCv3 draft/channel-rename), as transcripts. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import { logInAs } from "../../support/account_people.ts";
import { IrcBelief } from "../../support/irc_belief.ts";
import type { IrcClient } from "../../support/irc_client.ts";
import { askForHistory, HISTORY_CAPS } from "../../support/irc_history.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";
import { settle } from "../../support/session_peer.ts";

const ANN = `:ann!~ann@${HOST}`;
const BOB = `:bob!~bob@${HOST}`;
const RENAME = "draft/channel-rename";

/** Lets ann own a channel that she is alone in. */
async function own(room: IrcRoom, ann: IrcClient, channel: string): Promise<void> {
  await logInAs(room, "ann");
  ann.send(`JOIN ${channel}`);
  await ann.sync();
  await room.chat.moderation.ownership.register(
    room.chat.people.find("ann")!.member,
    channel.slice(1),
  );
  await ann.sync();
}

Deno.test("Clients with draft/channel-rename receive RENAME, and others see PART and JOIN", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", RENAME);
  const bob = await room.register("bob");
  ann.send("JOIN #lab", "TOPIC #lab :Cells", "MODE #lab +i");
  await ann.sync();
  ann.send("INVITE bob #lab");
  await ann.sync();
  bob.send("JOIN #lab");
  await bob.sync();
  await ann.sync();
  ann.send("RENAME #lab #cells :more of them");
  assertEquals(await ann.sync(), [`${ANN} RENAME #lab #cells :more of them`]);
  assertEquals((await bob.sync()).map((line) => line.replace(/(333 .* )\d+$/, "$1TIME")), [
    `${BOB} PART #lab :more of them`,
    `${BOB} JOIN #cells`,
    ":irc.test 332 bob #cells :Cells",
    ":irc.test 333 bob #cells ann TIME",
    ":irc.test 353 bob = #cells :@ann bob",
    ":irc.test 366 bob #cells :End of /NAMES list",
  ]);
  bob.send("PRIVMSG #cells :here");
  await bob.sync();
  assertEquals(await ann.sync(), [`${BOB} PRIVMSG #cells :here`]);
  ann.send("MODE #cells");
  assertEquals((await ann.sync())[0], ":irc.test 324 ann #cells +in");
});

Deno.test("A renamed channel still tells who set its topic, and when", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  ann.send("JOIN #tea", "TOPIC #tea :Green");
  await ann.sync();
  ann.send("TOPIC #tea");
  const [, before] = await ann.sync();
  await room.advance(60_000);
  const bob = await room.register("bob");
  bob.send("JOIN #tea");
  await bob.sync();
  ann.send("MODE #tea +o bob");
  await ann.sync();
  await bob.sync();
  bob.send("RENAME #tea #coffee");
  await bob.sync();
  ann.send("TOPIC #coffee");
  assertEquals((await ann.sync()).at(-1), before.replace("#tea", "#coffee"));
});

Deno.test("RENAME keeps a topic that was set right before it", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#tea", "ann", "bob");
  bob.send("TOPIC #tea :Green");
  ann.send("RENAME #tea #coffee");
  await ann.sync();
  ann.send("TOPIC #coffee");
  assertEquals((await ann.sync())[0], ":irc.test 332 ann #coffee :Green");
});

Deno.test("The old name of a channel without an owner can be used by anybody", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#tea", "ann", "bob");
  ann.send("RENAME #tea #coffee");
  await ann.sync();
  await bob.sync();
  bob.send("JOIN #tea", "MODE #tea +k beer");
  const lines = await bob.sync();
  assert(lines.includes(`${BOB} JOIN #tea`), lines.join("\n"));
  assert(lines.some((line) => line.includes(" 353 bob = #tea :@bob")), lines.join("\n"));
  assert(lines.some((line) => line.endsWith("MODE #tea +k beer")), lines.join("\n"));
  await ann.ask("MODE #coffee +v bob", `${ANN} MODE #coffee +v bob`);
});

Deno.test("The old name of a registered channel leads to the new one", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", RENAME);
  await own(room, ann, "#tea");
  const bob = await room.register("bob");
  ann.send("RENAME #tea #coffee");
  await ann.sync();
  bob.send("JOIN #tea");
  assertEquals((await bob.sync()).slice(0, 2), [
    ":irc.test 470 bob #tea #coffee :This channel is #coffee now",
    `${BOB} JOIN #coffee`,
  ]);
  assertEquals(await ann.sync(), [`${BOB} JOIN #coffee`]);
  await bob.ask("JOIN #tea", ":irc.test 470 bob #tea #coffee :This channel is #coffee now");
  const eve = await room.register("eve", RENAME);
  await eve.ask("JOIN #tea", /^:irc\.test FAIL JOIN CHANNEL_RENAMED #tea #coffee :/);
  bob.send("PRIVMSG #tea :by the old name");
  await bob.sync();
  assertEquals(await ann.sync(), [`${BOB} PRIVMSG #coffee :by the old name`]);
});

Deno.test("What was said under the old name of a registered channel can be read and redacted", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...HISTORY_CAPS, "draft/message-redaction", RENAME);
  await own(room, ann, "#tea");
  ann.send("PRIVMSG #tea :one", "PRIVMSG #tea :two", "RENAME #tea #coffee");
  await ann.sync();
  const past = ["PRIVMSG #tea :one", "PRIVMSG #tea :two"];
  const end = "NOTICE #tea :ann renamed this room: it is now called #coffee.";
  const read = async () => (await askForHistory(ann, "CHATHISTORY LATEST #tea * 9")).slice(1);
  assertEquals(await read(), [...past, end]);
  ann.send("REDACT #tea tea#3");
  await ann.sync();
  assertEquals(await read(), [past[1], end]);
  const eve = await room.register("eve", ...HISTORY_CAPS);
  await eve.ask("CHATHISTORY LATEST #tea * 9", / FAIL CHATHISTORY INVALID_TARGET LATEST #tea :/);
});

Deno.test("A registered channel can take back a former name", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", RENAME);
  await own(room, ann, "#a");
  const bob = await room.register("bob", RENAME);
  bob.send("JOIN #a");
  await bob.sync();
  for (const [from, to] of [["#a", "#b"], ["#b", "#c"], ["#c", "#a"], ["#a", "#b"]]) {
    await ann.ask(`RENAME ${from} ${to}`, `${ANN} RENAME ${from} ${to} :`);
    assertEquals((await bob.sync()).at(-1), `${ANN} RENAME ${from} ${to} :`);
  }
  const eve = await room.register("eve");
  for (const name of ["a", "c"]) {
    eve.send(`JOIN #${name}`);
    const lines = await eve.sync();
    assert(lines.includes(`:irc.test 470 eve #${name} #b :This channel is #b now`));
    eve.send("PART #b");
    await eve.sync();
  }
});

Deno.test("A channel without an owner can take back its old name until somebody enters that", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#tea", "ann", "bob");
  ann.send("RENAME #tea #coffee", "RENAME #coffee #tea", "RENAME #tea #coffee");
  await ann.sync();
  assertEquals(
    (await bob.sync()).filter((line) => line.startsWith(BOB)).map((line) => line.slice(BOB.length)),
    [
      " PART #tea :This channel is #coffee now",
      " JOIN #coffee",
      " PART #coffee :This channel is #tea now",
      " JOIN #tea",
      " PART #tea :This channel is #coffee now",
      " JOIN #coffee",
    ],
  );
  bob.send("JOIN #tea", "PART #tea");
  await bob.sync();
  await ann.ask("RENAME #coffee #tea", / FAIL RENAME CHANNEL_NAME_IN_USE #coffee #tea :/);
});

Deno.test("RENAME says why a channel cannot be renamed", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#tea", "ann", "bob");
  const eve = await room.register("eve");
  eve.send("JOIN #full");
  await eve.sync();
  await bob.ask("RENAME #tea #coffee", / 482 bob #tea :/);
  await eve.ask("RENAME #tea #coffee", ":irc.test 442 eve #tea :You are not on that channel.");
  await eve.ask("RENAME #none #coffee", / 403 eve #none :/);
  await ann.ask("RENAME #tea", / 461 ann RENAME :/);
  await ann.ask("RENAME #tea #full", / FAIL RENAME CHANNEL_NAME_IN_USE #tea #full :/);
  await ann.ask(
    "RENAME #tea #tea",
    / FAIL RENAME CANNOT_RENAME #tea #tea :#tea already has that name/,
  );
  await ann.ask("RENAME #tea coffee", / FAIL RENAME CANNOT_RENAME #tea coffee :/);
  await ann.ask("RENAME #tea #lobby", / FAIL RENAME CANNOT_RENAME #tea #lobby :/);
  await ann.ask("RENAME #tea #moderation", / FAIL RENAME CANNOT_RENAME #tea #moderation :/);
});

Deno.test("RENAME can change only the capitals of a name, and the channel stays the same", async () => {
  await using room = new IrcRoom();
  const caps = ["batch", "message-tags", "echo-message", "draft/chathistory", "labeled-response"];
  const ann = await room.register("ann", RENAME, ...caps);
  const bob = await room.register("bob");
  ann.send("JOIN #lab", "PRIVMSG #lab :one");
  await ann.sync();
  bob.send("JOIN #lab");
  await bob.sync();
  await ann.sync();
  ann.send("@label=a RENAME #lab #LAB :louder");
  assertEquals(await ann.sync(), [`@label=a;msgid=lab#4 ${ANN} RENAME #lab #LAB :louder`]);
  assertEquals(await bob.sync(), [
    ":irc.test NOTICE #lab :ann renamed #lab to #LAB (louder).",
  ]);
  bob.send("PRIVMSG #lab :two", "NAMES #Lab");
  assertEquals(await bob.sync(), [
    ":irc.test 353 bob = #LAB :@ann bob",
    ":irc.test 366 bob #Lab :End of /NAMES list",
  ]);
  assertEquals(await ann.sync(), [`@msgid=lab#5 ${BOB} PRIVMSG #LAB :two`]);
  ann.send("CHATHISTORY LATEST #LAB msgid=lab#1 9");
  assertEquals((await ann.sync()).slice(1, -1).map((line) => line.replace(/^@batch=\S+?;/, "")), [
    `msgid=lab#2 ${ANN} PRIVMSG #LAB :one`,
    "msgid=lab#4 :irc.test NOTICE #LAB :ann renamed #lab to #LAB (louder).",
    `msgid=lab#5 ${BOB} PRIVMSG #LAB :two`,
  ]);
  await bob.ask("JOIN #lab");
  await bob.ask(
    "KICK #lab ann",
    ":irc.test 482 bob #lab :Only moderators of #LAB can do that. Ask ann.",
  );
  await ann.ask("PART #LAB", `${ANN} PART #LAB`);
  assertEquals(await bob.sync(), [`${ANN} PART #LAB`]);
  await bob.ask("PART #LAB", `${BOB} PART #LAB`);
  await ann.ask("JOIN #lab", /^@msgid=lab#8 :ann\S+ JOIN #LAB$/, / 353 .* #LAB :@ann$/, / 366 /);
});

Deno.test("A registered channel keeps its new capitals, and other letters must stay the same", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", RENAME);
  await own(room, ann, "#straße");
  await ann.ask("RENAME #straße #STRASSE", / FAIL RENAME CANNOT_RENAME #straße #STRASSE :/);
  await ann.ask("RENAME #straße #Straße", `${ANN} RENAME #straße #Straße :`);
  assertEquals(room.access.rules("straße")?.name, "Straße");
  const { moderation, people } = room.chat;
  await ann.ask("RENAME #straße #weg", `${ANN} RENAME #Straße #weg :`);
  await assertRejects(
    () => moderation.rename(people.find("ann")!.member, "straße", "STRAßE", ""),
    DomainError,
    "#straße is #weg now.",
  );
  await ann.ask("RENAME #weg #Straße", `${ANN} RENAME #weg #Straße :`);
  await ann.ask("MODE #straße +m", `${ANN} MODE #Straße +m`);
  await ann.ask("RENAME #Straße #straße", `${ANN} RENAME #Straße #straße :`);
});

Deno.test("RENAME answers with the label of the command", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", RENAME, "labeled-response", "batch");
  ann.send("JOIN #tea");
  await ann.sync();
  await ann.ask("@label=a1 RENAME #tea #coffee", `@label=a1 ${ANN} RENAME #tea #coffee :`);
});

Deno.test("The names of a large renamed channel are no part of the answer to another command", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#lab", "ann");
  for (let number = 0; number < 60; number++) {
    const member = { nickname: `guest${number}`, via: "tcp", origin: 10_000 + number };
    await room.registry.membership.join(member, "lab", () => {});
  }
  await room.registry.settled();
  const bob = await room.register("bob", "batch", "labeled-response");
  bob.send("JOIN #lab");
  await bob.sync();
  await ann.sync();
  ann.send("RENAME #lab #cells");
  bob.send("@label=a LUSERS", "@label=b WHOIS ann,bob", "@label=c WHO ann");
  await ann.sync();
  const lines = await bob.sync();
  const names = lines.filter((line) => / (353|366) /.test(line));
  assert(names.length > 2, lines.join("\n"));
  for (const line of names) assert(line.startsWith(":irc.test"), line);
  assertEquals(lines.filter((line) => line.includes("label=")).length, 3);
});

Deno.test("The way to a renamed channel is no part of the answer that a client waits for", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#lab", "ann");
  const bob = await room.register("bob", ...HISTORY_CAPS, "labeled-response");
  bob.send("JOIN #lab", "PRIVMSG #lab :one");
  await bob.sync();
  await ann.sync();
  const talk = room.log.talk.bind(room.log);
  const { promise: isRenamed, resolve } = Promise.withResolvers<void>();
  room.log.talk = async (...args) => {
    await isRenamed;
    return await talk(...args);
  };
  bob.send("@label=a CHATHISTORY LATEST #lab * 9");
  ann.send("RENAME #lab #cells");
  await ann.sync();
  const way = await bob.until(/ 366 /);
  resolve();
  assertEquals(way.filter((line) => line.includes("batch=") || line.includes("BATCH")), []);
  assertEquals(way.filter((line) => / (PART|JOIN|353|366) /.test(line)).length, 4);
  const answer = await bob.sync();
  assertStringIncludes(answer[0], "@label=a ");
});

Deno.test("History without a batch has no lines of the old channel after a RENAME", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#lab", "ann");
  const bob = await room.register("bob", RENAME);
  bob.send("JOIN #lab", "PRIVMSG #lab :one");
  await bob.sync();
  await ann.sync();
  const talk = room.log.talk.bind(room.log);
  const { promise: isRenamed, resolve } = Promise.withResolvers<void>();
  room.log.talk = async (...args) => {
    await isRenamed;
    return await talk(...args);
  };
  bob.send("CHATHISTORY LATEST #lab * 9");
  ann.send("RENAME #lab #cells");
  await ann.sync();
  await bob.expect(`${ANN} RENAME #lab #cells :`);
  resolve();
  assertEquals(await bob.sync(), []);
});

Deno.test("PART, PRIVMSG and NICK right after a RENAME apply to the new channel", async () => {
  await using room = new IrcRoom();
  const [ann, bob, eve, joe] = await room.registerIn("#tea", "ann", "bob", "eve", "joe");
  const cat = await room.register("cat", RENAME);
  cat.send("JOIN #tea");
  await cat.sync();
  for (const client of [ann, bob, eve, joe]) await client.sync();
  ann.send("RENAME #tea #coffee");
  bob.send("PART #tea");
  eve.send("NICK eva");
  joe.send("PRIVMSG #tea :hello");
  const tom = await room.register("tom");
  tom.send("JOIN #tea");
  for (const client of [ann, bob, eve, joe, tom, cat]) await client.sync();
  for (const client of [ann, cat]) {
    client.send("NAMES #coffee");
    const names = (await client.sync()).find((line) => line.includes(" 353 "))!;
    assertEquals(names.replace(/.* :/, "").split(" ").sort(), ["@ann", "cat", "eva", "joe"]);
  }
});

for (const caps of [[RENAME], []]) {
  const kind = caps.length > 0 ? "knows" : "does not know";
  Deno.test(`A slow reader who ${kind} RENAME gets all of the old channel first`, async () => {
    await using room = new IrcRoom({ outboxBytes: 4096 });
    const slow = await room.register("slow", ...caps);
    const [ann] = await room.registerIn("#tea", "ann");
    slow.send("JOIN #tea");
    await slow.sync();
    await ann.sync();
    slow.pause();
    const say = async (channel: string, from: number) => {
      for (let number = from; number < from + 100; number++) {
        ann.send(`PRIVMSG ${channel} :${number} ${"x".repeat(100)}`);
      }
      await ann.sync();
    };
    await say("#tea", 0);
    ann.send("RENAME #tea #coffee");
    await say("#coffee", 100);
    ann.send("RENAME #coffee #cocoa");
    await say("#cocoa", 200);
    slow.resume();
    const lines = [...await slow.until(/ :299 /), ...await slow.sync()];
    const belief = new IrcBelief("slow");
    const before = ["slow", "ann"].map((nick) => `:${nick}!~${nick}@${HOST} JOIN #tea`);
    for (const line of [...before, ...lines]) belief.hear(line);
    assertEquals(belief.channels, new Map([["#cocoa", new Set(["ann", "slow"])]]));
    const said = lines.flatMap((line) =>
      / PRIVMSG (\S+) :(\d+) /.exec(line)?.slice(1).join(" ") ?? []
    );
    const all = Array.from({ length: 300 }, (_, number) => {
      return `${["#tea", "#coffee", "#cocoa"][Math.floor(number / 100)]} ${number}`;
    });
    assertEquals(said, all);
  });
}

Deno.test("Whoever enters the new channel right before a RENAME is known to everybody there", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", RENAME);
  const eve = await room.register("eve", RENAME);
  const bob = await room.register("bob");
  for (const client of [ann, eve]) {
    client.send("JOIN #tea");
    await client.sync();
  }
  await ann.sync();
  const stored = Promise.withResolvers<void>();
  room.log.beforeStoring = () => stored.promise;
  ann.send("PRIVMSG #tea :hello", "RENAME #tea #coffee");
  await settle();
  // The RENAME has been checked, and waits for what was said before.
  bob.send("JOIN #coffee");
  await settle();
  stored.resolve();
  await bob.sync();
  assertEquals(await ann.sync(), [
    `${ANN} PART #tea :This channel is #coffee now`,
    `${ANN} JOIN #coffee`,
    ":irc.test 353 ann = #coffee :bob @ann eve",
    ":irc.test 366 ann #coffee :End of /NAMES list",
  ]);
  assertEquals((await eve.sync()).slice(-2), [
    ":irc.test 353 eve = #coffee :bob @ann eve",
    ":irc.test 366 eve #coffee :End of /NAMES list",
  ]);
  await bob.ask(
    "NAMES #coffee",
    ":irc.test 353 bob = #coffee :bob @ann eve",
    ":irc.test 366 bob #coffee :End of /NAMES list",
  );
});

Deno.test("Whoever enters the new channel during a RENAME is told who comes with it", async () => {
  await using room = new IrcRoom();
  const [ann, eve] = await room.registerIn("#tea", "ann", "eve");
  const bob = await room.register("bob");
  ann.send("RENAME #tea #coffee");
  bob.send("JOIN #coffee");
  // The RENAME waits for this, so that the joining is stored together with it, and after it.
  eve.send("NICK eva");
  for (const client of [ann, eve, bob]) await client.sync();
  const listed = bob.transcript.findLast((line) => line.includes(" 353 bob "));
  assertEquals(listed, ":irc.test 353 bob = #coffee :@ann eva bob");
  for (const client of [ann, eve]) {
    const isTold = client.transcript.some((line) => / 353 .*bob|bob!.* JOIN #coffee/.test(line));
    assert(isTold, client.transcript.join("\n"));
  }
});

Deno.test("A channel that is renamed and given up leaves no modes to another of its old name", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await own(room, ann, "#tea");
  const bob = await room.register("bob");
  ann.send("MODE #tea +t", "RENAME #tea #coffee", "CS DROP #coffee");
  await ann.sync();
  bob.send("JOIN #tea");
  await bob.sync();
  await bob.ask("MODE #tea +m", `${BOB} MODE #tea +m`);
});
