// deno-lint-ignore-file no-control-regex -- that is what terminals are told

import { assert, assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { ChatRoom, settle, type TerminalGuest } from "../../support/chat_room.ts";
import { draftOf } from "../../support/room_events.ts";

const DAY_MS = 24 * 3600 * 1000;

/** The last rows of the screen, with `|` for the cursor. */
async function lastRows(guest: TerminalGuest, count: number): Promise<string[]> {
  const rows = await guest.rows();
  const { row, column } = guest.terminal.screen.cursor;
  rows[row] = `${(rows[row] ?? "").padEnd(column).slice(0, column)}|${
    rows[row]?.slice(column) ?? ""
  }`;
  return rows.slice(-count);
}

/** The time of day as shown. */
function localTime(chat: ChatRoom): string {
  const date = new Date(chat.clock.now());
  return [date.getHours(), date.getMinutes()]
    .map((number) => String(number).padStart(2, "0")).join(":");
}

/** Settings that make the screen independent of the time of day. */
async function timeless(chat: ChatRoom, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const guest = await chat.enter(name);
    guest.say("/set time off", "/quit");
    await settle();
  }
}

Deno.test("Chat asks for a name, and shows the room in the prompt", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.connectTerminal();
  assertEquals(await jack.rows(), ["* Welcome to Partyline. What is your name?", "name>"]);
  jack.type("jack\r");
  await chat.paint();
  assertEquals(await lastRows(jack, 4), [
    "name> jack",
    "* You are jack. /help lists the commands.",
    "* You are in #lobby. Nobody else is here yet.",
    "#lobby> |",
  ]);
  jack.type("/join tea\r");
  await chat.paint();
  assertEquals(await lastRows(jack, 1), ["#tea> |"]);
  jack.type(`/join ${"long-".repeat(12)}room\r`);
  await chat.paint();
  assertEquals(await lastRows(jack, 1), ["#long-long-long-lo...> |"]);
  for (let room = 0; room < 3; room++) jack.type("/leave\r");
  await chat.paint();
  assertEquals(await lastRows(jack, 1), ["> |"]);
});

Deno.test("Chat shows people their own messages as events, and their commands as typed", async () => {
  await using chat = new ChatRoom();
  await timeless(chat, "jack");
  const jack = await chat.enterTerminal("jack");
  const ann = await chat.enter("ann");
  jack.type("hello\r/me waves\r//shrug\r");
  await chat.paint();
  jack.type("/topic tea\r");
  await chat.paint();
  assertEquals(await lastRows(jack, 7), [
    "* ann joined",
    "<jack> hello",
    "* jack waves",
    "<jack> /shrug",
    "#lobby> /topic tea",
    "* jack set the topic: tea",
    "#lobby> |",
  ]);
  await ann.expect("<jack> hello", "* jack waves", "<jack> /shrug", "* jack set the topic: tea");
});

Deno.test("Chat leaves typed lines on the screen with /set echo off", async () => {
  await using chat = new ChatRoom();
  await timeless(chat, "jack");
  const jack = await chat.enterTerminal("jack");
  jack.type("/set echo off\r");
  await chat.paint();
  jack.type("hello\r");
  await chat.paint();
  assertEquals(await lastRows(jack, 2), ["#lobby> hello", "#lobby> |"]);
});

