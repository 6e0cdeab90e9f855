import { assert, assertEquals } from "@std/assert";
import { wrap } from "../../../lib/service/chat/text/wrap.ts";
import { ChatRoom, type Guest, settle } from "../../support/chat_room.ts";

const ESC = "\x1b";

Deno.test("/set lists the settings", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask(
    "/set",
    "* time is off (the time before each line: on or off)",
    "* colour is off (names in colour: on or off)",
    "* width is off (the column to wrap lines at: 20 to 500, or off)",
    "* bell is off (ring the bell at: mention, all or off)",
    "* words is off (words that stand out like your name: up to 20 with commas, or off)",
    "* echo is off (show you your own lines too: on or off)",
    "* status is off (a status line above the line you type: on or off)",
    "* focus is off (show only the room that you talk in: on or off)",
    "* reader is off (plain lines for a screen reader: on or off)",
    "* reactions is off (a line for each reaction, not only the first to each line of yours: on or off)",
    "* paste is ask (several pasted lines: ask, block (one message) or lines (a message each))",
  );
  await jack.ask("/set colour", "* colour is off (names in colour: on or off)");
});

Deno.test("/set refuses unknown settings and values, and changes nothing", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask(
    "/set volume 11",
    "! There is no setting volume. Settings are time, colour, width, bell, words, echo, status, focus, reader, reactions, paste.",
  );
  await jack.ask(
    "/set time maybe",
    "! time cannot be maybe (the time before each line: on or off)",
  );
  const width = "(the column to wrap lines at: 20 to 500, or off)";
  for (const value of ["19", "501", "-20", "20.5", "wide", "1e2"]) {
    await jack.ask(`/set width ${value}`, `! width cannot be ${value} ${width}`);
  }
  await jack.ask("/set width", `* width is off ${width}`);
  await jack.ask(
    "/set width 20",
    "* width is 20 (the",
    "  column to wrap",
    "  lines at: 20 to",
    "  500, or off)",
  );
  await jack.ask("/set width 0", `* width is off ${width}`);
  await jack.ask("/set width 500", `* width is 500 ${width}`);
  await jack.ask("/set WIDTH OFF", `* width is off ${width}`);
});

Deno.test("/set time shows the time before each line", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  await ann.ask("/set time on", "* time is on (the time before each line: on or off)");
  jack.say("hello", "/me waves");
  const date = new Date(chat.clock.now());
  const time = [date.getHours(), date.getMinutes()]
    .map((number) => String(number).padStart(2, "0")).join(":");
  await ann.expect(`${time} <jack> hello`, `${time} * jack waves`);
});

Deno.test("/set colour colours names, a name always in the same colour", async () => {
  await using chat = new ChatRoom();
  const [jack, ann, bob] = await chat.enterAll("jack", "ann", "bob");
  await ann.ask("/set colour on", "* colour is on (names in colour: on or off)");
  jack.say("hello", "/me waves", "/nick Jack", "again");
  const lines = await ann.read();
  // deno-lint-ignore no-control-regex
  const colour = /\x1b\[(\d+)m/.exec(lines[0])![1];
  assert(Number(colour) >= 31 && Number(colour) <= 36, colour);
  assertEquals(lines, [
    `<${ESC}[${colour}mjack${ESC}[0m> hello`,
    `* ${ESC}[${colour}mjack${ESC}[0m waves`,
    `${ESC}[2m* jack is now Jack${ESC}[0m`,
    `<${ESC}[${colour}mJack${ESC}[0m> again`,
  ]);
  await bob.expect("<jack> hello", "* jack waves", "* jack is now Jack", "<Jack> again");
});

Deno.test("/set width wraps lines between words, and indents continuation lines", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  ann.say("/set width 20");
  await ann.read();
  jack.say("the quick brown fox jumps", "x".repeat(40));
  await ann.expect(
    "<jack> the quick",
    "  brown fox jumps",
    "<jack>",
    `  ${"x".repeat(18)}`,
    `  ${"x".repeat(18)}`,
    `  ${"x".repeat(4)}`,
  );
});

