/** What people format by signs, as terminals, programs and screen readers get it. */

import { assertEquals } from "@std/assert";
import { paint } from "../../../lib/service/chat/text/formatted_lines.ts";
import { ChatRoom } from "../../support/chat_room.ts";

const BOLD = "\x1b[1m";
const UNDERLINED = "\x1b[4m";
const CODE = "\x1b[36m";
const END = "\x1b[0m";

Deno.test("Bold, italic and code are styles where there are colours, and signs elsewhere", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  await ann.ask("/set colour on", "* colour is on (names in colour: on or off)");
  const name = `<\x1b[33mjack${END}>`;
  const text = "**a *b*** `**c**` *.ts ann **ann**";
  jack.say(text);
  const styled = `${BOLD}a ${END}\x1b[1;4mb${END} ${CODE}**c**${END} *.ts ${BOLD}ann${END} ` +
    `${BOLD}ann${END}`;
  await ann.expect(`${name} ${styled}`);
  jack.say(`/me ${text}`, "/msg ann *x* \x1b[2J");
  await ann.expect(
    `* ${name.slice(1, -1)} ${styled}`,
    `${BOLD}jack -> you:${END} ${UNDERLINED}x${END} ^[[2J`,
  );
  ann.say("/history 1");
  const seq = (await chat.log.room("lobby"))!.lastSeq;
  assertEquals(
    (await ann.read()).at(-1),
    `#${seq} 2026-11-21 06:30 * jack ${styled.replace(`${BOLD}ann${END}`, "ann")}`,
  );
  await jack.read();
  await jack.ask("/history 1", `#${seq} 2026-11-21 06:30 * jack ${text}`);
});

Deno.test("Fenced code is in the colour of code, without its fences, and wrapped in a window", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  ann.say("/set colour on", "/set width 24");
  await ann.read();
  jack.say('"""', "see *this*", "```ts", "  if (x) return *y* + z * 2;", "```", '"""');
  await ann.expect(
    `<\x1b[33mjack${END}> see ${UNDERLINED}this${END}`,
    `         ${CODE}if (x) return${END}`,
    `       ${CODE}*y* + z * 2;${END}`,
  );
});

Deno.test("A style goes on in the next row where a line is wrapped", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  ann.say("/set colour on", "/set width 24");
  await ann.read();
  jack.say("one **two three four five six** seven *eight*");
  await ann.expect(
    `<\x1b[33mjack${END}> one ${BOLD}two three${END}`,
    `       ${BOLD}four five six${END}`,
    `       seven ${UNDERLINED}eight${END}`,
  );
});

Deno.test("A screen reader is given the text without signs", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  ann.say("/set reader on");
  await ann.read();
  jack.say("**a** `b` 2*3*4", '"""', "```", "c", "```", "*d*", '"""');
  await ann.expect("jack: a b 2*3*4", "jack: c; d");
});

Deno.test("paint() has the styles of all ranges at a place, in any order", () => {
  const ranges = [
    { start: 2, end: 4, code: "4" },
    { start: 0, end: 3, code: "1" },
    { start: 3, end: 3, code: "36" },
  ];
  assertEquals(
    paint("abcdef", ranges),
    `${BOLD}ab${END}\x1b[1;4mc${END}${UNDERLINED}d${END}ef`,
  );
  assertEquals(paint("abc", []), "abc");
});
