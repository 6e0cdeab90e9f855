import { assert, assertEquals } from "@std/assert";
import { ChatRoom, settle } from "../../support/chat_room.ts";
import { FakeMember } from "../../support/fake_member.ts";
import { draftOf } from "../../support/room_events.ts";

Deno.test("Chat follows the transcript in its design", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  const jack = chat.connect();
  await chat.advance(200);
  await jack.expect("* Welcome to Partyline. What is your name?");
  await jack.ask(
    "jack",
    "* You are jack. /help lists the commands.",
    "* You are in #lobby with ann, bob.",
  );
  await ann.expect("* jack joined");
  await jack.ask("hello");
  await ann.expect("<jack> hello");
  await bob.expect("* jack joined", "<jack> hello");
});

Deno.test("Chat shows the last twenty messages before the greeting", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  ann.say("/topic tea", ...Array.from({ length: 25 }, (_, index) => `line ${index + 1}`));
  await settle();
  const jack = chat.connect();
  jack.say("jack");
  await jack.expect(
    "* Welcome to Partyline. What is your name?",
    "* You are jack. /help lists the commands.",
    "* Topic of #lobby: tea",
    ...Array.from({ length: 20 }, (_, index) => `<ann> line ${index + 6}`),
    "* You are in #lobby with ann.",
  );
});

Deno.test("Chat shows history and topic after a restart", async () => {
  await using before = new ChatRoom();
  const ann = await before.enter("ann");
  ann.say("/topic tea", "hello", "/me waves", "/quit so long");
  await settle();
  await before.clock.advance(1000);

  await using chat = new ChatRoom({ log: before.log, clock: before.clock });
  const again = chat.connect();
  again.say("ann");
  await again.expect(
    "* Welcome to Partyline. What is your name?",
    "* You are ann. /help lists the commands.",
    "* Topic of #lobby: tea",
    "* ann set the topic: tea",
    "<ann> hello",
    "* ann waves",
    "* You are in #lobby. Nobody else is here yet.",
  );
});

Deno.test("Chat greets newcomers with twenty names and a count of the others", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  for (let number = 1; number <= 24; number++) {
    await chat.registry.membership.join(new FakeMember(`m${number}`), "lobby", () => {});
  }
  await ann.read();
  const jack = chat.connect();
  jack.say("jack");
  const names = ["ann", ...Array.from({ length: 19 }, (_, index) => `m${index + 1}`)];
  assertEquals(
    (await jack.read()).at(-1),
    `* You are in #lobby with ${names.join(", ")} and 5 others.`,
  );
});

Deno.test("Chat names in the greeting whoever is not told as a newcomer afterwards", async () => {
  await using chat = new ChatRoom();
  const guests = await chat.enterAll("ann", "bob", "carl");
  const [ann, bob, carl] = guests;
  carl.say("/join den");
  await carl.expect("* You are in #den. Nobody else is here yet.");
  // All in one turn, so that nothing of it is stored yet when the next one comes in.
  ann.say("/join den");
  carl.say("/leave den");
  bob.say("/join den");
  await ann.expect("* You are in #den with carl.", "* carl left", "* bob joined");
  await bob.expect("* You are in #den with carl.", "* ann joined", "* carl left");
});

Deno.test("Chat says 1 other, not 1 others", async () => {
  await using chat = new ChatRoom();
  for (let number = 1; number <= 21; number++) {
    await chat.registry.membership.join(new FakeMember(`m${number}`), "lobby", () => {});
  }
  await chat.registry.settled();
  const jack = chat.connect();
  jack.say("jack");
  assert((await jack.read()).at(-1)!.endsWith("m20 and 1 other."));
});

