/** What every verb does with the former name of a registered channel. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { VERBS } from "../../../lib/service/irc/verbs/mod.ts";
import { logInAs } from "../../support/account_people.ts";
import { HISTORY_CAPS } from "../../support/irc_history.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

/** What ann sends, who is in #duty, and what comes back. */
const ANSWERS: readonly (readonly [lines: string, answer: string])[] = [
  [
    "BATCH +1 draft/multiline #ops\n@batch=1 PRIVMSG #ops :hello\nBATCH -1",
    "PRIVMSG #duty :hello",
  ],
  ["CHATHISTORY LATEST #ops * 1", "NOTICE #ops :ann renamed this room: it is now called #duty."],
  ["CS INFO #ops", "NOTICE ann :#duty belongs to ann."],
  ["INVITE eve #ops", "341 ann eve #duty"],
  ["JOIN #ops", "470 ann #ops #duty :This channel is #duty now"],
  ["KICK #ops bob", "KICK #duty bob"],
  ["LIST #ops", "322 ann #duty 2 :"],
  ["MARKREAD #ops", "MARKREAD #ops *"],
  ["MODE #ops", "324 ann #duty +n"],
  ["MODE #ops +m", "MODE #duty +m"],
  ["NAMES #ops", "353 ann = #duty :@ann bob\n:irc.test 366 ann #duty :End of /NAMES list"],
  ["NOTICE #ops :hello", "NOTICE #duty :hello"],
  ["PART #ops", "PART #duty"],
  ["PRIVMSG #ops :hello", "PRIVMSG #duty :hello"],
  ["PRIVMSG @#ops :hello", "PRIVMSG @#duty :hello"],
  ["REDACT #ops ops#2", "REDACT #ops ops#2"],
  ["RENAME #ops #calls", "JOIN #calls"],
  ["@+typing=active TAGMSG #ops", "TAGMSG #duty"],
  ["TOPIC #ops", "331 ann #duty :No topic is set"],
  ["TOPIC #ops :Calls", "TOPIC #duty :Calls"],
  ["WHO #ops", "352 ann #duty ~ann"],
];

async function open() {
  const room = new IrcRoom();
  const ann = await room.register("ann", ...HISTORY_CAPS, "draft/multiline");
  const bob = await room.register("bob");
  const eve = await room.register("eve");
  await logInAs(room, "ann");
  ann.send("JOIN #ops", "PRIVMSG #ops :before");
  await ann.sync();
  const { moderation, people } = room.chat;
  await moderation.ownership.register(people.find("ann")!.member, "ops");
  bob.send("JOIN #ops");
  await bob.sync();
  ann.send("RENAME #ops #duty");
  for (const client of [ann, bob, eve]) await client.sync();
  return { room, ann, bob, eve, [Symbol.asyncDispose]: () => room[Symbol.asyncDispose]() };
}

for (const [lines, answer] of ANSWERS) {
  const name = lines.replaceAll("\n", ", ");
  Deno.test(`${name} acts in the channel of the current name, or shows the history`, async () => {
    await using scene = await open();
    scene.ann.send(...lines.split("\n"));
    assertStringIncludes((await scene.ann.sync()).join("\n"), answer);
  });
}

Deno.test("Every verb that takes a channel is tried with a former name", () => {
  const tried = new Set(ANSWERS.map(([lines]) => /(?:^|@\S+ )([A-Z]+)/.exec(lines)![1]));
  const others = VERBS.filter(({ help = [] }) => /CHANNEL|TARGET/.test(help.join()))
    .map(({ name }) => name)
    .filter((name) => !tried.has(name));
  // It finds what was said under each name.
  assertEquals(others, ["SEARCH"]);
});

Deno.test("What is said from outside to a former name is said in the channel of the current name", async () => {
  await using scene = await open();
  const { ann, bob, eve } = scene;
  ann.send("MODE #duty -n");
  await ann.sync();
  await bob.sync();
  eve.send("PRIVMSG #ops :help");
  await eve.sync();
  assertEquals(await bob.sync(), [`:eve!~eve@${HOST} PRIVMSG #duty :help`]);
});

Deno.test("The former name of a secret channel looks to others as if it did not exist", async () => {
  await using scene = await open();
  const { ann, eve } = scene;
  ann.send("MODE #duty +s");
  await ann.sync();
  for (const [lines] of ANSWERS) {
    if (/^(?:JOIN|INVITE eve|BATCH)/.test(lines)) continue;
    const ask = async (channel: string) => {
      eve.send(...lines.replaceAll("#ops", channel).split("\n"));
      return (await eve.sync()).join("\n").replaceAll(channel, "#CHANNEL");
    };
    assertEquals(await ask("#ops"), await ask("#nowhere"));
  }
});
