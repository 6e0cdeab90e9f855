/** Page Up and Page Down at a terminal. */

import { assert, assertEquals } from "@std/assert";
import { ChatRoom, settle, type TerminalGuest } from "../../../support/chat_room.ts";

const UP = "\x1b[5~";
const DOWN = "\x1b[6~";
const END = "\x1b[F";
const ROWS = 12;

/** The rows in the window as a reader sees them, with a mark at the cursor. */
async function windowOf(guest: TerminalGuest): Promise<string[]> {
  await settle();
  await guest.terminal.shown();
  const { screen } = guest.terminal;
  const rows = screen.lines.slice(-ROWS);
  const { row, column } = screen.cursor;
  const at = row - (screen.lines.length - rows.length);
  rows[at] = `${rows[at].padEnd(column).slice(0, column)}|${rows[at].slice(column)}`;
  while (rows.at(-1)?.trim() === "") rows.pop();
  return rows.map((row) => row.trimEnd());
}

/** jack at a terminal, in a room in which ann has said `lines` lines. */
async function scene(lines: number, types: readonly string[] = ["xterm"]) {
  const chat = new ChatRoom();
  const first = await chat.enter("jack");
  first.say("/set time off", "/quit");
  await settle();
  const ann = await chat.enter("ann");
  for (let line = 1; line <= lines; line++) ann.say(`line ${line}`);
  await settle();
  await chat.advance(lines * 250);
  await ann.read();
  const jack = await chat.enterTerminal("jack", { columns: 60, rows: ROWS, types });
  const press = async (...keys: string[]) => {
    jack.type(keys.join(""));
    await chat.advance(100);
    await chat.paint();
    return await windowOf(jack);
  };
  return { chat, ann, jack, press };
}

const said = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `<ann> line ${from + index}`);

/** The status without the day, which is today. */
const withoutDay = (row: string) => row.replace(/ \| [^|]*$/, "");

Deno.test("Page Up shows the past page by page, and what is being typed stays", async () => {
  const { chat, jack, press } = await scene(40);
  await using _chat = chat;
  const live = await windowOf(jack);
  jack.type("typed");
  // Half of the first page is on the screen already.
  const first = await press(UP);
  assertEquals(first.slice(0, 10), said(26, 35));
  assertEquals(first.slice(10).map(withoutDay), [
    " #lobby #29 to #38 of 44 | End: back",
    "#lobby> typed|",
  ]);
  const second = await press(UP);
  assertEquals(second.slice(0, 10), said(16, 25));
  assertEquals(withoutDay(second[10]), " #lobby #19 to #28 of 44 | End: back");
  assertEquals((await press(" and more", "\x1b[D")).at(-1), "#lobby> typed and mor|e");
  assertEquals((await press(DOWN)).slice(0, 10), said(26, 35));
  assertEquals((await press("\x1b[A")).slice(0, 10), said(23, 32));
  assertEquals((await press("\x1b[B")).slice(0, 10), said(26, 35));
  await press(UP);
  // The first page is full, and further presses change nothing.
  for (let times = 0; times < 3; times++) {
    await press(UP);
    if (times > 0) assertEquals((await windowOf(jack)).slice(0, 10), said(1, 10));
  }
  const after = await press(END, "\x05");
  assertEquals(after, [...live.slice(0, -1), "#lobby> typed and more|"]);
});

Deno.test("Lines that come while somebody looks back are counted, and shown on return", async () => {
  const { chat, ann, press, jack } = await scene(40);
  await using _chat = chat;
  await press(UP);
  ann.say("new 1", "new 2", "jack: new 3");
  await chat.advance(1000);
  await chat.paint();
  const page = await windowOf(jack);
  assertEquals(page.slice(0, 10), said(26, 35));
  assertEquals(withoutDay(page[10]), " #lobby #29 to #38 of 44 | 3 new lines | End: back");
  const live = await press(END);
  assertEquals(live.slice(-4), ["<ann> new 1", "<ann> new 2", "<ann> jack: new 3", "#lobby> |"]);
});