Deno.test("Chat says which rule a name breaks, and asks again", async () => {
  await using chat = new ChatRoom();
  await chat.enter("ann");
  const jack = chat.connect();
  await chat.advance(200);
  await jack.expect("* Welcome to Partyline. What is your name?");
  const again = "* What is your name?";
  await jack.ask("", "! Names cannot be empty.", again);
  await jack.ask("two words", "! Names may contain only letters, digits, _ - and .", again);
  await jack.ask("\x1b[31mred", "! Names may contain only letters, digits, _ - and .", again);
  await jack.ask("a".repeat(33), "! Names may have at most 32 characters; this one has 33.", again);
  const inUse = (name: string) =>
    `! The name ${name} is in use, or looks like one that is. Try ${name}2.`;
  await jack.ask("ann", inUse("ann"), again);
  await jack.ask("ＡＮＮ", inUse("ＡＮＮ"), again);
  for (const name of ["server", "chat", "logger", "quit", "HELP", "ｍｓｇ"]) {
    await jack.ask(name, `! The name ${name} is reserved. Choose another.`, again);
  }
  await jack.ask(
    "ann2",
    "* You are ann2. /help lists the commands.",
    "* You are in #lobby with ann.",
  );
});

Deno.test("Chat releases a name once its holder has left", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.leave();
  const second = await chat.enter("jack");
  await second.vanish();
  await chat.enter("jack");
});

Deno.test("Chat releases a name once, so that a new holder keeps it while the old connection lingers", async () => {
  await using chat = new ChatRoom();
  const first = await chat.enter("jack");
  await first.ask("/quit", "* Goodbye.");
  // The first connection lingers until the client ends its side too.
  await chat.enter("jack");
  await first.leave();
  const third = chat.connect();
  third.say("jack");
  assertEquals(
    (await third.read())[1],
    "! The name jack is in use, or looks like one that is. Try jack2.",
  );
});

Deno.test("Chat disconnects clients that give no name in time", async () => {
  await using chat = new ChatRoom();
  const jack = chat.connect();
  await chat.advance(59_000);
  jack.say("two words");
  await jack.read();
  await chat.advance(2000);
  await jack.expect("! You gave no name within 60 seconds. Reconnect to try again.");
  assert(jack.hasEnded);
});

Deno.test("Chat has no deadline once a name is given", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await chat.advance(120_000);
  await jack.expect();
  assertEquals(jack.hasEnded, false);
});

Deno.test("Chat accepts /quit instead of a name", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  const jack = chat.connect();
  jack.say("/quit");
  await settle();
  assert(jack.hasEnded);
  await ann.expect();
});

Deno.test("Chat ends a session whose input ends before a name is given", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  await chat.connect().leave();
  await chat.connect().vanish();
  await ann.expect();
});

Deno.test("Chat does not echo a person's own lines unless /set echo is on", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  await jack.ask("hello");
  await jack.ask("/me waves");
  await jack.ask("/set echo on", "* echo is on (show you your own lines too: on or off)");
  await jack.ask("hello again", "<jack> hello again");
  await jack.ask("/me bows", "* jack bows");
  await jack.ask("/set echo off", "* echo is off (show you your own lines too: on or off)");
  await jack.ask("and again");
  await ann.expect(
    "<jack> hello",
    "* jack waves",
    "<jack> hello again",
    "* jack bows",
    "<jack> and again",
  );
});

Deno.test("Chat sends a line that begins with two slashes with one slash", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  jack.say("//etc/passwd", "///", "//", " /not a command", "a/b");
  await jack.expect();
  await ann.expect(
    "<jack> /etc/passwd",
    "<jack> //",
    "<jack> /",
    "<jack>  /not a command",
    "<jack> a/b",
  );
});

Deno.test("Chat ignores an empty line", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  await jack.ask("");
  await ann.expect();
});

Deno.test("Chat suggests the command that was meant", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask(
    "/jion tea",
    "! There is no command /jion. Did you mean /join? /help lists all commands.",
  );
  await jack.ask(
    "/hist",
    "! There is no command /hist. Did you mean /history? /help lists all commands.",
  );
  await jack.ask(
    "/jo tea",
    "! There is no command /jo. Did you mean /join? /help lists all commands.",
  );
  await jack.ask(
    "/xyzzyxyzzy",
    "! There is no command /xyzzyxyzzy. /help lists them. " +
      "Start with // to say a line beginning with /.",
  );
  await jack.ask(
    "/",
    "! There is no command /. /help lists them. Start with // to say a line beginning with /.",
  );
});