Deno.test("Chat shows times, colours and wrapped lines on a terminal, and plain lines to nc", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enterTerminal("jack", { columns: 40 });
  const ann = await chat.enter("ann");
  ann.say("the quick brown fox jumps over the lazy dog and goes home");
  await chat.paint();
  const time = localTime(chat);
  assertEquals(await lastRows(jack, 5), [
    `${time} * ann joined`,
    `${time} <ann> the quick brown fox jumps`,
    "            over the lazy dog and goes",
    "            home",
    "#lobby> |",
  ]);
  const line = /\x1b\[2m\d\d:\d\d\x1b\[0m <\x1b\[3[1-6]mann\x1b\[0m> the quick/;
  assert(line.test(jack.transcript), JSON.stringify(jack.transcript));
  jack.say("hello");
  await settle();
  assertNotMatch(ann.transcript, /\x1b/);
});

Deno.test("Chat shows no colours on terminals without colours, or with /set colour off", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  const jack = await chat.enterTerminal("jack");
  jack.type("/set colour off\r");
  await chat.paint();
  jack.transcript = "";
  const others = [
    await chat.enterTerminal("old", { types: ["vt100"] }),
    await chat.enterTerminal("dumb", { types: ["dumb"] }),
    await chat.enterTerminal("unknown", { types: [] }),
  ];
  ann.say("hello", "/topic tea");
  await chat.paint();
  for (const guest of [jack, ...others]) {
    assertStringIncludes(guest.transcript, "<ann> hello");
    assertNotMatch(guest.transcript, /\x1b\[[0-9]*m/);
  }
});

Deno.test("Chat wraps at the current width of the window unless /set width is set", async () => {
  await using chat = new ChatRoom();
  await timeless(chat, "jack");
  const jack = await chat.enterTerminal("jack", { columns: 100 });
  const ann = await chat.enter("ann");
  const words = "word ".repeat(12).trim();
  ann.say(words);
  await chat.paint();
  assertEquals(await lastRows(jack, 2), [`<ann> ${words}`, "#lobby> |"]);
  jack.terminal.resize(40, 24);
  ann.say(words);
  await chat.paint();
  assertEquals(await lastRows(jack, 3), [
    "<ann> word word word word word word word",
    "      word word word word word",
    "#lobby> |",
  ]);
  jack.type("/set width 20\r");
  await chat.paint();
  ann.say("word word word word");
  await chat.paint();
  assertEquals(await lastRows(jack, 3), ["<ann> word word word", "      word", "#lobby> |"]);
});

Deno.test("Chat keeps the settings of a name for every door, and over a restart", async () => {
  const first = new ChatRoom();
  const jack = await first.enter("jack");
  jack.say("/set time on", "/set width 100", "/set bell on", "/set colour off", "/set bell auto");
  await settle();
  await first[Symbol.asyncDispose]();
  const { log, state, clock } = first;
  await using chat = new ChatRoom({ log, state, clock });
  const again = await chat.enter("JACK");
  await again.ask("/set time", "* time is on (the time before each line: on or off)");
  await again.ask(
    "/set bell",
    "* bell is off (ring the bell at: mention, all or off)",
  );
  await again.ask("/quit", "* Goodbye.");
  const guest = await chat.enterTerminal("jack");
  guest.type("/set width\r");
  await chat.paint();
  guest.type("/set colour\r");
  await chat.paint();
  const rows = (await guest.rows()).filter((row) => /^\* (width|colour) is /.test(row));
  assertEquals(rows, [
    "* width is 100 (the column to wrap lines at: 20 to 500, or off)",
    "* colour is off (names in colour: on or off)",
  ]);
  // Other people have settings of their own.
  const ann = await chat.enter("ann");
  await ann.ask("/set time", "* time is off (the time before each line: on or off)");
});

Deno.test("Chat reports that a setting cannot be saved, and applies it anyway", async () => {
  await using chat = new ChatRoom();
  const [jack] = await chat.enterAll("jack");
  chat.state.update = () => Promise.reject(new Error("database or disk is full"));
  await jack.ask(
    "/set time on",
    "! This is set for now, but could not be saved for your next visit.",
    "* time is on (the time before each line: on or off)",
  );
  // People can still come and go.
  const ann = await chat.enterTerminal("ann");
  ann.type("/quit\r");
  await chat.paint();
  assertStringIncludes((await ann.rows()).join("\n"), "* Goodbye.");
});

Deno.test("Chat leaves out malformed settings that were stored", async () => {
  for (
    const kept of ["nonsense", "{}", "[]", '{"settings":[["time",7],["width","9"]],"marks":7}']
  ) {
    await using chat = new ChatRoom();
    await chat.state.update("chat", "person jack", () => ({ value: kept, result: undefined }));
    const jack = await chat.enter("jack");
    await jack.ask("/set time", "* time is off (the time before each line: on or off)");
    await jack.ask("/set time on", "* time is on (the time before each line: on or off)");
  }
});

/** A screen without times, which depend on the machine's time zone. */
function withoutTimes(rows: readonly string[]): string[] {
  return rows.map((row) => row.replace(/^\d\d:\d\d /, ""));
}

Deno.test("Chat marks the first message since the last visit, and the beginning of days", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enterTerminal("jack");
  const ann = await chat.enter("ann");
  ann.say("seen");
  await chat.paint();
  await jack.leave();
  ann.say("not seen");
  await settle();
  await chat.clock.advance(DAY_MS);
  ann.say("nor this");
  await settle();
  const again = await chat.enterTerminal("jack");
  assertEquals(withoutTimes(await again.rows()), [
    "* Welcome to Partyline. What is your name?",
    "name> jack",
    "* You are jack. /help lists the commands.",
    "--- Saturday 21 November 2026 ---",
    "<ann> seen",
    "--- new since you were here ---",
    "<ann> not seen",
    "--- Sunday 22 November 2026 ---",
    "<ann> nor this",
    "* You are in #lobby with ann.",
    "#lobby>",
  ]);
  await chat.clock.advance(DAY_MS);
  ann.say("a day later");
  await chat.paint();
  assertEquals(withoutTimes(await lastRows(again, 3)), [
    "--- Monday 23 November 2026 ---",
    "<ann> a day later",
    "#lobby> |",
  ]);
});

Deno.test("A reaction that is not shown does not take a day's separator with it", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  ann.say("yesterday");
  await settle();
  const jack = await chat.enterTerminal("jack");
  await chat.clock.advance(DAY_MS);
  bob.say("/react #3 +1");
  await settle();
  ann.say("today");
  await chat.paint();
  assertEquals(withoutTimes(await lastRows(jack, 3)), [
    "--- Sunday 22 November 2026 ---",
    "<ann> today",
    "#lobby> |",
  ]);
});

Deno.test("Chat puts a day's separator before the first event of it that is shown", async () => {
  await using chat = new ChatRoom();
  const [ann, pest] = await chat.enterAll("ann", "pest");
  ann.say("yesterday");
  await settle();
  await chat.clock.advance(DAY_MS);
  // The first event of the day is the person's own join, which is hidden.
  const jack = await chat.enterTerminal("jack");
  ann.say("today");
  await chat.paint();
  assertEquals(withoutTimes(await lastRows(jack, 6)), [
    "--- Saturday 21 November 2026 ---",
    "<ann> yesterday",
    "* You are in #lobby with ann, pest.",
    "--- Sunday 22 November 2026 ---",
    "<ann> today",
    "#lobby> |",
  ]);
  jack.type("/ignore pest\r");
  await chat.clock.advance(DAY_MS);
  pest.say("early");
  await settle();
  ann.say("late");
  await chat.paint();
  assertEquals(withoutTimes(await lastRows(jack, 3)), [
    "--- Monday 23 November 2026 ---",
    "<ann> late",
    "#lobby> |",
  ]);
});

Deno.test("Chat shows no mark if nothing is new, and none to programs", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  ann.say("hello");
  await settle();
  for (let visit = 0; visit < 2; visit++) {
    const jack = await chat.enterTerminal("jack");
    assert(!(await jack.rows()).some((row) => row.includes("new since")));
    await jack.leave();
  }
  ann.say("news");
  await settle();
  const jack = chat.connect();
  jack.say("jack");
  await jack.expect(
    "* Welcome to Partyline. What is your name?",
    "* You are jack. /help lists the commands.",
    "<ann> hello",
    "<ann> news",
    "* You are in #lobby with ann.",
  );
});

