import { assert, assertEquals } from "@std/assert";
import { ChatRoom, settle } from "../../support/chat_room.ts";
import { FakeMember } from "../../support/fake_member.ts";
import { SeededRandom } from "../../support/random.ts";

/** Splits a transcript into lines of another room and lines of the current one. */
function split(lines: readonly string[], room: string): { other: string[]; current: string[] } {
  const prefix = `#${room} `;
  return {
    other: lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length)),
    current: lines.filter((line) => !line.startsWith(prefix)),
  };
}

for (const seed of [31, 32, 33]) {
  Deno.test(`Chat loses nothing for a slow reader in two rooms (seed ${seed})`, async () => {
    const random = new SeededRandom(seed);
    await using chat = new ChatRoom({ outboxBytes: 8 * 1024 });
    const [jack, ann, bob] = await chat.enterAll("jack", "ann", "bob");
    jack.say("/join tea");
    await settle();
    bob.say("/join tea");
    for (const guest of [jack, ann, bob]) await guest.read();

    const inLobby: string[] = [];
    const inTea: string[] = [];
    for (let round = 0; round < 150; round++) {
      if (random.int(10) === 0) jack.pause();
      if (random.int(30) === 0) jack.resume();
      for (let count = random.int(8); count > 0; count--) {
        const text = `${inLobby.length} ${"x".repeat(random.int(2000))}`;
        inLobby.push(`<ann> ${text}`);
        ann.say(text);
      }
      for (let count = random.int(8); count > 0; count--) {
        const text = `${inTea.length} ${"y".repeat(random.int(300))}`;
        inTea.push(`<bob> ${text}`);
        bob.say(text);
      }
      await settle(random.int(4));
    }
    await settle(50);
    // Up to its capacity, or one run that it took while empty.
    assert(jack.session.outbox.queuedBytes <= 20 * 1024, "the outbox stays bounded");
    jack.resume();
    let lines: string[] = [];
    for (let more = await jack.read(); more.length > 0; more = await jack.read()) {
      lines = lines.concat(more);
    }
    const { other, current } = split(lines, "lobby");
    assertEquals(other, inLobby);
    assertEquals(current, inTea);
    assert(current.length > 300 && other.length > 300, "too little was said");

    // It is live again.
    await ann.ask("the end");
    await jack.expect("#lobby <ann> the end");
  });
}

Deno.test("Chat feeds a slow reader from the log once the replay buffer is exceeded", async () => {
  await using chat = new ChatRoom({ outboxBytes: 8 * 1024 });
  const [jack, ann] = await chat.enterAll("jack", "ann");
  jack.pause();
  const said: string[] = [];
  const text = "x".repeat(4000);
  chat.log.reads.length = 0;
  for (let number = 0; number < 800; number++) {
    said.push(`<ann> ${number} ${text}`);
    ann.say(`${number} ${text}`);
    if (number % 50 === 49) await settle(30);
  }
  assertEquals(chat.log.reads, [], "nothing is read for somebody who takes nothing");
  jack.resume();
  await settle(3000);
  const lines = await jack.read();
  assert(chat.log.reads.length > 100, `${chat.log.reads.length} reads`);
  assertEquals(lines.length, said.length);
  assert(lines.every((line, index) => line === said[index]), "in order");
});

Deno.test("Chat tells a slow reader that the log cannot be read, and disconnects it", async () => {
  await using chat = new ChatRoom({ outboxBytes: 8 * 1024 });
  const [jack, ann] = await chat.enterAll("jack", "ann");
  jack.pause();
  const text = "x".repeat(4000);
  for (let number = 0; number < 800; number++) ann.say(`${number} ${text}`);
  await settle(200);
  chat.log.isUnreadable = true;
  jack.resume();
  await settle(3000);
  const lines = await jack.read();
  assertEquals(
    lines.at(-1),
    "! The messages you have not read yet cannot be read from the log. Connect again for the rest.",
  );
  assert(jack.hasEnded);
  assertEquals(ann.hasEnded, false);
});

Deno.test("Chat counts the joins of a crowd once for a slow reader too", async () => {
  await using chat = new ChatRoom({ outboxBytes: 4 * 1024 });
  const [jack, ann] = await chat.enterAll("jack", "ann");
  const come = async (first: number, last: number) => {
    for (let number = first; number <= last; number++) {
      await chat.registry.membership.join(new FakeMember(`m${number}`), "lobby", () => {});
    }
    await settle();
  };
  await come(1, 60);
  await chat.advance(1000);
  for (const guest of [jack, ann]) await guest.read();
  jack.pause();
  for (let number = 0; number < 20; number++) {
    ann.say(`${number} ${"x".repeat(1000)}`);
    await settle();
  }
  await come(61, 65);
  ann.say("the last");
  await settle();
  await chat.advance(1000);
  await ann.expect("* 5 joined");
  jack.resume();
  const lines = await jack.read();
  assertEquals(lines.filter((line) => line.startsWith("* ")), ["* 5 joined"]);
  assertEquals(lines.filter((line) => line.startsWith("<ann>")).length, 21);
});

Deno.test("Chat sends a slow reader's own lines to others, and does not echo them later", async () => {
  await using chat = new ChatRoom({ outboxBytes: 4 * 1024 });
  const [jack, ann] = await chat.enterAll("jack", "ann");
  jack.pause();
  for (let number = 0; number < 20; number++) ann.say(`${number} ${"x".repeat(1000)}`);
  await settle(50);
  jack.say("I am reading slowly");
  await ann.expect("<jack> I am reading slowly");
  jack.resume();
  const lines = await jack.read();
  assertEquals(lines.map((line) => line.slice(0, 8)), [
    ...Array.from({ length: 20 }, (_, number) => `<ann> ${number} x`.slice(0, 8)),
  ]);
});

Deno.test("Somebody who enters a room is told so, however long its latest messages are", async () => {
  await using chat = new ChatRoom({ outboxBytes: 8 * 1024 });
  const [jack, ann] = await chat.enterAll("jack", "ann");
  const said = Array.from({ length: 20 }, (_, number) => `${number} ${"x".repeat(1000)}`);
  ann.say("/join tea", ...said);
  await settle(100);
  await jack.ask(
    "/join tea",
    ...said.slice(-5).map((text) => `<ann> ${text}`),
    "* /history shows earlier messages.",
    "* You are in #tea with ann.",
  );
});

Deno.test("/history shows every line, however long they are", async () => {
  await using chat = new ChatRoom({ outboxBytes: 8 * 1024 });
  const [jack, ann] = await chat.enterAll("jack", "ann");
  ann.say(...Array.from({ length: 30 }, (_, number) => `${number} ${"x".repeat(1000)}`));
  await settle(100);
  await jack.read();
  jack.say("/history 30");
  await settle(300);
  const lines = await jack.read();
  const numbers = lines.map((line) => Number(/<ann> (\d+) x/.exec(line)?.[1]));
  assertEquals(numbers, Array.from({ length: 30 }, (_, number) => number));
});
