/** What a client has to say before it is in. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { settle } from "../../support/fake_clock.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

Deno.test("A client is welcomed once it has sent NICK and USER, in either order", async () => {
  await using room = new IrcRoom();
  const ann = room.open();
  ann.send("USER ann 0 * :Ann", "NICK ann");
  await ann.expect(
    `:irc.test 001 ann :Welcome to Partyline, ann!~ann@${HOST}`,
    /^:irc\.test 002 ann :Your host is irc\.test, running version partyline-/,
    /^:irc\.test 003 ann :This server was started at /,
    /^:irc\.test 004 ann irc\.test partyline-\S+ \w+ \w+ \w+$/,
  );
  assertMatch((await ann.until(/ (?:376|422) /)).join("\n"), / 005 ann .*NETWORK=Partyline /);
});

Deno.test("A client that negotiates capabilities is welcomed after CAP END", async () => {
  await using room = new IrcRoom();
  const ann = room.open();
  ann.send("CAP LS 302", "NICK ann", "USER ann 0 * :Ann", "PING 1");
  await ann.expect(/ CAP \* LS :/, ":irc.test PONG irc.test :1");
  ann.send("CAP REQ :echo-message batch", "CAP END");
  await ann.expect(":irc.test CAP * ACK :echo-message batch", / 001 ann /);
});

Deno.test("Verbs before registration are refused, unless they are part of it", async () => {
  await using room = new IrcRoom();
  const ann = room.open();
  ann.send("JOIN :", "PRIVMSG #x :hi", "NONSENSE");
  for (let line = 0; line < 3; line++) {
    await ann.expect(":irc.test 451 * :You have not registered. Send NICK and USER first.");
  }
});

Deno.test("A name that somebody has is refused, and another one may be tried", async () => {
  await using room = new IrcRoom();
  await room.register("ann");
  const other = room.open();
  other.send("NICK ANN", "USER other 0 * :Other");
  await other.expect(
    ":irc.test 433 * ANN :The name ANN is in use, or looks like one that is. Try ANN2.",
  );
  other.send("NICK ANN2");
  await other.expect(/ 001 ANN2 /);
});

for (const [nick, numeric] of [["*", "432"], ["a b", "432"], ["[bot]", "432"], ["", "431"]]) {
  Deno.test(`NICK :${nick} is refused with ${numeric} before registration`, async () => {
    await using room = new IrcRoom();
    const client = room.open();
    client.send(`NICK :${nick}`);
    assertMatch(await client.next(), new RegExp(`^:irc\\.test ${numeric} \\* `));
  });
}

Deno.test("Names that IRC has no letters for are shown in others, and found by these", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#lobby", "ann");
  const guest = await room.enter("7.of-9");
  assertEquals(await ann.sync(), [`:^7|of-9!tcp@${HOST} JOIN #lobby`]);
  ann.send("PRIVMSG ^7|of-9 :hello");
  await ann.sync();
  await guest.expect("ann -> you: hello");
});

Deno.test("USER needs four parameters and a real name, and is for once", async () => {
  await using room = new IrcRoom();
  const ann = room.open();
  ann.send("USER ann 0 *", "USER ann 0 * :", "USER [] 0 * :x");
  await ann.expect(
    ":irc.test 461 * USER :Not enough parameters. HELP USER tells what it takes.",
    ":irc.test 461 * USER :Not enough parameters: the real name is empty.",
    ":irc.test 468 * :That user name has no letter or digit. Use USER NAME 0 * :TEXT.",
  );
  await ann.register("ann");
  await ann.ask(
    "USER again 0 * :Again",
    ":irc.test 462 ann :You have already registered, and cannot do so again.",
  );
});

Deno.test("A client that says nothing for a minute is told why it is disconnected", async () => {
  await using room = new IrcRoom();
  const client = room.open();
  client.send("CAP LS 302");
  await client.expect(/ CAP \* LS :/);
  await room.advanceIrc(61_000);
  assertEquals(await client.expectEnd(), [
    "ERROR :Closing link: You did not register within 60 seconds. Send NICK and USER, and CAP END " +
    "if you sent CAP LS.",
  ]);
});

Deno.test("The password of the server is PASS", async () => {
  await using room = new IrcRoom({ serverPassword: "swordfish" });
  const ann = room.open();
  await ann.register("ann", { pass: "swordfish" });
  const bob = room.open();
  bob.send("NICK bob", "USER bob 0 * :Bob");
  const sentence =
    "This server has a password. Set it as the server password (PASS) of your client.";
  assertEquals(await bob.expectEnd(), [
    `:irc.test 464 * :${sentence}`,
    `ERROR :Closing link: ${sentence}`,
  ]);
  const eve = room.open();
  eve.send("PASS guess", "NICK eve", "USER eve 0 * :Eve");
  assertMatch(
    (await eve.expectEnd())[0],
    /^:irc\.test 464 \* :That is not the server's password\./,
  );
});

Deno.test("A silent client is asked whether it is there, and goes if it is not", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#x", "ann", "bob");
  await room.advanceIrc(30_000);
  await bob.sync();
  await room.advanceIrc(45_000);
  // Its test client answers by itself.
  assertEquals(ann.transcript.filter((line) => line.startsWith("PING")), ["PING :irc.test"]);
  assertEquals(ann.hasEnded, false);
});

Deno.test("Others are told that somebody who answers no PING has gone, and after how long", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#x", "ann", "bob");
  const tim = await room.enter("tim");
  ann.send("JOIN #lobby");
  await ann.sync();
  tim.forget();
  ann.ignorePings();
  await room.advanceIrc(105_000);
  const why = "Ping timeout: 105 seconds";
  assertEquals(
    (await ann.expectEnd()).filter((line) => !line.startsWith("PING")),
    [`ERROR :Closing link: ${why}`],
  );
  assertEquals(
    (await bob.sync()).filter((line) => line.includes("ann")),
    [`:ann!~ann@${HOST} QUIT :${why}`],
  );
  await tim.expect(`* ann left (${why})`);
  await room.register("ann");
});

Deno.test("QUIT tells those who share a channel, once each, and ends with ERROR", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#x", "ann", "bob");
  ann.send("JOIN #y");
  bob.send("JOIN #y");
  await bob.sync();
  await ann.sync();
  await bob.sync();
  ann.send("QUIT :gone fishing");
  assertEquals(await ann.expectEnd(), ["ERROR :Closing link: Quit: gone fishing"]);
  assertEquals(await bob.sync(), [`:ann!~ann@${HOST} QUIT :Quit: gone fishing`]);
});

Deno.test("A connection that ends counts as a QUIT, and frees the name", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#x", "ann", "bob");
  await ann.leave();
  assertEquals(await bob.sync(), [`:ann!~ann@${HOST} QUIT :Connection closed`]);
  await room.register("ann");
});

Deno.test("A client that closes only its side gets what is due to it, and ERROR instead of a PART", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#x", "ann");
  ann.send("PRIVMSG ann :last");
  await ann.leave();
  assertEquals(await ann.expectEnd(), [
    `:ann!~ann@${HOST} PRIVMSG ann :last`,
    "ERROR :Closing link: Connection closed",
  ]);
});

Deno.test("A client that is being served when the server stops is told that it stops", async () => {
  await using room = new IrcRoom();
  const { client: ann, session } = room.openSession();
  await ann.register("ann");
  const { promise: stored, resolve: store } = Promise.withResolvers<void>();
  room.log.beforeStoring = () => stored;
  ann.send("JOIN #x");
  await room.advanceIrc(0);
  const stopped = session.stop("The server is stopping.");
  // Longer than lines are waited for, but not as long as the service is.
  await room.advanceIrc(600);
  ann.send("PING later");
  store();
  await room.advanceIrc(0);
  await room.advanceIrc(1000);
  await stopped;
  assertEquals(
    (await ann.expectEnd()).at(-1),
    "ERROR :Closing link: The server is stopping. Connect again in a moment.",
  );
});

Deno.test("A QUIT of one's own is told from a connection that ends, whatever its words", async () => {
  await using room = new IrcRoom();
  const [ann, bob, zoe] = await room.registerIn("#lobby", "ann", "bob", "zoe");
  const tim = await room.enter("tim");
  await ann.sync();
  bob.send("QUIT :Connection closed");
  await ann.expect(`:bob!~bob@${HOST} QUIT :Quit: Connection closed`);
  zoe.send("QUIT");
  await ann.expect(`:zoe!~zoe@${HOST} QUIT :Quit`);
  tim.say("/quit bye");
  await ann.expect(`:tim!tcp@${HOST} QUIT :Quit: bye`);
});

Deno.test("Lines that are too long or not UTF-8 are refused with what to do", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#x", "ann");
  await ann.ask(`PRIVMSG #x :${"x".repeat(600)}`, / 417 ann :That line was too long/);
  await ann.ask(
    `PRIVMSG #x :${"x".repeat(495)}`,
    / 417 ann :That text was too long .* \d+ bytes fit/,
  );
  await ann.ask(`@+x=${"y".repeat(4095)} PRIVMSG #x :hi`, / 417 ann :That line was too long/);
  ann.sendBytes(new Uint8Array([...new TextEncoder().encode("PRIVMSG #x :"), 0xff, 13, 10]));
  assertMatch(
    (await ann.sync())[0],
    /^:irc.test FAIL PRIVMSG INVALID_UTF8 :That line is not valid UTF-8/,
  );
});

Deno.test("A client that is silent for longer than its endpoint allows is told so, as are others", async () => {
  await using room = new IrcRoom({ idleMs: 20_000 });
  const [ann, bob] = await room.registerIn("#x", "ann", "bob");
  await room.advanceIrc(10_000);
  await bob.sync();
  await room.advanceIrc(11_000);
  assertEquals(await ann.expectEnd(), [
    "ERROR :Closing link: You sent nothing for 20 seconds. Goodbye.",
  ]);
  await ann.leave();
  assertEquals(await bob.sync(), [`:ann!~ann@${HOST} QUIT :Timed out`]);
});

Deno.test("The capabilities come in one line, because some clients read no more", async () => {
  await using room = new IrcRoom();
  const ann = room.open();
  ann.send("CAP LS", "CAP LS 302", "CAP LS", "PING 1");
  const [plain, withValues, again] = [await ann.next(), await ann.next(), await ann.next()];
  assertMatch(plain, / CAP \* LS :account-notify .* sasl server-time /);
  assertMatch(withValues, / CAP \* LS :account-notify .* sasl=\S+ server-time /);
  // The answer has the version of the question.
  assertEquals(again, plain);
  await ann.expect(/ PONG /);
});

Deno.test("There is room for a longer name of the server, and SASL EXTERNAL, in that line", async () => {
  await using room = new IrcRoom({ irc: { serverName: "irc.people.example.org" } });
  const ann = room.open();
  ann.send("CAP LS 302", "PING 1");
  const line = `${await ann.next()},EXTERNAL\r\n`;
  assert(line.length <= 512, `${line.length} bytes`);
  await ann.expect(/ PONG /);
});

Deno.test("cap-notify cannot be refused by a client that knows version 302", async () => {
  await using room = new IrcRoom();
  const ann = room.open();
  ann.send("CAP REQ cap-notify", "CAP REQ -cap-notify", "CAP LS 302");
  await ann.expect(/ ACK :cap-notify$/, / ACK :-cap-notify$/, / LS :/);
  ann.send("CAP REQ :multi-prefix -cap-notify", "CAP LIST");
  await ann.expect(/ NAK :multi-prefix -cap-notify$/, / LIST :cap-notify$/);
});

Deno.test("Somebody may be called Nick, which is a command elsewhere", async () => {
  await using room = new IrcRoom();
  await room.register("Nick");
});

Deno.test("A client that has just sent something is not asked whether it is there", async () => {
  await using room = new IrcRoom({ countRepeats: () => Promise.resolve(new Map()) });
  const ann = await room.register("ann");
  const isAsked = async () => {
    const other = room.open();
    other.send("USER other 0 * :Other", "NICK ann");
    await settle();
    await room.advanceIrc(300);
    await other.expect(/^:irc\.test 433 \* ann :/);
    return ann.transcript.includes("PING :irc.test");
  };
  assertEquals(await isAsked(), false);
  await room.advanceIrc(5000);
  assertEquals(await isAsked(), true);
});