Deno.test("Chat remembers how far a room was read when somebody leaves and rejoins it", async () => {
  await using chat = new ChatRoom();
  await timeless(chat, "jack");
  const jack = await chat.enterTerminal("jack");
  const ann = await chat.enter("ann");
  ann.say("seen");
  await chat.paint();
  jack.type("/leave\r");
  await chat.paint();
  ann.say("missed");
  await settle();
  jack.type("/join lobby\r");
  await chat.paint();
  assertEquals((await lastRows(jack, 6)).slice(1), [
    "<ann> seen",
    "--- new since you were here ---",
    "<ann> missed",
    "* You are in #lobby with ann.",
    "#lobby> |",
  ]);
});

Deno.test("Chat writes plain text with /set reader on, and leaves line editing to the client", async () => {
  await using chat = new ChatRoom();
  await timeless(chat, "jack");
  const jack = await chat.enterTerminal("jack");
  const ann = await chat.enter("ann");
  jack.type("/set reader on\r");
  await chat.paint();
  assert(!jack.session.terminal.isEditing);
  assert(!jack.terminal.isInCharacterMode);
  jack.terminal.received = jack.terminal.text = "";
  ann.say("hello there", "/me waves", "/topic tea", "/msg jack psst", "/join tea", "hi", "/leave");
  await chat.paint();
  jack.type("/nonsense\r/msg ann yes?\r/set time on\r");
  await chat.paint();
  ann.say("later");
  await chat.paint();
  assertEquals(jack.terminal.text.split("\r\n"), [
    "ann: hello there",
    "ann waves",
    "ann set the topic: tea",
    "ann, privately: psst",
    "Error: There is no command /nonsense. /help lists them. Start with // to say a line " +
    "beginning with /.",
    "To ann, privately: yes?",
    "time is on (the time before each line: on or off)",
    `ann: later, ${localTime(chat)}`,
    "",
  ]);
  await jack.leave();
  ann.say("and now");
  await chat.clock.advance(DAY_MS);
  const again = await chat.enterTerminal("jack");
  assert(!again.session.terminal.isEditing);
  const lines = again.terminal.text.split("\r\n");
  assertStringIncludes(lines.join("\n"), "\nnew since you were here:\nann: and now, ");
  assertStringIncludes(lines.join("\n"), "\nSaturday 21 November 2026\nann: hello there, ");
  again.type("/set reader off\r");
  await chat.paint();
  assert(again.session.terminal.isEditing);
  assertEquals(await lastRows(again, 1), ["#lobby> |"]);
});

