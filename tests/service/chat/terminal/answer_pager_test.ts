/** Long answers at a terminal, page by page. */

import { assert, assertEquals } from "@std/assert";
import { ChatRoom, settle, type TerminalGuest } from "../../../support/chat_room.ts";

const MORE = "-- more: Enter, q --";

/** A terminal of 40 columns and 20 rows, and somebody else. */
async function setUp() {
  const chat = new ChatRoom();
  const setter = await chat.enter("jack");
  setter.say("/set time off", "/set colour off", "/quit");
  await settle();
  const jack = await chat.enterTerminal("jack", { columns: 40, rows: 20 });
  const ann = await chat.enter("ann");
  await chat.paint();
  const type = async (keys: string) => {
    jack.type(keys);
    await chat.paint();
  };
  return { chat, jack, ann, type };
}

/** The rows of the window. */
async function screen(guest: TerminalGuest): Promise<string[]> {
  return (await guest.rows()).slice(-20);
}

Deno.test("/help in a low window stops at a page, goes on with Enter, and loses no line", async () => {
  const { chat, jack, type } = await setUp();
  await using _chat = chat;
  const before = (await jack.rows()).length;
  await type("/help\r");
  const first = await screen(jack);
  // An entry of two rows is not torn, so the page may be short of one.
  const start = first.indexOf("#lobby> /help");
  assert(start === 0 || start === 1, first.join("\n"));
  assertEquals(first[start + 1], "* /help [COMMAND]: list the commands, or");
  assertEquals(first[start + 2], "  explain one");
  assertEquals(first.at(-1), MORE);
  let pages = 1;
  for (; (await screen(jack)).at(-1) === MORE; pages++) await type("\r");
  assert(pages > 1 && pages < 9, `${pages} pages`);
  const shown = (await jack.rows()).slice(before - 1).join("\n");
  assertEquals(shown.includes(MORE), false);
  for (
    const usage of ["/nick NAME", "/search QUERY", "/quote #SEQ", "/set [NAME VALUE]", "/quit"]
  ) {
    assert(shown.includes(`* ${usage}`), usage);
  }
  assertEquals((await screen(jack)).at(-1), "#lobby>");
});

Deno.test("q, Ctrl-C and Escape end an answer, and any other key does and is typed", async () => {
  const { chat, jack, ann, type } = await setUp();
  await using _chat = chat;
  for (const key of ["q", "\x03", "\x07"]) {
    await type("/help\r");
    assertEquals((await screen(jack)).at(-1), MORE);
    await type(key);
    assertEquals((await screen(jack)).at(-1), "#lobby>");
  }
  await type("/help\r");
  await type("hello, ");
  assertEquals((await screen(jack)).at(-1), "#lobby> hello,");
  await type("ann\r");
  await ann.expect("<jack> hello, ann");
  assert(!(await jack.rows()).some((row) => row.startsWith("* /quit")));
});

Deno.test("What was typed before is still there after the last page", async () => {
  const { chat, jack, type } = await setUp();
  await using _chat = chat;
  await type("/help\rtyped ahead");
  assertEquals((await screen(jack)).at(-1), MORE);
  for (let page = 0; page < 6; page++) await type(" ");
  assertEquals((await screen(jack)).at(-1)?.trimEnd(), "#lobby> typed ahead");
});

Deno.test("/history and /rooms are paged, and messages come in between", async () => {
  const { chat, jack, ann, type } = await setUp();
  await using _chat = chat;
  ann.say(...Array.from({ length: 60 }, (_, index) => `line ${index + 1}`));
  await chat.paint();
  await type("/history 50\r");
  const [command, first] = (await screen(jack)).slice(0, 2);
  assertEquals([command, first.includes("<ann> line 11")], ["#lobby> /history 50", true]);
  ann.say("meanwhile");
  await chat.paint();
  assertEquals((await screen(jack)).slice(-2), ["<ann> meanwhile", MORE]);
  await type("q");
  assert(!(await screen(jack)).some((row) => row.includes("<ann> line 60")));
  for (let room = 0; room < 30; room++) ann.say(`/join room-${room}`);
  await chat.paint();
  await type("/rooms\r");
  assertEquals((await screen(jack)).at(-1), MORE);
});

Deno.test("An answer that fits is not paged, and neither is one for a program", async () => {
  const { chat, jack, ann, type } = await setUp();
  await using _chat = chat;
  await type("/who\r");
  assertEquals((await screen(jack)).slice(-2), ["* In #lobby: jack, ann", "#lobby>"]);
  ann.say("/help");
  const lines = await ann.read();
  assert(lines.length > 15 && !lines.join().includes("more"), lines.join("\n"));
  // Neither a tall window, nor one that is too low for pages.
  jack.terminal.resize(100, 60);
  await chat.paint();
  await type("/help\r");
  assertEquals((await jack.rows()).at(-1), "#lobby>");
  jack.terminal.resize(100, 4);
  await chat.paint();
  await type("/help\r");
  assertEquals((await jack.rows()).at(-1), "#lobby>");
});

Deno.test("A very long answer is shown whole instead of being kept", async () => {
  const { chat, jack, ann, type } = await setUp();
  await using _chat = chat;
  for (let line = 1; line <= 40; line++) ann.say(`${line} ${"x".repeat(3000)}`);
  await chat.paint();
  await chat.advance(5000);
  await type("/history 40\r");
  await chat.advance(5000);
  const rows = await jack.rows();
  assertEquals(rows.at(-1), "#lobby>");
  assert(rows.slice(-100).some((row) => row.endsWith("<ann> 40")));
});

Deno.test("Somebody who has had enough of an answer still gets what they were too slow for", async () => {
  const { chat, jack, ann, type } = await setUp();
  await using _chat = chat;
  for (let line = 1; line <= 60; line++) ann.say(`line ${line}`);
  await chat.paint();
  await chat.advance(5000);
  // The command is still reading when the first page is refused.
  const reading = Promise.withResolvers<void>();
  let pages = 0;
  chat.log.beforeReading = () => ++pages > 2 ? reading.promise : undefined;
  await type("/history 60\r");
  assertEquals((await screen(jack)).at(-1), MORE);
  await type("q");
  reading.resolve();
  await chat.paint();
  jack.pause();
  const texts = Array.from({ length: 120 }, (_, index) => `${index} ${"x".repeat(3500)}`);
  ann.say(...texts);
  await chat.paint();
  jack.resume();
  await chat.paint();
  ann.say("the end");
  await chat.advance(60_000);
  await chat.paint();
  const shown = [...jack.transcript.matchAll(/<ann> (\d+)\s+x/g)].map(([, number]) =>
    Number(number)
  );
  assertEquals(shown, Array.from(texts.keys()));
  assert(jack.transcript.includes("<ann> the end"));
});
