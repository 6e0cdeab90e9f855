import { assert, assertEquals } from "@std/assert";
import { wrap } from "../../../lib/service/chat/wrap.ts";
import { ChatRoom, settle } from "../../support/chat_room.ts";

const ESC = "\x1b";

Deno.test("/set lists the settings", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask(
    "/set",
    "* time is off (the time before each line: on or off)",
    "* colour is off (names in colour: on or off)",
    "* width is off (the column to wrap lines at: 20 to 500, or off)",
    "* bell is off (ring the bell at your name and at private messages: on or off)",
    "* echo is off (show you your own lines too: on or off)",
    "* reader is off (plain lines for a screen reader: on or off)",
  );
  await jack.ask("/set colour", "* colour is off (names in colour: on or off)");
});

Deno.test("/set refuses unknown settings and values, and changes nothing", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask(
    "/set volume 11",
    "! There is no setting volume. Settings are time, colour, width, bell, echo, reader.",
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

Deno.test("/set bell rings at the person's name and at private messages", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  const rings = async () => {
    await settle();
    const count = ann.transcript.split("\x07").length - 1;
    ann.transcript = "";
    return count;
  };
  jack.say("hello ann", "/msg ann psst");
  assertEquals(await rings(), 0);
  ann.say("/set bell on");
  await settle();
  jack.say("hello ann");
  assertEquals(await rings(), 1);
  jack.say("/me looks at ANN");
  assertEquals(await rings(), 1);
  jack.say("/msg ann psst");
  assertEquals(await rings(), 1);
  jack.say("hello bob");
  ann.say("it is me, ann");
  assertEquals(await rings(), 0);
  ann.say("/ignore jack");
  await settle();
  jack.say("hello ann", "/msg ann psst");
  assertEquals(await rings(), 0);
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