Deno.test("Chat writes plain text to clients that identify as screen readers", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enterTerminal("jack", { types: ["VIPMUD", "XTERM", "MTTS 77"] });
  const ann = await chat.enter("ann");
  ann.say("hello");
  await settle();
  assert(jack.terminal.text.endsWith("ann joined\r\nann: hello\r\n"), jack.terminal.text);
  assertNotMatch(jack.terminal.text, /\x1b/);
});

Deno.test("Chat completes commands, rooms, names, numbers and settings", async () => {
  await using chat = new ChatRoom();
  await timeless(chat, "jack");
  const jack = await chat.enterTerminal("jack");
  const [ann, anton] = await chat.enterAll("ann", "Anton");
  anton.say("/join tea-room");
  ann.say("one", "two");
  await settle();
  const seqs = (await chat.log.read("lobby", 0, 100)).filter(({ kind }) => kind === "message")
    .map(({ seq }) => seq);
  const complete = async (typed: string) => {
    jack.type(`\x15${typed}\t`);
    await chat.paint();
    return (await lastRows(jack, 1))[0].slice("#lobby> ".length);
  };
  assertEquals(await complete("/jo"), "/join |");
  assertEquals(await complete("/help hi"), "/help history |");
  assertEquals(await complete("/join te"), "/join tea-room |");
  assertEquals(await complete("see #te"), "see #tea-room |");
  assertEquals(await complete("/leave #lo"), "/leave #lobby |");
  assertEquals(await complete("/leave te"), "/leave te|");
  assertEquals(await complete("AN"), "AN|");
  assertEquals(await complete("ant"), "Anton: |");
  assertEquals(await complete("well ant"), "well Anton |");
  assertEquals(await complete("/msg ANT"), "/msg Anton |");
  assertEquals(await complete("/msg ann so ant"), "/msg ann so Anton |");
  assertEquals(await complete("/set col"), "/set colour |");
  assertEquals(await complete("/set time o"), "/set time o|");
  assertEquals(await complete("/set width o"), "/set width off |");
  assertEquals(await complete(`/quote #${seqs[1]}`), `/quote #${seqs[1]} |`);
  assertEquals(await complete("/search tea in:te"), "/search tea in:tea-room |");
  assertEquals(await complete("/search -from:ant"), "/search -from:Anton |");
  assertEquals(await complete(""), "|");
  assertEquals(await complete("//j"), "//j|");
  assertEquals(await complete("no one is called this"), "no one is called this|");
  jack.type("\x15/quote \t\t");
  await chat.paint();
  assertEquals(await lastRows(jack, 3), [
    `#${seqs[1]} <ann> two`,
    `#${seqs[0]} <ann> one`,
    "#lobby> /quote #|",
  ]);
});