Deno.test("Chat sends a line that begins with a path", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  for (const line of ["/var/log is full", "/etc/passwd", "/dev/null: busy", "/1 of 3"]) {
    await jack.ask(line);
    await ann.expect(`<jack> ${line}`);
  }
  const longWord = `/${"x".repeat(4000)}`;
  await jack.ask(longWord);
  await ann.expect(`<jack> ${longWord}`);
});

Deno.test("Chat accepts IRC's names of commands", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask("/j tea", "* You are in #tea. Nobody else is here yet.");
  await jack.ask("/part", "* You left #tea. You are now talking in #lobby.");
});

Deno.test("Chat accepts commands in any case", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask("/WHO", "* In #lobby: jack");
});

Deno.test("Chat prefixes lines of rooms other than the reader's current one", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  await bob.ask("/join tea", "* You are in #tea. Nobody else is here yet.");
  await ann.ask("/join tea", "* You are in #tea with bob.");
  await bob.expect("* ann joined");
  await ann.ask("/join lobby", "* You are now talking in #lobby.");
  bob.say("in tea", "/me sips", "/topic green");
  await bob.expect("* bob set the topic: green");
  await ann.expect("#tea <bob> in tea", "#tea * bob sips", "#tea * bob set the topic: green");
  await ann.ask("in the lobby");
  await bob.expect("#lobby <ann> in the lobby");
});

Deno.test("Chat refuses a line that is too long, and sends no part of it", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  const refusal =
    "! That line is longer than 4096 bytes and was not sent. Split it into shorter lines.";
  await jack.ask("x".repeat(4097), refusal);
  await jack.ask("x".repeat(100_000), refusal);
  await jack.ask(`/me ${"x".repeat(4096)}`, refusal);
  await ann.expect();
  await jack.ask("x".repeat(4096));
  await ann.expect(`<jack> ${"x".repeat(4096)}`);
  await jack.ask("é".repeat(2049), refusal);
  await jack.ask("fine");
  await ann.expect("<jack> fine");
});

Deno.test("Chat records invalid UTF-8 in any kind of line as a gap", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const one = "* gap: 1 place in jack's last line was not UTF-8 and is shown as \ufffd";
  jack.sendBytes(bytes("caf\xe9\r\n"));
  await jack.expect(one);
  await ann.expect("<jack> caf\ufffd", one);
  const two = "* gap: 2 places in jack's last line were not UTF-8 and are shown as \ufffd";
  jack.sendBytes(bytes("\xc0 and \xfe\r\n"));
  await jack.expect(two);
  await ann.expect("<jack> \ufffd and \ufffd", two);
  jack.sendBytes(bytes("/me caf\xe9\r\n"));
  await jack.expect(one);
  await ann.expect("* jack caf\ufffd", one);
  jack.sendBytes(bytes("/topic caf\xe9\r\n"));
  await jack.expect("* jack set the topic: caf\ufffd", one);
  await ann.expect("* jack set the topic: caf\ufffd", one);
  // A U+FFFD that was sent as such is not a loss.
  await jack.ask("\ufffd");
  await ann.expect("<jack> \ufffd");
  const gaps = (await chat.log.read("lobby", 0, 100)).filter(({ kind }) => kind === "gap");
  assertEquals(gaps.map(({ from }) => from), ["jack", "jack", "jack", "jack"]);
});

Deno.test("Chat stores text unchanged, in NFC", async () => {
  await using chat = new ChatRoom();
  const [jack] = await chat.enterAll("jack", "ann");
  jack.say("cafe\u0301 \x1b[31m \u202eevil", "  spaces  ");
  await settle();
  const events = await chat.log.read("lobby", 2, 10);
  assertEquals(events.map(({ body }) => body), ["caf\u00e9 \x1b[31m \u202eevil", "  spaces  "]);
  assertEquals(events.map(({ via }) => via), ["tcp", "tcp"]);
});

