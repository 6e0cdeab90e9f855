/** Rooms as IRC clients see them, beside people at other doors. */

import { assertEquals, assertMatch } from "@std/assert";
import { settle } from "../../support/fake_clock.ts";
import { IrcBelief } from "../../support/irc_belief.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const ANN = `:ann!~ann@${HOST}`;
const BOB = `:bob!~bob@${HOST}`;
const TIM = `:tim!tcp@${HOST}`;

Deno.test("Joining shows a channel's names, and everybody in it sees who joins", async () => {
  await using room = new IrcRoom();
  const tim = await room.enter("tim");
  const ann = await room.register("ann");
  ann.send("JOIN #LOBBY");
  assertEquals(await ann.sync(), [
    `${ANN} JOIN #lobby`,
    ":irc.test 353 ann = #lobby :tim ann",
    ":irc.test 366 ann #lobby :End of /NAMES list",
  ]);
  const bob = await room.register("bob");
  bob.send("JOIN #lobby", "JOIN #lobby");
  assertEquals((await bob.sync()).length, 3);
  assertEquals(await ann.sync(), [`${BOB} JOIN #lobby`]);
  await tim.expect("* ann joined", "* bob joined");
});

Deno.test("A text arrives byte for byte, with the signs of its formatting", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = [await room.register("ann"), await room.register("bob")];
  ann.send("JOIN #lobby");
  await ann.sync();
  bob.send("JOIN #lobby");
  await bob.sync();
  await ann.sync();
  for (const text of ["run `rm -r *` **now**, *please*", "\x02bold\x02 and \x1ditalic\x1d"]) {
    for (const target of ["#lobby", "bob"]) {
      ann.send(`PRIVMSG ${target} :${text}`);
      await ann.sync();
      assertEquals(await bob.sync(), [`${ANN} PRIVMSG ${target} :${text}`]);
    }
  }
});

Deno.test("With extended-join, a JOIN tells the account and the real name", async () => {
  await using room = new IrcRoom();
  await room.addAccount("tim");
  const ann = await room.register("ann", "extended-join");
  ann.send("JOIN #lobby");
  assertEquals((await ann.sync())[0], `${ANN} JOIN #lobby * :ann`);
  await room.logIn("tim");
  assertEquals(await ann.sync(), [`${TIM} JOIN #lobby tim :tim`]);
});

Deno.test("With userhost-in-names, names are masks", async () => {
  await using room = new IrcRoom();
  await room.enter("tim");
  const ann = await room.register("ann", "userhost-in-names");
  ann.send("JOIN #lobby");
  assertEquals(
    (await ann.sync())[1],
    `:irc.test 353 ann = #lobby :${TIM.slice(1)} ${ANN.slice(1)}`,
  );
});

Deno.test("What is said goes to all doors, and comes back only to those who ask for it", async () => {
  await using room = new IrcRoom();
  const tim = await room.enter("tim");
  const [ann] = await room.registerIn("#lobby", "ann");
  const bob = await room.register("bob", "echo-message");
  bob.send("JOIN #lobby");
  await bob.sync();
  await ann.sync();
  await tim.read();
  ann.send("PRIVMSG #lobby :hello", "PRIVMSG #lobby :\x01ACTION waves\x01", "NOTICE #lobby :psst");
  assertEquals(await ann.sync(), []);
  tim.say("hi ann", "/me nods");
  await tim.expect("<ann> hello", "* ann waves", "<ann> psst");
  bob.send("PRIVMSG #lobby :me too");
  assertEquals(await bob.sync(), [
    `${ANN} PRIVMSG #lobby :hello`,
    `${ANN} PRIVMSG #lobby :\x01ACTION waves\x01`,
    `${ANN} NOTICE #lobby :psst`,
    `${TIM} PRIVMSG #lobby :hi ann`,
    `${TIM} PRIVMSG #lobby :\x01ACTION nods\x01`,
    `${BOB} PRIVMSG #lobby :me too`,
  ]);
  assertEquals((await ann.sync()).length, 3);
});

