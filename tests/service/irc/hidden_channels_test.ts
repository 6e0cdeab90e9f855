/** What a client is told of channels that it may not know of: the same as of ones that do not exist. */

import { assertEquals } from "@std/assert";
import { IrcRoom } from "../../support/irc_room.ts";
import type { IrcClient } from "../../support/irc_client.ts";

/** All that asks about a channel; JOIN alone would create one that does not exist. */
const QUESTIONS = [
  "CHATHISTORY BEFORE # timestamp=2030-01-01T00:00:00.000Z 9",
  "CHATHISTORY LATEST # * 9",
  "CS INFO #",
  "CS OP # bob",
  "CS REGISTER #",
  "INVITE bob #",
  "KICK # ann",
  "KICK #,# ann,bob :out",
  "LIST #",
  "LIST",
  "LUSERS",
  "MARKREAD #",
  "MARKREAD # timestamp=2026-01-01T00:00:00.000Z",
  "MODE #",
  "MODE # +I",
  "MODE # +b",
  "MODE # +b bob!*@*",
  "MODE # +e",
  "MODE # +o ann",
  "MODE # -s",
  "NAMES #",
  "NAMES",
  "NOTICE # :hello",
  "PART #",
  "PART # :bye",
  "PRIVMSG # :hello",
  "REDACT # secret#1",
  "RENAME # #new",
  "SEARCH in=#;text=hello",
  "@+typing=active TAGMSG #",
  "TOPIC #",
  "TOPIC # :mine",
  "WHO #",
  "WHO # %cn",
  "WHO ann",
  "WHOIS ann",
];

async function ask(client: IrcClient, question: string, channel: string): Promise<string> {
  client.send(question.replaceAll(/#(?=[ ,;]|$)/g, channel));
  const lines = (await client.sync()).map((line) => line.replace(/ 317 eve ann .*/, " 317"));
  return lines.join("\n").replaceAll(channel, "#CHANNEL");
}

for (const modes of ["+s", "+i", "+si", "+sk key", "+st", "+sm", "+sb *!*@*"]) {
  Deno.test(`A channel with ${modes} looks to others as if it did not exist`, async () => {
    await using room = new IrcRoom();
    const ann = await room.register("ann");
    ann.send("JOIN #secret", `MODE #secret ${modes}`, "PRIVMSG #secret :hello");
    await ann.sync();
    const caps = ["draft/chathistory", "draft/read-marker", "message-tags", "draft/search"];
    const eve = await room.register("eve", ...caps);
    await room.register("bob");
    for (const question of QUESTIONS) {
      const answer = await ask(eve, question, "#secret");
      assertEquals(answer, await ask(eve, question, "#nosuch"), question);
    }
    assertEquals(await ann.sync(), []);
  });
}

Deno.test("A listed channel tells others its modes, but not its key", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#open", "ann");
  ann.send("MODE #open +k sesame", "TOPIC #open :tea");
  await ann.sync();
  const eve = await room.register("eve", "message-tags");
  await eve.ask("MODE #open", ":irc.test 324 eve #open +nk *");
  await eve.ask("MODE #open -k", ":irc.test 442 eve #open :You are not on that channel.");
  await eve.ask("TOPIC #open", ":irc.test 332 eve #open :tea", / 333 eve #open ann \d+$/);
  await eve.ask("PART #open", ":irc.test 442 eve #open :You are not on that channel.");
  for (const line of ["PRIVMSG #open :hello", "@+typing=active TAGMSG #open"]) {
    await eve.ask(line, ":irc.test 404 eve #open :You are not in #open. /join #open enters it.");
  }
  await eve.ask("JOIN #open", / 475 eve #open :/);
});