Deno.test("Chat sends pasted text as messages or one block, and runs no command in it", async () => {
  await using chat = new ChatRoom();
  await timeless(chat, "jack");
  const jack = await chat.enterTerminal("jack", { columns: 60 });
  const ann = await chat.enter("ann");
  const pasted = "\x1b[200~/quit now\r  two\x03\rthree\r\x1b[201~";
  jack.type(pasted);
  await chat.paint();
  assertEquals(await lastRows(jack, 1), [
    "Send 3 lines? Enter: as one, l: line by line, Esc: cancel |",
  ]);
  jack.type("l");
  await chat.paint();
  const lines = ["<jack> /quit now", "<jack>   two^C", "<jack> three"];
  await ann.expect(...lines);
  jack.type(pasted);
  await chat.paint();
  jack.type("\r");
  await chat.paint();
  assert(!(await jack.rows()).join("\n").includes("#lobby> /quit"));
  await ann.expect(...lines);
  assertEquals(await lastRows(jack, 4), [
    "<jack> /quit now",
    "         two^C",
    "       three",
    "#lobby> |",
  ]);
  const last = (await chat.log.room("lobby"))!.lastSeq;
  const [event] = await chat.log.read("lobby", last - 1, 1);
  assertEquals(event.body, "/quit now\n  two\x03\nthree");
  ann.say(`/quote #${event.seq}`);
  await chat.paint();
  assertStringIncludes(
    (await jack.rows()).join("\n"),
    `> #${event.seq} <jack> /quit now\n      >   two^C\n      > three`,
  );
});

Deno.test("Chat indents the lines of a block in a window, and shows a limited number", async () => {
  // Earlier versions had line separators between the lines.
  for (const separator of ["\n", "\u2028"]) {
    await using chat = new ChatRoom();
    const ann = await chat.enter("ann");
    const body = ["one", "<jack> two", "* three", ...Array(100).fill("more")].join(separator);
    await chat.log.append([draftOf("tea", body, { kind: "message", from: "mal" })]);
    ann.say("/set width 60");
    await ann.read();
    ann.say("/join tea");
    const lines = (await ann.read()).filter((line) => !line.startsWith("* "));
    assertEquals(lines[0], "<mal> one");
    assert(lines.slice(1).every((line) => line.startsWith("      ")));
    assertEquals([lines.length, lines.at(-1)], [
      60,
      "      … 44 more lines: /history 1 around #1",
    ]);
    ann.say("/set width off");
    await ann.read();
    ann.say("/history 1 around #1");
    const whole = await ann.read();
    assertEquals(whole.length, 103);
    assert(whole.every((line) => line.startsWith("#1 2026-11-21 06:30 <mal> ")));
  }
});