Deno.test("Messages have the number of the event, its time and the account as tags", async () => {
  await using room = new IrcRoom();
  await room.addAccount("tim");
  const ann = await room.register("ann", "message-tags", "server-time", "account-tag");
  ann.send("JOIN #lobby");
  await ann.sync();
  const tim = await room.logIn("tim");
  await ann.sync();
  tim.say("hello");
  assertEquals(await ann.sync(), [
    `@time=2026-11-21T06:30:00.000Z;account=tim;msgid=lobby#3 ${TIM} PRIVMSG #lobby :hello`,
  ]);
});

Deno.test("Tags of clients go along with a message, and are kept", async () => {
  await using room = new IrcRoom();
  const [plain] = await room.registerIn("#lobby", "plain");
  const [ann, bob] = [
    await room.register("ann", "message-tags"),
    await room.register("bob", "message-tags"),
  ];
  ann.send("JOIN #lobby");
  bob.send("JOIN #lobby");
  await bob.sync();
  await ann.sync();
  bob.send(
    "@+draft/reply=lobby#1;other=x;+typing=done PRIVMSG #lobby :yes",
    "@+typing=active TAGMSG #lobby",
  );
  await bob.sync();
  const [said, typing] = await ann.sync();
  assertEquals(said, `@msgid=lobby#4;+draft/reply=lobby#1;+typing=done ${BOB} PRIVMSG #lobby :yes`);
  assertMatch(typing, new RegExp(`^@msgid=[\\w-]{36};\\+typing=active ${BOB} TAGMSG #lobby$`));
  assertEquals((await plain.sync()).slice(2), [`${BOB} PRIVMSG #lobby :yes`]);
});

Deno.test("PART says goodbye, and needs a channel that one is in", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#lobby", "ann", "bob");
  await room.registerIn("#other", "eve");
  await ann.ask("PART #lobby :see you", `${ANN} PART #lobby :see you`);
  assertEquals(await bob.sync(), [`${ANN} PART #lobby :see you`]);
  await ann.ask(
    "PART #other,#none,lobby",
    ":irc.test 442 ann #other :You are not on that channel.",
    ":irc.test 403 ann #none :No such channel. LIST shows all channels.",
    ":irc.test 403 ann lobby :No such channel. LIST shows all channels.",
  );
  await bob.ask("JOIN 0", `${BOB} PART #lobby`);
});

Deno.test("JOIN 0 does not repeat the parting message of an earlier PART", async () => {
  await using room = new IrcRoom();
  const [bob] = await room.registerIn("#lobby", "bob");
  bob.send("JOIN #other");
  await bob.sync();
  await bob.ask("PART #other :see you", `${BOB} PART #other :see you`);
  await bob.ask("JOIN 0", `${BOB} PART #lobby`);
});

Deno.test("A new name is told once to each who shares channels", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#lobby", "ann", "bob");
  for (const client of [ann, bob]) client.send("JOIN #x", "JOIN #y");
  await ann.sync();
  await bob.sync();
  await ann.sync();
  await ann.ask("NICK Annie", `${ANN} NICK Annie`);
  await ann.ask("NICK Annie");
  assertEquals(await bob.sync(), [`${ANN} NICK Annie`]);
  await ann.ask("NICK bob", /^:irc\.test 433 Annie bob :The name bob is in use/);
  const tim = await room.enter("tim");
  await bob.sync();
  tim.say("/nick tom.b");
  await tim.read();
  assertEquals(await bob.sync(), [`${TIM} NICK tom|b`]);
});

Deno.test("Log lines come from their source, which can be ignored", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "message-tags");
  ann.send("JOIN #log");
  await ann.sync();
  const draft = { room: "log", kind: "log", from: "web1/nginx", via: "syslog" } as const;
  const asker = { nickname: "web1/nginx", capacity: "log" } as const;
  room.registry.record(asker, "log", [{ ...draft, body: "GET /", fields: { level: "err" } }]);
  await room.clock.advance(1000);
  assertEquals(await ann.sync(), [
    "@msgid=log#2;+partyline/level=err :web1/nginx!log@irc.test PRIVMSG #log :GET /",
  ]);
});

Deno.test("Control characters that harm terminals never come through", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#lobby", "ann", "bob");
  ann.send("PRIVMSG #lobby :a\x1b[2Jb\x9bc\u202ed \x02bold\x02");
  await ann.sync();
  assertEquals(await bob.sync(), [`${ANN} PRIVMSG #lobby :a\u241b[2Jb\ufffdc\ufffdd \x02bold\x02`]);
});

