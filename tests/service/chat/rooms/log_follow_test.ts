/** `/log`: following a log through a filter. */

import { assertEquals, assertMatch } from "@std/assert";
import { STRANGER } from "../../../../lib/domain/asker.ts";
import type { Draft } from "../../../../lib/domain/room_event.ts";
import { ChatRoom } from "../../../support/chat_room.ts";

/** Writes lines into #db, `err ...` of level err. */
async function record(chat: ChatRoom, bodies: readonly string[], from = "db1/postgres") {
  const toDraft = (body: string): Draft => ({
    room: "db",
    kind: "log",
    from,
    body,
    fields: { level: body.startsWith("err") ? "err" : "info" },
  });
  chat.registry.record(STRANGER, "db", bodies.map(toDraft));
  await chat.registry.settled();
}

/** The same, and waits until they are shown. */
async function pour(chat: ChatRoom, bodies: readonly string[], from?: string) {
  await record(chat, bodies, from);
  await chat.advance(3000);
}

function bodiesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index % 10 === 0 ? "err" : "ok"} ${index}`);
}

Deno.test("/log shows what a filter lets through of a room, the last lines first, and counts the rest", async () => {
  await using chat = new ChatRoom();
  const [ann] = await chat.enterAll("ann");
  await pour(chat, ["err old", "ok old"]);
  ann.say("/log db level=warn source=postgres");
  await ann.expect(
    "* You are following #db (level=warn source=postgres). /log off ends it.",
    "#db db1/postgres| err old",
  );
  await pour(chat, ["ok 1", "err 2", "ok 3"]);
  await pour(chat, ["err 4"], "web1/nginx");
  await ann.expect("#db db1/postgres| err 2");
  await ann.ask(
    "/log",
    "* You are following #db (level=warn source=postgres): 1 line passed, 3 filtered out. /log off ends it.",
  );
  await ann.ask("/log off", "* You are no longer following #db: 1 line passed, 3 filtered out.");
  await pour(chat, ["err 5"]);
  await ann.ask("/log", "* You aren't following a log. /log ROOM level=warn follows one.");
});

Deno.test("/log puts the level in front of warnings and errors, unless they say it", async () => {
  await using chat = new ChatRoom();
  const [ann] = await chat.enterAll("ann");
  const line = (level: unknown, body: string): Draft => ({
    room: "db",
    kind: "log",
    from: "db1",
    body,
    fields: { level },
  });
  chat.registry.record(STRANGER, "db", [
    line("warn", "disk 10 %\rdisk 90 %"),
    line("fatal", "out of space"),
    line(3, "[ERROR] no space"),
    line("info", "all is well"),
    line(undefined, "a line"),
  ]);
  await chat.registry.settled();
  ann.say("/log db");
  await ann.expect(
    "* You are following #db. /log off ends it.",
    "#db db1| warning disk 90 %",
    "#db db1| crit out of space",
    "#db db1| [ERROR] no space",
    "#db db1| all is well",
    "#db db1| a line",
  );
});

Deno.test("/log takes the place of the folds in a room that one is in, and leaves talk alone", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  for (const guest of [ann, bob]) guest.say("/join db");
  await ann.read();
  await bob.read();
  await ann.ask("/log level=err", "* You are following #db (level=err). /log off ends it.");
  await pour(chat, bodiesOf(200));
  const shown = await ann.read();
  assertEquals(shown.length, 20);
  assertEquals(shown.at(-1), "db1/postgres| err 190");
  assertMatch((await bob.read()).join("\n"), /\.\.\. 19\d lines/);
  bob.say("who broke it?");
  await ann.expect("<bob> who broke it?");
  await ann.ask(
    "/log off",
    "* You are no longer following #db: 20 lines passed, 180 filtered out.",
  );
});

Deno.test("/log stays with a log that is written faster than it can be shown", async () => {
  await using chat = new ChatRoom();
  const [ann] = await chat.enterAll("ann");
  await pour(chat, ["ok"]);
  ann.say("/log db");
  await ann.expect("* You are following #db. /log off ends it.", "#db db1/postgres| ok");
  await record(chat, ["ok first"]);
  await ann.expect("#db db1/postgres| ok first");
  // Before the follower looks again.
  await record(chat, bodiesOf(4000));
  await chat.advance(600);
  const shown: string[] = [];
  for (let turn = 0; turn < 500 && shown.length === 0; turn++) shown.push(...await ann.read());
  assertEquals(shown.length, 41);
  assertEquals(shown[0], "* ... 3,960 more lines of #db passed, #3-#3962");
  assertEquals(shown.at(-1), "#db db1/postgres| ok 3999");
  await ann.ask(
    "/log off",
    "* You are no longer following #db: 4,001 lines passed, 0 filtered out.",
  );
});

Deno.test("/log shows nothing but log lines, whatever the filter asks for", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = await chat.enterAll("ann", "bob");
  await ann.ask(
    "/log lobby kind:message -tmp",
    "* You are following #lobby (kind:message -tmp). /log off ends it.",
  );
  bob.say("hello");
  await chat.advance(3000);
  await ann.expect("<bob> hello");
  await ann.ask(
    "/log off",
    "* You are no longer following #lobby: 0 lines passed, 0 filtered out.",
  );
  await pour(chat, ["err 1", "err tmp"]);
  ann.say("/log db -tmp");
  await ann.expect("* You are following #db (-tmp). /log off ends it.", "#db db1/postgres| err 1");
});

Deno.test("/log shows no more than a person can read, and says how much more there was", async () => {
  await using chat = new ChatRoom();
  const [ann] = await chat.enterAll("ann");
  await pour(chat, ["ok"]);
  ann.say("/log db");
  await ann.expect("* You are following #db. /log off ends it.", "#db db1/postgres| ok");
  await pour(chat, bodiesOf(1000));
  const shown = await ann.read();
  assertEquals(shown.length, 41);
  assertEquals(shown[0], "* ... 960 more lines of #db passed, #2-#961");
  assertEquals(shown.at(-1), "#db db1/postgres| ok 999");
});

Deno.test("/log refuses a wrong filter and a room that may not be read, and ends when it no longer may", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann", { room: "db" });
  const [eve] = await chat.enterAll("eve");
  await pour(chat, ["ok"]);
  await ann.read();
  await eve.ask("/log nowhere", "! There is no room #nowhere. /rooms lists them.");
  eve.say("/log db level=loud");
  assertMatch((await eve.read())[0], /^! There is no level:loud\./);
  await eve.ask("/log db level=err", "* You are following #db (level=err). /log off ends it.");
  ann.say("/room register", "/room private on");
  ann.say("secret");
  await ann.read();
  await chat.advance(3000);
  const told = await eve.read();
  assertEquals(told.some((line) => line.includes("secret")), false);
  assertMatch(told[0], /^! There is no room #db/);
  await eve.ask("/log db", "! There is no room #db. /rooms lists them.");
});