Deno.test("Page Down at the bottom, Escape, Ctrl-C and Enter return to what is live", async () => {
  const { chat, jack, press, ann } = await scene(40);
  await using _chat = chat;
  const live = await windowOf(jack);
  for (const key of [DOWN, "\x1b", "\x03"]) {
    await press(UP);
    assertEquals(await press(key), live, JSON.stringify(key));
  }
  jack.type("hello");
  await press(UP);
  await press("\r");
  assertEquals((await windowOf(jack)).slice(-2), ["<jack> hello", "#lobby> |"]);
  assertEquals((await ann.read()).at(-1), "<jack> hello");
});

Deno.test("A page is drawn again for a new window size", async () => {
  const { chat, jack, press } = await scene(40);
  await using _chat = chat;
  await press(UP);
  jack.terminal.resize(60, 8);
  await chat.advance(500);
  await chat.paint();
  await settle();
  const rows = jack.terminal.screen.lines.slice(-8).map((row) => row.trimEnd());
  assertEquals(rows.slice(0, 6), said(26, 31));
  await press("\x1b");
  assertEquals(jack.terminal.screen.lines.at(-1)!.trimEnd(), "#lobby>");
});

Deno.test("Looking back needs a room and a terminal that can move its cursor", async () => {
  const { chat, jack, press } = await scene(5, ["dumb"]);
  await using _chat = chat;
  jack.transcript = "";
  await press(UP);
  assert(jack.transcript.includes("\x07") && !jack.transcript.includes("line 1"), "dumb");
  const other = await chat.enterTerminal("other", { columns: 60, rows: ROWS });
  other.type("/leave\r");
  await chat.paint();
  other.transcript = "";
  other.type(UP);
  await chat.paint();
  assert(other.transcript.includes("\x07"), "no room");
});

Deno.test("A terminal with one screen shows the last lines of the room again on return", async () => {
  const { chat, jack, press } = await scene(40, ["vt100"]);
  await using _chat = chat;
  assertEquals((await press(UP)).slice(0, 10), said(26, 35));
  await press(END);
  assertEquals((await windowOf(jack)).slice(-3), [...said(39, 40), "#lobby> |"]);
  assert(!jack.transcript.includes("\x1b[?1049h"), "no second screen");
});

Deno.test("Leaving the server while looking back returns to the first screen", async () => {
  const { chat, ann, jack, press } = await scene(40);
  await using _chat = chat;
  await press(UP);
  jack.transcript = "";
  await press("\x15\x04");
  assert(jack.transcript.includes("\x1b[?1049l"), JSON.stringify(jack.transcript));
  assertEquals((await jack.rows()).at(-1), "* Goodbye.");
  assertEquals((await ann.read()).at(-1), "* jack left");
});

Deno.test("Nobody is disconnected for looking back, however long", async () => {
  const { chat, ann, jack, press } = await scene(40);
  await using _chat = chat;
  await press(UP);
  ann.say("news");
  await chat.advance(300_000);
  await press(END);
  assertEquals((await windowOf(jack)).slice(-2), ["<ann> news", "#lobby> |"]);
});

Deno.test("The past is shown without ignored people, and with days between its lines", async () => {
  const { chat, ann, jack, press } = await scene(3);
  await using _chat = chat;
  const bob = await chat.enter("bob");
  bob.say("not shown");
  await settle();
  chat.clock.tick(24 * 3_600_000);
  ann.say("next day");
  jack.type("/ignore bob\r");
  await chat.paint();
  const rows = await press(UP);
  assertEquals(rows.slice(0, 3), said(1, 3));
  assert(/^--- \w+day \d+ \w+ \d+ ---$/.test(rows[3]), rows[3]);
  assertEquals(rows[4], "<ann> next day");
});