Deno.test("A label comes back with the answer: one line, a batch, or ACK", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "labeled-response", "batch", "echo-message");
  await ann.ask(
    "@label=a JOIN #lobby",
    "@label=a :irc.test BATCH +1 labeled-response",
    `@batch=1 ${ANN} JOIN #lobby`,
    "@batch=1 :irc.test 353 ann = #lobby :ann",
    "@batch=1 :irc.test 366 ann #lobby :End of /NAMES list",
    ":irc.test BATCH -1",
  );
  await ann.ask("@label=b PRIVMSG #lobby :hello", `@label=b ${ANN} PRIVMSG #lobby :hello`);
  await ann.ask("@label=c PONG x", "@label=c :irc.test ACK");
  await ann.ask("@label=d PING x", "@label=d :irc.test PONG irc.test :x");
  await ann.ask("@label=e NONSENSE", /^@label=e :irc\.test 421 ann NONSENSE /);
});

Deno.test("Private messages go between doors, with what is away and what is not there", async () => {
  await using room = new IrcRoom();
  const tim = await room.enter("tim");
  const [ann, bob] = [await room.register("ann"), await room.register("bob", "echo-message")];
  ann.send("PRIVMSG tim :hello", "PRIVMSG bob :\x01ACTION waves\x01");
  await ann.sync();
  await tim.expect("ann -> you: hello");
  assertEquals(await bob.sync(), [`${ANN} PRIVMSG bob :\x01ACTION waves\x01`]);
  tim.say("/msg ann hi", "/away out");
  await tim.read();
  assertEquals(await ann.sync(), [`${TIM} PRIVMSG ann :hi`]);
  await bob.ask(
    "PRIVMSG tim :there?",
    `${BOB} PRIVMSG tim :there?`,
    ":irc.test 301 bob tim :out",
  );
  await ann.ask("PRIVMSG nobody :x", /^:irc\.test 401 ann nobody :Nobody here is called nobody\./);
  await ann.ask("NOTICE nobody :x");
  await ann.ask("PRIVMSG ann :lag", `${ANN} PRIVMSG ann :lag`);
  await ann.ask("PRIVMSG", ":irc.test 411 ann :No recipient given (PRIVMSG)");
  await ann.ask("PRIVMSG bob", ":irc.test 412 ann :No text to send");
  await ann.ask("PRIVMSG ,, :hi");
  await ann.ask("PRIVMSG #nowhere :x", /^:irc\.test 403 ann #nowhere /);
  await ann.ask("PRIVMSG #lobby :x", /^:irc\.test 404 ann #lobby /);
});

Deno.test("A PONG comes after all that earlier lines have caused, here and at others", async () => {
  await using room = new IrcRoom();
  const tim = await room.enter("tim");
  const [ann, bob] = await room.registerIn("#lobby", "ann", "bob");
  await tim.read();
  ann.send("PRIVMSG #lobby :one", "PRIVMSG #lobby :two", "PING x");
  await ann.expect(":irc.test PONG irc.test :x");
  assertEquals((await bob.sync()).length, 2);
  await tim.expect("<ann> one", "<ann> two");
  assertEquals(
    (await room.log.read("lobby", 0, 100)).filter(({ kind }) => kind === "message").length,
    2,
  );
});

Deno.test("Nobody leaves between the names of a small room and their end", async () => {
  await using room = new IrcRoom();
  const [bob] = await room.registerIn("#lab", "bob");
  const { client: ann, session } = room.openSession();
  await ann.register("ann");
  ann.send("JOIN #lab");
  await ann.sync();
  let turns = 0;
  session.turn = async () => {
    if (++turns !== 2) return;
    // The next time that others have their turn.
    bob.send("PART #lab");
    await bob.sync();
  };
  ann.send("NAMES #lab");
  const lines = await ann.sync();
  const names = lines.findIndex((line) => line.includes(" 353 "));
  assertMatch(lines[names + 1], / 366 ann #lab /, lines.join("\n"));
});

Deno.test("With no-implicit-names, names come only when they are asked for", async () => {
  await using room = new IrcRoom();
  await room.registerIn("#lab", "bob");
  const ann = await room.register("ann", "no-implicit-names");
  await ann.ask("JOIN #lab", `${ANN} JOIN #lab`);
  await ann.ask(
    "NAMES #lab",
    ":irc.test 353 ann = #lab :@bob ann",
    ":irc.test 366 ann #lab :End of /NAMES list",
  );
});

Deno.test("In a room of thousands the names come in parts, and each member once", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  for (let number = 0; number < 2000; number++) {
    const nickname = `guest${number}`;
    const member = { nickname, via: "tcp", origin: 10_000 + number };
    await room.registry.membership.join(member, "lobby", () => {});
  }
  await room.registry.settled();
  ann.send("JOIN #lobby");
  const lines = await ann.sync();
  const names = lines.filter((line) => line.includes(" 353 ")).flatMap((line) =>
    line.split(" :")[1].split(" ")
  );
  assertEquals(names.length, 2001);
  assertEquals(new Set(names).size, 2001);
  assertMatch(lines.at(-1)!, / 366 ann #lobby /);
});

Deno.test("The names of a large room are true at their end, whoever leaves meanwhile", async () => {
  await using room = new IrcRoom({ outboxBytes: 4096 });
  const ann = await room.register("ann");
  const members = Array.from({ length: 1500 }, (_, number) => ({
    nickname: `guest${number}`,
    via: "tcp",
    origin: 10_000 + number,
  }));
  for (const member of members) await room.registry.membership.join(member, "lab", () => {});
  await room.registry.settled();
  const belief = new IrcBelief("ann");
  for (const question of ["JOIN #lab", "NAMES #lab"]) {
    ann.pause();
    ann.send(question);
    await settle();
    const lab = room.registry.find("lab")!;
    for (const member of members.splice(0, 10)) room.registry.membership.leave(member, lab);
    await room.registry.settled();
    ann.resume();
    for (const line of [...await ann.until(/ 366 /), ...await ann.sync()]) belief.hear(line);
    assertEquals([...belief.channels.get("#lab")!].sort(), [...lab.present.values()].sort());
  }
});

Deno.test("JOIN says what is no channel, and does the others", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask("JOIN :", ":irc.test 461 ann JOIN :Not enough parameters. Use JOIN #CHANNEL.");
  await ann.ask(
    "JOIN foo,#a,,#b:",
    ":irc.test 403 ann foo :Names of channels begin with #.",
    `${ANN} JOIN #a`,
    ":irc.test 353 ann = #a :@ann",
    ":irc.test 366 ann #a :End of /NAMES list",
    ":irc.test 403 ann #b: :Room names may contain only letters, digits, _ - and .",
  );
});

Deno.test("A channel with two # is no channel, for all that is sent to it", async () => {
  await using chat = new IrcRoom();
  const ann = await chat.register("ann", "message-tags");
  await ann.sync();
  ann.send("JOIN #tea");
  await ann.sync();
  const refused = ":irc.test 403 ann ##tea :Room names may contain only letters, digits, _ - and .";
  await ann.ask("JOIN ##tea", refused);
  await ann.ask("NAMES ##tea", ":irc.test 366 ann ##tea :End of /NAMES list");
  for (const target of ["##tea", "@##tea"]) {
    const none = `:irc.test 403 ann ${target} :There is no channel ##tea. LIST lists them.`;
    await ann.ask(`PRIVMSG ${target} :hello`, none);
    await ann.ask(`@+y TAGMSG ${target}`, none);
  }
  await ann.ask("TOPIC ##tea :green", /^:irc\.test 403 ann ##tea /);
  await ann.ask("MODE ##tea +m", /^:irc\.test 403 ann ##tea /);
  await ann.ask("PART ##tea", /^:irc\.test 403 ann ##tea /);
});

Deno.test("The ERROR that ends a connection is the answer to a labelled QUIT", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "batch", "labeled-response");
  ann.send("@label=1 QUIT :bye");
  assertEquals(await ann.expectEnd(), ["@label=1 ERROR :Closing link: Quit: bye"]);
});

Deno.test("JOIN of a channel for operators says how to log in over IRC", async () => {
  await using chat = new IrcRoom();
  const ann = await chat.register("ann");
  await ann.ask(
    "JOIN #moderation",
    ":irc.test 473 ann #moderation :#moderation is for operators of the server. Log in as one " +
      "with /msg NickServ IDENTIFY NAME PASSWORD.",
  );
});
