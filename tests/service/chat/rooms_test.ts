/** Moving between rooms: keys, `/go`, `/set focus` and `/set status`. */

import { assert, assertEquals } from "@std/assert";
import { ChatRoom, settle, type TerminalGuest } from "../../support/chat_room.ts";

const ESC = "\x1b";

/** The rows of the screen as a reader sees it, with a mark at the cursor. */
async function screenOf(guest: TerminalGuest): Promise<string[]> {
  const rows = await guest.rows();
  const { row, column } = guest.terminal.screen.cursor;
  rows[row] = `${(rows[row] ?? "").padEnd(column).slice(0, column)}|${
    rows[row]?.slice(column) ?? ""
  }`;
  return rows;
}

/** A chat in which jack, at a terminal, is in three rooms, and ann is in all of them. */
async function scene(...settings: string[]) {
  const chat = new ChatRoom();
  const first = await chat.enter("jack");
  first.say("/set time off", "/quit");
  await settle();
  const ann = await chat.enter("ann");
  const jack = await chat.enterTerminal("jack");
  ann.say("/join ops", "/join tea");
  jack.type("/join ops\r");
  await chat.paint();
  jack.type("/join tea\r");
  await chat.paint();
  for (const setting of settings) jack.type(`/set ${setting}\r`);
  await chat.paint();
  await ann.read();
  /** ann says something in a room. */
  const say = async (room: string, ...lines: string[]) => {
    ann.say(`/join ${room}`, ...lines);
    await chat.paint();
  };
  return { chat, jack, ann, say };
}

Deno.test("Alt and a number switch rooms, typed quickly or slowly, without leaving the line", async () => {
  const { chat, jack, ann } = await scene();
  await using _chat = chat;
  jack.type("some text");
  jack.type(`${ESC}2`);
  await chat.paint();
  assertEquals((await screenOf(jack)).at(-1), "#ops> some text|");
  jack.type(ESC);
  await chat.advance(5000);
  jack.type("1");
  await chat.paint();
  assertEquals((await screenOf(jack)).at(-1), "#lobby> some text|");
  jack.transcript = "";
  jack.type(`${ESC}4`);
  await chat.paint();
  assert(jack.transcript.includes("\x07"), "no bell");
  jack.type(`\r${ESC}3and this\r`);
  await chat.paint();
  assertEquals((await ann.read()).filter((line) => line.includes("<jack>")), [
    "#lobby <jack> some text",
    "<jack> and this",
  ]);
});

Deno.test("Alt-A switches to the room where somebody is mentioned, then to others with something unread", async () => {
  const { chat, jack, say } = await scene();
  await using _chat = chat;
  jack.type(`${ESC}1`);
  await chat.paint();
  await say("ops", "hello");
  await say("tea", "jack: tea?");
  const prompts: string[] = [];
  for (let press = 0; press < 3; press++) {
    jack.transcript = "";
    jack.type(`${ESC}a`);
    await chat.paint();
    prompts.push((await screenOf(jack)).at(-1)!);
  }
  assertEquals(prompts, ["#tea> |", "#ops> |", "#ops> |"]);
  assert(jack.transcript.includes("\x07"), "nothing is left");
});

Deno.test("/go switches rooms by number and name, and to what is unread, for people at nc", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  await jack.ask("/go", "! Nothing is unread in your other rooms.");
  jack.say("/join ops");
  ann.say("hello");
  await jack.read();
  await jack.ask("/go 1", "* You are now talking in #lobby.");
  await jack.ask("/go OPS", "* You are now talking in #ops.");
  await jack.ask("/go 3", "! Your rooms are 1 #lobby, 2 #ops.");
  ann.say("again");
  await jack.expect("#lobby <ann> again");
  await jack.ask("/go", "* You are now talking in #lobby.");
  jack.say("/leave ops", "/leave");
  await jack.read();
  await jack.ask("/go 1", "! You are not in any room. Join one with /join ROOM.");
});

Deno.test("/set focus on shows the current room alone, and the others from where one left off", async () => {
  const { chat, jack, say } = await scene("focus on");
  await using _chat = chat;
  jack.type(`${ESC}1`);
  await chat.paint();
  await say("tea", "not shown yet", "nor this");
  await say("lobby", "shown");
  jack.type("text");
  await chat.paint();
  assertEquals(await screenOf(jack), [
    "--- #lobby ---",
    "<ann> shown",
    "#lobby> text|",
  ]);
  jack.type(`${ESC}3`);
  await chat.paint();
  assertEquals(await screenOf(jack), [
    "--- #tea ---",
    "--- new since you were here ---",
    "<ann> not shown yet",
    "<ann> nor this",
    "#tea> text|",
  ]);
  await say("tea", "live");
  jack.type(`${ESC}1`);
  await chat.paint();
  jack.type(`${ESC}3`);
  await chat.paint();
  assertEquals(await screenOf(jack), [
    "--- #tea ---",
    "<ann> not shown yet",
    "<ann> nor this",
    "<ann> live",
    "#tea> text|",
  ]);
});

