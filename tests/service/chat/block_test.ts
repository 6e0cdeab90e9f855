/** Messages of several lines at line doors, between two lines of quotation marks, as transcripts. */

import { assertEquals } from "@std/assert";
import { draftOf } from "../../support/room_events.ts";
import { ChatRoom, type Guest, type TerminalGuest } from "../../support/chat_room.ts";

const FENCE = '"""';
const BEGUN = '* Lines up to the next """ are one message.';
const SPLIT = "* That is too long for one message, so it is sent as several.";

/** The latest messages of the lobby. */
async function said({ log }: ChatRoom): Promise<string[]> {
  const events = await log.read("lobby", 0, 1000);
  return events.filter(({ kind }) => kind === "message" || kind === "action")
    .map(({ body }) => body);
}

async function skip(...guests: Guest[]): Promise<void> {
  for (const guest of guests) await guest.read();
}

/** The last two rows of the screen, with a bar at the cursor. */
async function lastRows(jack: TerminalGuest): Promise<string[]> {
  const rows = (await jack.rows()).slice(-2);
  return [rows[0], `${await jack.beforeCursor()}|`];
}

Deno.test('Lines between two lines of """ are one message, and none of them is a command', async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  ann.say(FENCE, "one", "", "  /quit", "/quit", "", " ", FENCE);
  await ann.expect(BEGUN);
  await bob.expect("<ann> one", "<ann> ", "<ann>   /quit", "<ann> /quit");
  assertEquals(await said(chat), ["one\n\n  /quit\n/quit"]);
  ann.say(FENCE, FENCE, FENCE, " ", FENCE, "after");
  await ann.expect(BEGUN, BEGUN);
  await bob.expect("<ann> after");
});

Deno.test("A block that has lines of quotation marks itself is put between longer ones", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  ann.say('""""', FENCE, 'a """', `${FENCE} `, '""""');
  await ann.read();
  assertEquals(await said(chat), [`${FENCE}\na """\n${FENCE} `]);
});

Deno.test("A block can be what somebody does, or a private message", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  ann.say('/me """', "waves", "twice", FENCE, '/msg bob """', "one", "two", FENCE);
  await ann.expect(BEGUN, BEGUN, "-> bob: one", "-> bob: two");
  await bob.expect("* ann waves", "* ann twice", "ann -> you: one", "ann -> you: two");
  assertEquals(await said(chat), ["waves\ntwice"]);
  await ann.ask('/topic """', '* ann set the topic: """');
});

Deno.test("A block that is too long for one message is said as several, in order", async () => {
  await using chat = new ChatRoom({ blocks: { bytes: 100, lines: 3 } });
  const [ann, bob] = await chat.enterAll("ann", "bob");
  ann.say(FENCE, "1", "2", "3", "4", "/quit", "", "7", FENCE, "after");
  await ann.expect(BEGUN, SPLIT);
  await bob.expect(
    "<ann> 1",
    "<ann> 2",
    "<ann> 3",
    "<ann> 4",
    "<ann> /quit",
    "<ann> 7",
    "<ann> after",
  );
  assertEquals(await said(chat), ["1\n2\n3", "4\n/quit", "7", "after"]);
  // Composed, a character may have more bytes than it was typed with.
  ann.say(FENCE, "é".repeat(30), "\u0958".repeat(15), "x", FENCE);
  await ann.expect(BEGUN, SPLIT);
  assertEquals((await said(chat)).slice(4), ["é".repeat(30), `${"\u0915\u093c".repeat(15)}\nx`]);
  // Blank lines at the end do not count.
  ann.say(FENCE, "1", "2", "3", "", "", FENCE);
  await ann.expect(BEGUN);
  assertEquals((await said(chat)).slice(6), ["1\n2\n3"]);
});

Deno.test("Every part of a long block is the text of its command", async () => {
  await using chat = new ChatRoom({ blocks: { bytes: 100, lines: 2 } });
  const [ann, bob] = await chat.enterAll("ann", "bob");
  ann.say('/msg bob """', "one", "two", "three", FENCE);
  await ann.expect(BEGUN, SPLIT, "-> bob: one", "-> bob: two", "-> bob: three");
  await bob.expect("ann -> you: one", "ann -> you: two", "ann -> you: three");
});

