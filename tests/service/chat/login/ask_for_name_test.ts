import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DomainError } from "../../../../lib/domain/domain_error.ts";
import { peerKey } from "../../../../lib/transport/silent_peers.ts";
import { ChatRoom } from "../../../support/chat_room.ts";

const QUESTION = "* Somebody else asked for the name tom. It is yours while you are connected.";
const DOUBT = "* tom is in use, but that connection does not respond. If it stays silent for " +
  "5 seconds, the name is yours.";
const IN_USE = "! The name tom is in use, or looks like one that is. Try tom2.";
const WELCOME = ["* You are tom. /help lists the commands.", "* You are in #lobby with ann."];
/** The first guest of a chat. */
const FIRST = peerKey("192.0.2.7:5001")!;

/** A chat with tom, who came first, and ann; `counts` is what the system knows about them. */
async function scene() {
  const counts = new Map<string, number>();
  const chat = new ChatRoom({ countRepeats: () => Promise.resolve(new Map(counts)) });
  const [tom, ann] = await chat.enterAll("tom", "ann");
  return { chat, counts, tom, ann };
}

Deno.test("askForName() refuses the name of somebody who answers, and shows a plain client why it was asked", async () => {
  const { chat, tom, ann } = await scene();
  await using _ = chat;
  ann.say("/nick Tom");
  await chat.clock.advance(300);
  await ann.expect(IN_USE.replaceAll("tom", "Tom"));
  await tom.expect(QUESTION);
});

Deno.test("askForName() shows a plain client the question at most once a minute", async () => {
  const { chat, tom, ann } = await scene();
  await using _ = chat;
  for (let second = 0; second < 120; second++) {
    ann.say("/nick tom");
    await chat.clock.advance(1000);
  }
  assertEquals(await tom.read(), [QUESTION, QUESTION]);
});

Deno.test("askForName() asks a telnet client unseen", async () => {
  await using chat = new ChatRoom({ countRepeats: () => Promise.resolve(new Map()) });
  const tom = await chat.enterTerminal("tom");
  const rows = await tom.rows();
  const { transcript: { length } } = tom;
  const other = chat.connect();
  other.say("tom");
  await chat.clock.advance(500);
  assertEquals((await other.read()).includes(IN_USE), true);
  assertStringIncludes(tom.transcript.slice(length), "\ufffd\ufffd", "IAC NOP");
  assertEquals(await tom.rows(), rows);
});

Deno.test("askForName() gives a newcomer the name of somebody who has vanished, who leaves once", async () => {
  const { chat, counts, tom, ann } = await scene();
  await using _ = chat;
  counts.set(FIRST, 1);
  const newcomer = chat.connect();
  newcomer.say("tom");
  await chat.clock.advance(500);
  await newcomer.expect("* Welcome to Partyline. What is your name?", DOUBT);
  counts.set(FIRST, 4);
  await chat.clock.advance(3000);
  await newcomer.expect(...WELCOME);
  await chat.clock.advance(10_000);
  await ann.expect("* tom left", "* tom joined");
  // Should the machine come back:
  await tom.expect(
    QUESTION,
    "! Your connection did not respond while somebody asked for your name, so they got it. " +
      "Connect again.",
  );
  assertEquals(tom.hasEnded, true);
});

Deno.test("askForName() says nothing about somebody known to be silent, and gives the name to one of two", async () => {
  const { chat, counts, ann } = await scene();
  await using _ = chat;
  counts.set(FIRST, 7);
  const bob = await chat.enter("bob");
  ann.say("/nick tom");
  bob.say("/nick tom");
  await chat.clock.advance(400);
  const shown = [await ann.read(), await bob.read()].flat().filter((line) =>
    !line.includes("left")
  );
  assertEquals(shown.filter((line) => line === "* You are tom."), ["* You are tom."]);
  assertEquals(shown.filter((line) => line === IN_USE), [IN_USE]);
});

Deno.test("askForName() takes no name for somebody who leaves while its holder is probed", async () => {
  const { chat, counts, ann } = await scene();
  await using _ = chat;
  counts.set(FIRST, 3);
  ann.say("/nick tom");
  await chat.clock.advance(1000);
  const left = ann.vanish();
  counts.set(FIRST, 4);
  await chat.clock.advance(5000);
  await left;
  await chat.enter("tom");
});

Deno.test("Somebody who has been removed takes no name with a command that is still running", async () => {
  const { chat } = await scene();
  await using _ = chat;
  const person = chat.chat.people.find("tom")!;
  await person.depart("");
  assertThrows(() => person.takeName("tim"), DomainError, "You have left.");
  assertEquals(chat.chat.people.find("tim"), undefined);
});