Deno.test("Chat tells the author, and nobody else, that a line could not be stored", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  chat.log.isFull = true;
  await jack.ask(
    "hello",
    "! Your last line could not be stored, so nobody has seen it. " +
      "The server's disk may be full; try again later.",
  );
  jack.say("one", "two");
  await jack.expect(
    "! Your last 2 lines could not be stored, so nobody has seen them. " +
      "The server's disk may be full; try again later.",
  );
  await ann.expect();
  chat.log.isFull = false;
  await jack.ask("again");
  await ann.expect("<jack> again");
});

Deno.test("Chat announces departures, with or without a last word", async () => {
  await using chat = new ChatRoom();
  const [ann, bob, cat, dan] = await chat.enterAll("ann", "bob", "cat", "dan");
  await bob.ask("/quit so long", "* Goodbye.");
  assert(bob.hasEnded);
  await cat.leave();
  await dan.vanish();
  await ann.expect("* bob left (so long)", "* cat left", "* dan left");
});

Deno.test("Chat handles every line typed before the end of input", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  const jack = chat.connect();
  jack.say("jack", "hello", "/who");
  jack.sendBytes(new TextEncoder().encode("no newline at the end"));
  await jack.leave();
  await ann.expect("* jack joined", "<jack> hello", "<jack> no newline at the end", "* jack left");
  assert(jack.transcript.endsWith("* In #lobby: ann, jack\r\n"), jack.transcript);
});

Deno.test("Chat counts joins in a crowd", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  const room = chat.registry.find("lobby")!;
  const members = Array.from({ length: 60 }, (_, index) => new FakeMember(`m${index}`));
  for (const member of members) await chat.registry.membership.join(member, "lobby", () => {});
  await ann.read();
  await chat.advance(1000);
  await ann.expect("* 60 joined");
  await ann.ask("/join tea", "* You are in #tea. Nobody else is here yet.");
  for (const member of members.slice(0, 3)) chat.registry.membership.leave(member, room);
  await chat.registry.membership.join(members[0], "lobby", () => {});
  await chat.advance(1000);
  await ann.expect("#lobby * 1 joined, 3 left");
});

Deno.test("Chat lets nobody join more than fifty rooms", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  for (let number = 2; number <= 50; number++) {
    const room = `room${number}`;
    await jack.ask(`/join ${room}`, `* You are in #${room}. Nobody else is here yet.`);
  }
  await jack.ask("/join one-more", "! You are in 50 rooms, which is the limit. /leave one first.");
  await jack.ask("/join ROOM7", "* You are now talking in #room7.");
  await jack.ask("/leave room8", "* You left #room8. You are now talking in #room7.");
  await jack.ask("/join one-more", "* You are in #one-more. Nobody else is here yet.");
});

Deno.test("Chat spells a room as it was first written", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  await ann.ask("/join #Tea-Room", "* You are in #Tea-Room. Nobody else is here yet.");
  await bob.ask("/join TEA-room", "* You are in #Tea-Room with ann.");
});

Deno.test("Chat shows people their own lines in the history of a room they rejoin", async () => {
  await using chat = new ChatRoom();
  const [ann] = await chat.enterAll("ann", "bob");
  await ann.ask("hello");
  ann.say("/leave", "/join lobby");
  await ann.expect(
    "* You left #lobby. You are not in any room. Join one with /join ROOM.",
    "<ann> hello",
    "* You are in #lobby with bob.",
  );
});

Deno.test("Chat shows log lines with their source", async () => {
  await using chat = new ChatRoom();
  await chat.log.append([draftOf("build", "done", { kind: "log", from: "make" })]);
  const jack = await chat.enter("jack");
  await jack.ask("/join build", "make| done", "* You are in #build. Nobody else is here yet.");
});