Deno.test("Chat breaks the line being typed at Alt-Enter, and sends its lines as one", async () => {
  await using chat = new ChatRoom();
  await timeless(chat, "jack");
  const jack = await chat.enterTerminal("jack", { columns: 60 });
  const ann = await chat.enter("ann");
  jack.type("one\x1b\r\x1b\rthree");
  await chat.paint();
  assertEquals(await lastRows(jack, 3), ["#lobby> one", "", "three|"]);
  jack.type("\x1b[Dr\r");
  await chat.paint();
  await ann.expect("<jack> one", "<jack> ", "<jack> threre");
  assertEquals(await lastRows(jack, 4), ["<jack> one", "", "       threre", "#lobby> |"]);
  jack.type("/me waves\x1b\rtwice\r/msg ann one\x1b\r/quit\r");
  await chat.paint();
  await ann.expect("* jack waves", "* jack twice", "jack -> you: one", "jack -> you: /quit");
  jack.type("/topic a\x1b\rb\r");
  await chat.paint();
  assertEquals(await lastRows(jack, 3), [
    "! This command takes one line.",
    "#lobby> /topic a",
    "b|",
  ]);
});

Deno.test("Chat records typed bytes that are not valid UTF-8, as it does for lines", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enterTerminal("jack");
  const ann = await chat.enter("ann");
  jack.sendBytes(Uint8Array.of(0x61, 0xfe, 0x62, 0x0d, 0x00));
  await chat.paint();
  await ann.expect(
    "<jack> a\ufffdb",
    "* gap: 1 place in jack's last line was not UTF-8 and is shown as \ufffd",
  );
});

Deno.test("Chat says how to leave at the first Ctrl-C, and ends the session at the second", async () => {
  await using chat = new ChatRoom();
  const [ann] = await chat.enterAll("ann");
  for (const keys of [["\x03", "\x03"], ["typed\x03\x03", "\x03"], ["\x04"]]) {
    const jack = await chat.enterTerminal("jack");
    ann.forget();
    for (const key of keys) {
      assert(!jack.session.isEnded);
      jack.type(key);
      await chat.paint();
    }
    const rows = (await jack.rows()).slice(-2);
    const hint = "* Press Ctrl-C again to leave, or type /quit.";
    assertEquals(rows, keys.length === 1 ? [rows[0], "* Goodbye."] : [hint, "* Goodbye."]);
    await ann.expect("* jack left");
    await jack.leave();
  }
});

Deno.test("Chat lets no control characters reach a terminal, not even a person's own", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enterTerminal("jack");
  const mal = await chat.enter("mal");
  const attacks = ["\x1b]0;title\x07", "\x1b[5n", "\x9b5n", "\x1bc", "\u202eabc", "\x0e\x0f"];
  for (const attack of attacks) mal.say(attack, `/me ${attack}`, `/topic ${attack}`);
  for (const attack of attacks) {
    jack.type(`\x1b[200~pasted ${attack}\x1b[201~`);
    await chat.paint();
    jack.type("\r");
    await chat.paint();
  }
  jack.type("\x1b[200~a\rb\x1b]0;x\x07\x1b[201~b/quote #\t\t\x12title");
  await chat.paint();
  // Our own sequences: moving, erasing, styles, terminal queries, bracketed paste.
  const rest = jack.terminal.plainText.replace(
    /\x1b\[(\d*[ABCDJ]|[012]m|3[1-6]m|>c|\?2004[hl])/g,
    "",
  )
    .replaceAll(/[\r\n\b\x07]|\ufffd/g, "");
  assertEquals(/.{9}[\x00-\x1f\x7f-\x9f\u202e].*/.exec(rest)?.[0], undefined);
  assertStringIncludes(rest, "pasted ^[]0;title^G");
});
