/** What a terminal with colours makes stand out. */

import { STRANGER } from "../../../lib/domain/asker.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { clockTime } from "../../../lib/domain/wording.ts";
import { LEVELS } from "../../../lib/level.ts";
import { coloured } from "../../../lib/service/chat/text/styles.ts";
import { ChatRoom } from "../../support/chat_room.ts";
import { draftOf } from "../../support/room_events.ts";

const RESET = "\x1b[0m";
const bold = (text: string) => `\x1b[1m${text}${RESET}`;

async function colourful() {
  const chat = new ChatRoom();
  const [ann, jack, bob] = await chat.enterAll("ann", "jack", "bob");
  ann.say("/set colour on");
  await ann.read();
  return { chat, ann, jack, bob };
}

Deno.test("A person's name stands out in what others say, for that person only", async () => {
  const { chat, ann, jack, bob } = await colourful();
  await using _chat = chat;
  bob.say("/set colour on");
  await bob.read();
  jack.say("Ann: lunch, ann?", "planned without annika", "/me waves to ann.");
  const [mention, other, action] = await ann.read();
  const name = coloured("jack", "jack");
  assertEquals(mention, `<${name}> ${bold("Ann")}: lunch, ${bold("ann")}?`);
  assertEquals(other, `<${name}> planned without annika`);
  assertEquals(action, `* ${name} waves to ${bold("ann")}.`);
  const [plain] = await bob.read();
  assertEquals(plain, `<${name}> Ann: lunch, ann?`);
  // What somebody says themselves mentions nobody.
  ann.say("/set echo on", "ann is my name");
  assertEquals((await ann.read())[1], `<${coloured("ann", "ann")}> ann is my name`);
});

Deno.test("A mention in a wrapped line stands out, too", async () => {
  const { chat, ann, jack } = await colourful();
  await using _chat = chat;
  ann.say("/set width 24");
  await ann.read();
  jack.say("one two three four ann five");
  const lines = await ann.read();
  assertEquals(lines.length, 2);
  assert(lines.join().includes(bold("ann")), lines.join("|"));
});

Deno.test("A person's name stands out in the past of a room", async () => {
  const { chat, ann, jack } = await colourful();
  await using _chat = chat;
  jack.say("/join tea", "are you there, ann?");
  await jack.read();
  ann.say("/join tea");
  assert(
    (await ann.read()).includes(`<${coloured("jack", "jack")}> are you there, ${bold("ann")}?`),
  );
});

Deno.test("A private message stands out, and has its time", async () => {
  const { chat, ann, jack } = await colourful();
  await using _chat = chat;
  const time = clockTime(chat.clock.now());
  jack.say("/msg ann hello");
  await ann.expect(`${bold("jack -> you:")} hello`);
  ann.say("/set time on");
  await ann.read();
  jack.say("/msg ann again");
  await ann.expect(`\x1b[2m${time}${RESET} ${bold("jack -> you:")} again`);
  await ann.ask(
    "/msg jack and you",
    `\x1b[2m${time}${RESET} -> jack: and you`,
  );
  await jack.read();
  jack.say("/set time on", "/msg ann more");
  assertEquals((await jack.read()).at(-1), `${time} -> ann: more`);
  ann.say("/set reader on", "/set time on");
  await ann.read();
  jack.say("/msg ann aloud");
  await ann.expect(`jack, privately: aloud, ${time}`);
});

Deno.test("The level of a log line is its colour, and no name is as red as an error", async () => {
  const { chat, ann } = await colourful();
  await using _chat = chat;
  const pour = async (from: string, level?: string) => {
    const fields = level === undefined ? undefined : { level };
    chat.registry.record(STRANGER, "lobby", [
      draftOf("lobby", "text", { kind: "log", from, fields }),
    ]);
    await chat.registry.settled();
    await chat.advance(1000);
    return (await ann.read())[0].replace(coloured(from, from), from);
  };
  const styles = {
    emerg: "1;31",
    alert: "1;31",
    crit: "1;31",
    err: "31",
    warning: "33",
    debug: "2",
  };
  for (const level of LEVELS) {
    const style = (styles as Record<string, string>)[level];
    const text = style === undefined ? "text" : `\x1b[${style}mtext${RESET}`;
    assertEquals(await pour("web1", level), `web1| ${text}`, level);
  }
  assertEquals(await pour("web1"), "web1| text");
  for (let number = 0; number < 200; number++) {
    // deno-lint-ignore no-control-regex
    assertMatch(coloured("x", `web${number}`), /^\x1b\[3[2-6]mx/);
  }
});

Deno.test("Every line of a wrapped log line has the colour of its level", async () => {
  const { chat, ann } = await colourful();
  await using _chat = chat;
  ann.say("/set width 20");
  await ann.read();
  const fields = { level: "err" };
  chat.registry.record(STRANGER, "lobby", [
    draftOf("lobby", "one two three four", { kind: "log", from: "w", fields }),
  ]);
  await chat.registry.settled();
  await chat.advance(1000);
  const [first, second] = await ann.read();
  assertEquals(first, `${coloured("w", "w")}| \x1b[31mone two three${RESET}`);
  assertEquals(second, `   \x1b[31mfour${RESET}`);
});

Deno.test("Words of one's own stand out in what others say and in log lines", async () => {
  const { chat, ann, jack, bob } = await colourful();
  await using _chat = chat;
  ann.say("/set words db3,web");
  bob.say("/set colour on");
  await ann.read();
  jack.say("ann: is DB3 down? webs");
  const name = coloured("jack", "jack");
  await ann.expect(`<${name}> ${bold("ann")}: is ${bold("DB3")} down? webs`);
  assertEquals((await bob.read()).at(-1), `<${name}> ann: is DB3 down? webs`);
  const fields = { level: "err" };
  chat.registry.record(STRANGER, "lobby", [
    draftOf("lobby", "cannot reach db3.example.com", { kind: "log", from: "web", fields }),
    draftOf("lobby", "the web is up", { kind: "log", from: "app" }),
  ]);
  await chat.registry.settled();
  await chat.advance(1000);
  await ann.expect(
    `${coloured("web", "web")}| \x1b[31mcannot reach ${RESET}\x1b[1;31mdb3${RESET}` +
      `\x1b[31m.example.com${RESET}`,
    `${coloured("app", "app")}| the ${bold("web")} is up`,
  );
});