Deno.test("A line of a block that is too long for a message is left out, and named", async () => {
  await using chat = new ChatRoom({ blocks: { bytes: 100, lines: 3 } });
  const [ann, bob] = await chat.enterAll("ann", "bob");
  const leftOut = (line: number) =>
    `! Line ${line} is too long for a message and was left out; the other lines are sent.`;
  ann.say(FENCE, "x".repeat(5000), "one", "é".repeat(60), "two", FENCE);
  await ann.expect(BEGUN, leftOut(1), leftOut(3));
  await bob.expect("<ann> one", "<ann> two");
  ann.say(FENCE, "1\u20282\u20283\u20284", FENCE);
  await ann.expect(BEGUN, leftOut(1));
  await bob.expect();
});

Deno.test("A line of a block may be as long as a message, and elsewhere as long as a line", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  const long = `${"é".repeat(2500)} end`;
  ann.say(FENCE, "before", long, "after", FENCE);
  await ann.expect(BEGUN);
  await bob.expect("<ann> before", `<ann> ${long}`, "<ann> after");
  assertEquals(await said(chat), [`before\n${long}\nafter`]);
  const sentence =
    "! That line is longer than 4096 bytes and was not sent. Split it into shorter lines.";
  ann.say(long, `/me ${long}`, `/msg bob ${long}`);
  await ann.expect(sentence, sentence, sentence);
  ann.say(FENCE, "x".repeat(20_000), "rest", FENCE, "after");
  await ann.expect(
    BEGUN,
    "! Line 1 is too long for a message and was left out; the other lines are sent.",
  );
  await bob.expect("<ann> rest", "<ann> after");
});

Deno.test("Endless blank lines of a block are subject to flood control", async () => {
  await using chat = new ChatRoom({
    blocks: { bytes: 100, lines: 3 },
    flood: { rate: 5, burst: 20 },
  });
  const [ann, bob] = await chat.enterAll("ann", "bob");
  await chat.advance(10_000);
  ann.say(FENCE, "1", ...Array(100).fill(""), FENCE, "after");
  await bob.expect("<ann> 1");
  await chat.advance(17_000);
  await bob.expect("<ann> after");
});

Deno.test("Endless lines that are left out of a block are subject to flood control", async () => {
  await using chat = new ChatRoom({
    blocks: { bytes: 100, lines: 3 },
    flood: { rate: 5, burst: 20 },
  });
  const ann = await chat.enter("ann");
  await chat.advance(10_000);
  ann.say(FENCE, ...Array(100).fill("x".repeat(200)), FENCE);
  assertEquals((await ann.read()).length < 50, true);
  await chat.advance(17_000);
  assertEquals((await ann.read()).length > 50, true);
});

Deno.test("The parts of a long block wait for flood control like blocks of their own", async () => {
  await using chat = new ChatRoom({
    blocks: { bytes: 10_000, lines: 100 },
    flood: { rate: 5, burst: 20 },
  });
  const [ann, bob] = await chat.enterAll("ann", "bob");
  await chat.advance(10_000);
  ann.say(FENCE, ...Array.from({ length: 250 }, (_, number) => `line ${number}`), FENCE);
  assertEquals((await bob.read()).length, 100);
  await chat.advance(16_000);
  await bob.expect();
  await chat.advance(1000);
  assertEquals((await bob.read()).length, 100);
  await chat.advance(20_000);
  assertEquals((await bob.read()).length, 50);
});

Deno.test("A block whose author leaves in the middle of it is said as far as it has come", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  ann.say(FENCE, "one", "two");
  await ann.expect(BEGUN);
  await bob.expect();
  await ann.leave();
  await bob.expect("<ann> one", "<ann> two", "* ann left");
});

Deno.test("A block has the cost of its lines, which delays the next block and no other line", async () => {
  await using chat = new ChatRoom({ flood: { rate: 5, burst: 20 } });
  const [ann, bob] = await chat.enterAll("ann", "bob");
  await chat.advance(10_000);
  const lines = Array.from({ length: 100 }, (_, number) => `line ${number}`);
  ann.say(FENCE, ...lines, FENCE);
  assertEquals((await bob.read()).length, 100);
  ann.say("after");
  await bob.expect("<ann> after");
  ann.say(FENCE, "again", FENCE);
  await bob.expect();
  await chat.advance(16_000);
  await bob.expect();
  await chat.advance(1000);
  await bob.expect("<ann> again");
});

Deno.test("Line separators of Unicode make a block, at the same cost", async () => {
  await using chat = new ChatRoom({ flood: { rate: 5, burst: 20 } });
  const [ann, bob] = await chat.enterAll("ann", "bob");
  await chat.advance(10_000);
  ann.say(Array(100).fill("x").join("\u2028"), "one\u2028two");
  assertEquals((await bob.read()).length, 100);
  await chat.advance(17_000);
  await bob.expect("<ann> one", "<ann> two");
  assertEquals((await said(chat)).at(-1), "one\ntwo");
});