/** Counts how often a guest's bell has rung since the last call, and lets a second pass. */
async function rings(chat: ChatRoom, guest: Guest): Promise<number> {
  await settle();
  const count = guest.transcript.split("\x07").length - 1;
  guest.transcript = "";
  await chat.advance(1000);
  return count;
}

Deno.test("/set bell mention rings at the person's name and at private messages", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  jack.say("hello ann", "/msg ann psst");
  assertEquals(await rings(chat, ann), 0);
  ann.say("/set bell mention");
  await settle();
  jack.say("hello ann");
  assertEquals(await rings(chat, ann), 1);
  jack.say("/me looks at ANN");
  assertEquals(await rings(chat, ann), 1);
  jack.say("/msg ann psst");
  assertEquals(await rings(chat, ann), 1);
  jack.say("hello bob");
  ann.say("it is me, ann");
  assertEquals(await rings(chat, ann), 0);
  ann.say("/ignore jack");
  await settle();
  jack.say("hello ann", "/msg ann psst");
  assertEquals(await rings(chat, ann), 0);
});

Deno.test("/set bell all rings at everything that others say, at most once a second", async () => {
  await using chat = new ChatRoom();
  const [jack, ann, bob] = await chat.enterAll("jack", "ann", "bob");
  await ann.ask("/set bell all", "* bell is all (ring the bell at: mention, all or off)");
  jack.say("hello");
  assertEquals(await rings(chat, ann), 1);
  jack.say("one", "two", "three");
  assertEquals(await rings(chat, ann), 1);
  ann.say("to myself", "/ignore bob");
  bob.say("/join tea", "/leave tea", "not heard");
  assertEquals(await rings(chat, ann), 0);
  await ann.read();
  await ann.ask("/set bell off", "* bell is off (ring the bell at: mention, all or off)");
  jack.say("hello ann");
  assertEquals(await rings(chat, ann), 0);
});

Deno.test("/set words takes words with commas or spaces, and rings the bell at them", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  const what = "(words that stand out like your name: up to 20 with commas, or off)";
  await ann.ask("/set words deploy, db3", `* words is deploy,db3 ${what}`);
  for (const words of ["...", "x".repeat(33), Array.from({ length: 21 }, (_, n) => n).join()]) {
    await ann.ask(`/set words ${words}`, `! words cannot be ${words} ${what}`);
  }
  ann.say("/set bell mention");
  assertEquals(await rings(chat, ann), 0);
  jack.say("db34 deployed");
  assertEquals(await rings(chat, ann), 0);
  jack.say("is DB3.example.com up?");
  assertEquals(await rings(chat, ann), 1);
  ann.say("db3 is down");
  assertEquals(await rings(chat, ann), 0);
  await ann.read();
  await ann.ask("/set words off", `* words is off ${what}`);
  jack.say("db3 again");
  assertEquals(await rings(chat, ann), 0);
});

Deno.test("/set keeps bell and words for the next visit; a bell that was on rings at mentions", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  jack.say("/set words db3", "/set bell on", "/quit");
  await settle();
  const again = await chat.enter("jack");
  const lines = (again.say("/set"), await again.read());
  assertEquals(lines.slice(3, 5).map((line) => line.replace(/ \(.*/, "")), [
    "* bell is mention",
    "* words is db3",
  ]);
});

Deno.test("wrap() keeps every line within the width, and loses no word", () => {
  const texts = [
    "short",
    "the quick brown fox jumps over the lazy dog ".repeat(5).trim(),
    "x".repeat(100),
    `a ${"y".repeat(50)} b`,
    "日本語の文章はどこでも折り返すことができます",
    "👍".repeat(30),
  ];
  for (const text of texts) {
    for (const width of [20, 21, 40]) {
      const lines = wrap(text, width);
      const letters = (of: string) => of.replaceAll(" ", "");
      assertEquals(letters(lines.join("")), letters(text));
      for (const line of lines) {
        const columns = [...line].reduce((sum, c) => sum + (c.codePointAt(0)! > 0x2fff ? 2 : 1), 0);
        assert(columns <= width, `${columns} columns: ${line}`);
        assert(line.trim() !== "", "an empty line");
      }
    }
  }
});

Deno.test("wrap() adds no line for spaces at the end", () => {
  assertEquals(wrap("aaaa bbbb    ", 9), ["aaaa bbbb"]);
});
