/** Log lines as people in the room see them. */

import { STRANGER } from "../../../lib/domain/asker.ts";
import type { Draft } from "../../../lib/domain/room_event.ts";
import { assert, assertEquals } from "@std/assert";
import { ChatRoom, type Guest } from "../../support/chat_room.ts";

/** Writes lines of a source into a room, and waits until they are shown. */
async function pour(
  chat: ChatRoom,
  bodies: readonly string[],
  { from = "web1/nginx", room = "lobby" } = {},
): Promise<void> {
  const toDraft = (body: string): Draft => ({
    room,
    kind: "log",
    from,
    body,
    via: "syslog",
    origin: 7,
  });
  chat.registry.record(STRANGER, room, bodies.map(toDraft));
  await chat.registry.settled();
  await chat.advance(1000);
}

function linesOf(count: number): string[] {
  return Array.from({ length: count }, (_, number) => `line ${number + 1}`);
}

Deno.test("Log lines are shown with their source, and with their room if it is not the current one", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  bob.say("/join other");
  await bob.read();
  await pour(chat, ["upstream timed out", "\x1b[2J evil\nlines"]);
  await ann.expect("web1/nginx| upstream timed out", "web1/nginx| ^[[2J evil^Jlines");
  await bob.expect(
    "#lobby web1/nginx| upstream timed out",
    "#lobby web1/nginx| ^[[2J evil^Jlines",
  );
});

Deno.test("Log lines are shown, wrapped, quoted and listed without colours and progress", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  bob.say("/set width 40");
  await bob.read();
  // Fits in a line; with the sequences it would not.
  const coloured = [..."ERROR"].map((letter) => `\x1b[31m${letter}\x1b[0m`).join("");
  await pour(chat, [`${coloured}: the disk is full`, " 9 %\r\x1b[K100 %\r", "\x1b[1m"]);
  const lines = ["ERROR: the disk is full", "100 %", ""].map((text) => `web1/nginx| ${text}`);
  await ann.expect(...lines);
  await bob.expect(...lines);
  await ann.ask("/quote #3", "* You quoted #3 web1/nginx| ERROR: the disk is full");
  await bob.expect("<ann> > #3 web1/nginx| ERROR: the disk", "      is full");
  const [event] = await chat.log.read("lobby", 2, 1);
  assertEquals(event.body, `${coloured}: the disk is full`);
});

Deno.test("A flood of log lines is shown as its first lines and one more, and all can be listed and quoted", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  await pour(chat, linesOf(1204));
  const first = ["web1/nginx| line 1", "web1/nginx| line 2", "web1/nginx| line 3"];
  await ann.expect(...first, "web1/nginx| ... 1,201 lines, #6-#1206");
  await bob.expect(...first, "web1/nginx| ... 1,201 lines, #6-#1206");
  await ann.ask("/quote #500", "* You quoted #500 web1/nginx| line 498");
  await bob.expect("<ann> > #500 web1/nginx| line 498");
  ann.say("/history 2 before #1207");
  assertEquals((await ann.read()).map((line) => line.replace(/ \d{4}-.{11}/, "")), [
    "#1205 web1/nginx| line 1203",
    "#1206 web1/nginx| line 1204",
  ]);
});

Deno.test("/ignore hides a source with its floods and gaps; again shows it", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  await ann.ask(
    "/ignore web1/nginx",
    "* You are ignoring web1/nginx. /ignore web1/nginx again shows their messages.",
  );
  await pour(chat, ["one"]);
  await pour(chat, linesOf(100));
  await pour(chat, ["two"], { from: "web2/nginx" });
  chat.registry.recordLoss({
    room: "lobby",
    source: "web1/nginx",
    reason: "cut",
    lines: 1,
    bytes: 5,
  });
  await ann.expect("web2/nginx| two");
  await bob.expect(
    "web1/nginx| one",
    "web1/nginx| line 1",
    "web1/nginx| line 2",
    "web1/nginx| line 3",
    "web1/nginx| ... 97 lines, #7-#103",
    "web2/nginx| two",
    "* gap: 1 line from web1/nginx was too long: 5 bytes were cut off",
  );
  await ann.ask("/ignore WEB1/nginx", "* You are no longer ignoring WEB1/nginx.");
  await ann.ask(
    "/ignore 127.0.0.1:5001",
    "* You are ignoring 127.0.0.1:5001. /ignore 127.0.0.1:5001 again shows their messages.",
  );
  await ann.ask("/ignore a/b c", "! Names may contain only letters, digits, _ - and .");
  await pour(chat, ["three"]);
  await ann.expect("web1/nginx| three");
});

/** Counts the lines shown of a source, including those in folds. */
function countLines(guest: Guest, source: string): number {
  let lines = 0;
  for (const line of guest.transcript.split("\r\n")) {
    if (!line.startsWith(`${source}| `)) continue;
    const folded = /\| \.\.\. ([\d,]+) lines, #/.exec(line);
    lines += folded ? Number(folded[1].replaceAll(",", "")) : 1;
  }
  return lines;
}

Deno.test("Members can talk during a flood of 100,000 lines, and every line is accounted for", async () => {
  await using chat = new ChatRoom({ outboxBytes: 16 * 1024 });
  const [ann, bob, slow] = await chat.enterAll("ann", "bob", "slow");
  slow.pause();
  for (let second = 1; second <= 20; second++) {
    await pour(chat, linesOf(5000), { from: "make" });
    await pour(chat, linesOf(10), { from: "cron" });
    ann.say(`second ${second} ${"x".repeat(1000)}`);
    await bob.read();
  }
  assertEquals(bob.transcript.match(/<ann> second/g)?.length, 20);
  assert(bob.transcript.split("make|").length < 100);
  for (const guest of [ann, bob]) {
    assertEquals([countLines(guest, "make"), countLines(guest, "cron")], [100_000, 200]);
  }
  slow.resume();
  for (let turn = 0; turn < 1000 && countLines(slow, "make") < 100_000; turn++) await slow.read();
  assertEquals([countLines(slow, "make"), countLines(slow, "cron")], [100_000, 200]);
  assertEquals(slow.transcript.match(/<ann> second/g)?.length, 20);
  assert(slow.transcript.split("make|").length < 200);
});