Deno.test("A block that is not UTF-8 leaves a gap with the places of all its lines", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  ann.sendBytes(new TextEncoder().encode(`${FENCE}\n`));
  ann.sendBytes(Uint8Array.of(0x61, 0xfe, 0x0a, 0xfe, 0x0a));
  ann.say("rest", FENCE);
  await ann.read();
  const { body } = (await chat.log.read("lobby", 0, 100)).at(-1)!;
  assertEquals(body, "2 places in ann's last line were not UTF-8 and are shown as \ufffd");
});

Deno.test("/quote repeats the first lines of a block, and what fits of a long line", async () => {
  await using chat = new ChatRoom({ blocks: { bytes: 4096, lines: 200 } });
  await chat.log.append([draftOf("log", "é".repeat(30_000), { kind: "log", from: "app" })]);
  const ann = await chat.enter("ann");
  ann.say(FENCE, ...Array.from({ length: 30 }, (_, number) => `${number}`), FENCE);
  await ann.read();
  const { lastSeq } = (await chat.log.room("lobby"))!;
  ann.say(`/quote #${lastSeq}`);
  await ann.read();
  const quoted = ["1", "2", "3", "4", "5", "6", "7", "8", "9\u2026"].map((line) => `\n> ${line}`);
  assertEquals((await said(chat)).at(-1), `> #${lastSeq} <ann> 0${quoted.join("")}`);
  ann.say("/quote log#1");
  await ann.read();
  assertEquals((await said(chat)).at(-1), `> log#1 app| ${"é".repeat(1024 - 5)}\u2026`);
});

Deno.test("A terminal shows that a block is open, and Ctrl-C cancels it", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enterTerminal("jack");
  for (const line of [FENCE, "one"]) {
    jack.type(`${line}\r`);
    await chat.paint();
  }
  assertEquals(await lastRows(jack), ['""" one', '""" |']);
  jack.type("\x03");
  await chat.paint();
  assertEquals(await lastRows(jack), [
    "* Cancelled. Nothing of that message was sent.",
    "#lobby> |",
  ]);
  assertEquals(await said(chat), []);
});

Deno.test("Ctrl-C in a block of which a part was said drops the rest of it", async () => {
  await using chat = new ChatRoom({ blocks: { bytes: 100, lines: 2 } });
  const jack = await chat.enterTerminal("jack");
  for (const line of [FENCE, "one", "two", "three"]) {
    jack.type(`${line}\r`);
    await chat.paint();
  }
  jack.type("\x03");
  await chat.paint();
  assertEquals(await lastRows(jack), [
    '* Cancelled. The rest, up to the next """, is not sent.',
    '""" |',
  ]);
  for (const line of ["/quit", FENCE, "after"]) {
    jack.type(`${line}\r`);
    await chat.paint();
  }
  assertEquals(await said(chat), ["one\ntwo", "after"]);
});

for (const [command, to] of [["", "#den"], ["/me ", "#den"]]) {
  Deno.test(`A block begun by "${command}" is for those in one room, also if its author is sent out of it`, async () => {
    await using chat = new ChatRoom({ blocks: { bytes: 100, lines: 2 } });
    const [bob, ann, eve] = await chat.enterAll("bob", "ann", "eve");
    await bob.ask("/join den", "* You are in #den. Nobody else is here yet.");
    ann.say("/join den");
    await skip(bob, ann, eve);
    ann.say(`${command}${FENCE}`, "one", "two", "three");
    await ann.expect(BEGUN, SPLIT);
    bob.say("/kick ann");
    await ann.expect(
      "* bob kicked you from #den. /join den brings you back. You are now talking in #lobby.",
    );
    ann.say("four", "five", "six", FENCE, "after");
    await ann.expect(
      `! You are no longer talking in ${to}. The rest of the block is not sent.`,
    );
    await eve.expect("<ann> after");
  });
}

Deno.test("A block continues in a room that is renamed", async () => {
  await using chat = new ChatRoom({ blocks: { bytes: 100, lines: 2 } });
  const [bob, ann] = await chat.enterAll("bob", "ann");
  for (const guest of [bob, ann]) guest.say("/join den");
  await skip(bob, ann);
  ann.say(FENCE, "one", "two", "three");
  await ann.expect(BEGUN, SPLIT);
  bob.say("/rename attic");
  await ann.expect("* bob renamed this room: it is now called #attic.");
  ann.say("four", FENCE);
  await ann.expect();
  assertEquals((await bob.read()).slice(-2), ["<ann> three", "<ann> four"]);
});

