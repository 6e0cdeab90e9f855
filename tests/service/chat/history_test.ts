import { assertEquals } from "@std/assert";
import { ChatRoom } from "../../support/chat_room.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** A time as `/history` shows it, in the machine's time zone. */
function shown(at: number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

async function roomWithPast() {
  const chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  jack.say(...Array.from({ length: 40 }, (_, index) => `line ${index + 1}`));
  await ann.read();
  // After two joins, the first message is #3.
  const line = (number: number) =>
    `#${number + 2} ${shown(chat.clock.now())} <jack> line ${number}`;
  const lines = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, index) => line(first + index));
  return { chat, jack, ann, lines };
}

Deno.test("/history shows the last twenty lines with their numbers and times", async () => {
  const { chat, ann, lines } = await roomWithPast();
  await using _chat = chat;
  await ann.ask("/history", ...lines(21, 40));
});

Deno.test("/history N shows N lines", async () => {
  const { chat, ann, lines } = await roomWithPast();
  await using _chat = chat;
  await ann.ask("/history 3", ...lines(38, 40));
  await ann.ask("/history 30", ...lines(11, 40));
  await ann.ask("/history 999999999", ...lines(1, 40));
});

Deno.test("/history before #SEQ goes further back", async () => {
  const { chat, ann, lines } = await roomWithPast();
  await using _chat = chat;
  await ann.ask("/history before #23", ...lines(1, 20));
  await ann.ask("/history 2 before #23", ...lines(19, 20));
  await ann.ask("/history 2 before 23", ...lines(19, 20));
  await ann.ask("/history 2 BEFORE #4", ...lines(1, 1));
  await ann.ask("/history 2 before #999999999999999", ...lines(39, 40));
  await ann.ask("/history before #3", "* Nothing was said in #lobby before #3.");
  await ann.ask("/history before #0", "* Nothing was said in #lobby before #0.");
});

Deno.test("/history around #SEQ shows both sides of a line", async () => {
  const { chat, ann, lines } = await roomWithPast();
  await using _chat = chat;
  await ann.ask("/history around #20", ...lines(8, 27));
  await ann.ask("/history 3 around 20", ...lines(17, 19));
  await ann.ask("/history 2 AROUND lobby#20", ...lines(17, 18));
  await ann.ask("/history 1 around #20", ...lines(18, 18));
  // What is not there on one side comes from the other.
  await ann.ask("/history 6 around #3", ...lines(1, 6));
  await ann.ask("/history 6 around #42", ...lines(35, 40));
  await ann.ask("/history 999 around #20", ...lines(1, 40));
  await ann.ask("/history around #99", "! #lobby has no #99. /history shows the numbers.");
});

Deno.test("/history around and before ROOM#SEQ show another room", async () => {
  const { chat, jack, ann, lines } = await roomWithPast();
  await using _chat = chat;
  ann.say("/leave");
  await ann.read();
  await jack.read();
  const named = (first: number, last: number) => lines(first, last).map((line) => `lobby${line}`);
  await ann.ask("/history 3 around Lobby#20", ...named(17, 19));
  await ann.ask("/history 2 before lobby#20", ...named(16, 17));
  await ann.ask("/history around lbby#2", "! There is no room #lbby. /rooms lists the rooms.");
  await ann.ask("/history around #2", "! You are not in any room. Join one with /join ROOM.");
});

Deno.test("/history shows the person's own lines, and every kind of event except joins and parts", async () => {
  await using chat = new ChatRoom();
  const [jack, bob] = await chat.enterAll("jack", "bob");
  jack.say("hello", "/me waves", "/topic tea", "/topic -", "/nick john");
  await jack.read();
  bob.say("/quit so long");
  await jack.expect("* bob left (so long)");
  const at = shown(chat.clock.now());
  await jack.ask(
    "/history",
    `#3 ${at} <jack> hello`,
    `#4 ${at} * jack waves`,
    `#5 ${at} * jack set the topic: tea`,
    `#6 ${at} * jack cleared the topic`,
    `#7 ${at} * jack is now john`,
  );
});

Deno.test("/history says that nothing was said yet", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask("/history", "* Nothing was said in #lobby.");
});

Deno.test("/history shows the current room", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  jack.say("in the lobby", "/join tea", "in tea");
  await jack.read();
  await jack.ask("/history", `#2 ${shown(chat.clock.now())} <jack> in tea`);
});

Deno.test("/history sends a slow reader no more than it reads", async () => {
  await using chat = new ChatRoom({ outboxBytes: 16 * 1024 });
  const [jack, ann] = await chat.enterAll("jack", "ann");
  const text = "x".repeat(300);
  for (let number = 0; number < 400; number += 40) {
    jack.say(...Array.from({ length: 40 }, (_, index) => `${number + index} ${text}`));
    await ann.read();
  }
  ann.pause();
  ann.say("/history 400", "/who");
  await jack.read();
  assertEquals(await ann.read(), []);
  ann.resume();
  const lines = await ann.read();
  assertEquals(lines.map((line) => /<jack> (\d+)/.exec(line)?.[1] ?? line), [
    ...Array.from({ length: 400 }, (_, index) => `${index}`),
    "* In #lobby: jack, ann",
  ]);
});

Deno.test("/history shows when each line was said", async () => {
  const clock = new FakeClock({ now: Date.UTC(2026, 0, 2, 3, 4) });
  await using chat = new ChatRoom({ clock });
  const jack = await chat.enter("jack");
  const first = clock.now();
  await jack.ask("one");
  await clock.advance(60_000);
  await jack.ask("two");
  await jack.ask(
    "/history",
    `#2 ${shown(first)} <jack> one`,
    `#3 ${shown(first + 60_000)} <jack> two`,
  );
});

Deno.test("/history shows a message sent just before it in the same packet", async () => {
  const chat = new ChatRoom();
  await using _chat = chat;
  const jack = await chat.enter("jack");
  await jack.read();
  jack.say("hello", "/history");
  const [line] = await jack.read();
  assertEquals(line, `#2 ${shown(chat.clock.now())} <jack> hello`);
});
