/** What every command does with the former name of a registered room. */

import { assertEquals } from "@std/assert";
import { CHAT_COMMANDS } from "../../../lib/service/chat/commands/mod.ts";
import { ChatRoom, settle } from "../../support/chat_room.ts";

const NOW = "* #ops is #duty now.";
const NO_ACTS =
  "! #ops is #duty now. Earlier messages can be quoted, but not answered, pinned or " +
  "reacted to.";
const EARLIER = "ops#2 2026-11-21 06:30 <ann> hello";

/** What somebody types who is in #duty, and the first lines of the answer. */
const ANSWERS: readonly (readonly [line: string, ...answer: string[]])[] = [
  ["/go ops", "* You are now talking in #duty."],
  ["/history 1 before ops#3", EARLIER],
  ["/history 1 around ops#2", EARLIER],
  ["/join ops", NOW, "* You are now talking in #duty."],
  ["/leave ops", "* You left #duty. You are now talking in #lobby."],
  // Programs may still write under the former name.
  ["/log ops", NOW, "* You are following #ops. /log off ends it."],
  ["/pin ops#2", NO_ACTS],
  ["/quote ops#2", "* You quoted ops#2 <ann> hello"],
  ["/react ops#2 +1", NO_ACTS],
  ["/reactions ops#2", "* Nobody has reacted to ops#2. /react ops#2 +1 does."],
  ["/redact ops#2", "* You redacted #2 by ann in #ops."],
  ["/reply ops#2 yes", NO_ACTS],
  ["/room ops", NOW, "* #duty belongs to ann."],
  ["/unpin ops#2", "! #2 of #ops is not pinned. /pins lists all."],
  ["/who ops", NOW, "* In #duty: ann"],
];
/** `/msg` and `/search` have `in:`, which finds what was said under each name; `/undo` takes acts. */
const OTHERS = ["msg", "search", "token", "undo"];

/** A room #ops of ann that is #duty now. */
async function open() {
  const chat = new ChatRoom();
  const ann = await chat.logIn("ann", { room: "ops" });
  ann.say("hello", "/room register");
  await settle();
  ann.say("/rename duty");
  await settle();
  ann.forget();
  return { chat, ann, [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose]() };
}

for (const [line, ...answer] of ANSWERS) {
  Deno.test(`${line} acts in the room of the current name, or tells about it`, async () => {
    await using scene = await open();
    scene.ann.say(line);
    assertEquals((await scene.ann.read()).slice(0, answer.length), answer);
  });
}

Deno.test("Every command that takes a room is tried with a former name", () => {
  const tried = new Set(ANSWERS.map(([line]) => /^\/(\w+)/.exec(line)![1]));
  const others = CHAT_COMMANDS
    .filter(({ usage, details = "" }) => /ROOM|#SEQ|\bin:/.test(`${usage} ${details}`))
    .map(({ name }) => name)
    .filter((name) => !tried.has(name));
  assertEquals(others.sort(), OTHERS);
});

Deno.test("/token new tells about the current name of a room that it names", async () => {
  await using scene = await open();
  scene.ann.say("/token new deploy ops");
  assertEquals((await scene.ann.read()).slice(1), [
    "* Keep it now, like a password: it is not shown again. It acts as you in #ops. " +
    "/token revoke deploy ends it.",
    NOW,
  ]);
});

Deno.test("A former name tells those who may not enter nothing about the current one", async () => {
  await using scene = await open();
  const { chat, ann } = scene;
  ann.say("/room private on");
  const eve = await chat.enter("eve");
  await eve.ask("/who ops", "! Nobody is in #ops. /rooms lists the rooms.");
  await eve.ask("/room ops", "! There is no room #ops. /rooms lists the rooms.");
  await eve.ask("/leave ops", "! You are not in #ops.");
});