Deno.test("A private block is for one person, whoever writes to its author meanwhile", async () => {
  const flood = { rate: 5, burst: 20 };
  await using chat = new ChatRoom({ blocks: { bytes: 1000, lines: 10 }, flood });
  const [ann, bob, eve] = await chat.enterAll("ann", "bob", "eve");
  const lines = Array.from({ length: 30 }, (_, number) => `line ${number}`);
  bob.say("/msg ann hello");
  await skip(ann, bob, eve);
  ann.say(`/reply ${FENCE}`, ...lines, FENCE);
  await skip(bob);
  eve.say("/msg ann me, too");
  await eve.expect("-> ann: me, too");
  for (let second = 0; second < 10; second++) await chat.advance(1000);
  await eve.expect();
  assertEquals(
    (await ann.read()).slice(-1),
    ["! Somebody else has written to you since. The rest of the block is not sent."],
  );
});

Deno.test("A private block is not for somebody who takes a name that has become free", async () => {
  await using chat = new ChatRoom({ blocks: { bytes: 100, lines: 2 } });
  const [ann, bob, eve] = await chat.enterAll("ann", "bob", "eve");
  ann.say(`/msg bob ${FENCE}`, "one", "two", "three");
  await bob.expect("ann -> you: one", "ann -> you: two");
  bob.say("/nick robert");
  eve.say("/nick bob");
  await skip(ann, bob, eve);
  ann.say("four", "five", FENCE);
  await ann.expect(
    "! The name bob is somebody else's now. The rest of the block is not sent.",
  );
  await eve.expect();
});

Deno.test("A private block is not for somebody who takes the name of an account that was removed", async () => {
  await using chat = new ChatRoom({ blocks: { bytes: 100, lines: 2 } });
  await chat.addAccount("bob");
  const ann = await chat.logIn("ann");
  const [eve] = await chat.enterAll("eve");
  ann.say(`/msg bob ${FENCE}`, "one", "two", "three");
  await skip(ann, eve);
  await chat.accounts.remove("bob");
  await eve.ask("/nick bob", "* You are bob.");
  await ann.expect("* eve is now bob");
  ann.say("four", "five", FENCE);
  await ann.expect("! The name bob is somebody else's now. The rest of the block is not sent.");
  await eve.expect();
});

Deno.test("A private block is not for a new account with the name of one that was removed", async () => {
  await using chat = new ChatRoom({ blocks: { bytes: 100, lines: 2 } });
  await chat.addAccount("bob");
  const ann = await chat.logIn("ann");
  ann.say(`/msg bob ${FENCE}`, "one", "two", "three");
  await skip(ann);
  await chat.accounts.remove("bob");
  await chat.advance(1000);
  await chat.addAccount("bob");
  ann.say("four", "five", FENCE);
  await ann.expect("! The name bob is somebody else's now. The rest of the block is not sent.");
});

Deno.test("A terminal asks before it sends a paste as several messages", async () => {
  await using chat = new ChatRoom({ blocks: { bytes: 100, lines: 2 } });
  const jack = await chat.enterTerminal("jack", { columns: 70 });
  jack.type("\x1b[200~one\rtwo\r/quit\r\x1b[201~");
  await chat.paint();
  assertEquals(
    await jack.beforeCursor(),
    "Send 3 lines? Enter: as 2 messages, l: line by line, Esc: cancel ",
  );
  jack.type("\r");
  await chat.paint();
  assertEquals(await said(chat), ["one\ntwo", "/quit"]);
});

Deno.test("A paste that is sent as several messages is for those in one room", async () => {
  const flood = { rate: 5, burst: 20 };
  await using chat = new ChatRoom({ blocks: { bytes: 1000, lines: 20 }, flood });
  const [bob, eve] = await chat.enterAll("bob", "eve");
  await bob.ask("/join den", "* You are in #den. Nobody else is here yet.");
  const jack = await chat.enterTerminal("jack", { columns: 70 });
  jack.type("/join den\r");
  await chat.paint();
  const lines = Array.from({ length: 70 }, (_, number) => `line ${number}`);
  jack.type(`\x1b[200~${lines.join("\r")}\r\x1b[201~\r`);
  await chat.paint();
  await chat.advance(4000);
  bob.say("/kick jack");
  await skip(eve);
  for (let second = 0; second < 30; second++) await chat.advance(1000);
  await eve.expect();
});