Deno.test("/set focus on works at nc, rings the bell for hidden rooms, and shows private messages", async () => {
  await using chat = new ChatRoom();
  const [jack, ann, bob] = await chat.enterAll("jack", "ann", "bob");
  jack.say("/join ops", "/set focus on", "/set bell mention");
  bob.say("/join ops");
  await jack.read();
  ann.say("hello", "/topic biscuits", "jack?", "/msg jack psst");
  await settle();
  assertEquals(jack.transcript.split("\x07").length - 1, 1);
  await chat.advance(1000);
  assertEquals((await jack.read()).map((line) => line.replaceAll("\x07", "")), [
    "ann -> you: psst",
  ]);
  jack.say("/go");
  assertEquals(await jack.read(), [
    "--- #lobby ---",
    "* Topic of #lobby: biscuits",
    "<ann> hello",
    "* ann set the topic: biscuits",
    "<ann> jack?",
    "* You are now talking in #lobby.",
  ]);
  jack.say("/leave");
  assertEquals(await jack.read(), [
    "--- #ops ---",
    "* You left #lobby. You are now talking in #ops.",
  ]);
});

Deno.test("Leaving the server with /set focus on shows no other room", async () => {
  const { chat, jack } = await scene("focus on");
  await using _chat = chat;
  jack.transcript = "";
  jack.type("/quit\r");
  await chat.paint();
  assert(!jack.transcript.includes("#ops"), jack.transcript);
});

Deno.test("/set status on shows the room, its people, away, and what is unread elsewhere", async () => {
  const { chat, jack, say } = await scene("status on");
  await using _chat = chat;
  const status = async () => {
    await chat.advance(250);
    await chat.paint();
    return (await screenOf(jack)).slice(-2);
  };
  assertEquals(await status(), [" 3 #tea, 2 people", "#tea> |"]);
  await say("ops", "one", "two");
  await say("lobby", "jack: three", "/me waves");
  assertEquals(await status(), [
    " 3 #tea, 2 people | unread: 1 #lobby (2!), 2 #ops (2)",
    "#tea> |",
  ]);
  jack.type("/away lunch\r");
  await chat.paint();
  jack.type(`${ESC}1`);
  await chat.paint();
  jack.type("typed");
  assertEquals(await status(), [
    " 1 #lobby, 2 people | away | unread: 2 #ops (2)",
    "#lobby> typed|",
  ]);
  jack.type("\x15/set status off\r");
  await chat.paint();
  assertEquals((await screenOf(jack)).slice(-2), [
    "* status is off (a status line above the line you type: on or off)",
    "#lobby> |",
  ]);
});

Deno.test("The status follows counts at most four times a second, and stays away from the farewell", async () => {
  const { chat, jack, ann } = await scene("status on", "focus on");
  await using _chat = chat;
  await chat.advance(1000);
  await chat.paint();
  jack.transcript = "";
  ann.say("/join ops");
  for (let line = 0; line < 20; line++) {
    ann.say("hello");
    await chat.advance(20);
  }
  await chat.advance(1000);
  const changes = jack.transcript.split("unread").length - 1;
  assert(changes >= 2 && changes <= 5, `${changes} changes`);
  jack.type("/quit\r");
  await chat.paint();
  assertEquals((await jack.rows()).at(-1), "* Goodbye.");
  assertEquals((await jack.rows()).filter((row) => row.includes("unread")), []);
});

Deno.test("/set status on is refused with a sentence where there is no cursor to move", async () => {
  await using chat = new ChatRoom();
  const nc = await chat.enter("jack");
  const refusal = "A status line needs a terminal that can move its cursor, with telnet or ssh.";
  await nc.ask("/set status on", `! ${refusal}`);
  await nc.ask(
    "/set status off",
    "* status is off (a status line above the line you type: on or off)",
  );
  const dumb = await chat.enterTerminal("dumb", { types: ["dumb"] });
  dumb.type("/set status on\r");
  await chat.paint();
  assert((await dumb.rows()).join(" ").includes(`! ${refusal}`));
});
