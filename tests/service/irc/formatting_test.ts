/** Formatting with signs at other doors, as IRC clients see it. */

import { assertEquals } from "@std/assert";
import { carryFormatting, formattedForIrc } from "../../../lib/service/irc/irc_formatting.ts";
import { IrcRoom } from "../../support/irc_room.ts";

/** The texts of the messages that a client has received since the last call. */
async function textsOf(client: { sync(): Promise<readonly string[]> }): Promise<string[]> {
  const lines = await client.sync();
  return lines.flatMap((line) => / PRIVMSG \S+ :(.*)$/.exec(line)?.[1] ?? []);
}

Deno.test("Bold, italic and code are toggles on IRC, in channels and in private", async () => {
  await using room = new IrcRoom();
  const tim = await room.enter("tim");
  tim.say("/join lab");
  const ann = await room.register("ann");
  ann.send("JOIN #lab");
  await ann.sync();
  tim.say("**a *b*** `c` 2*3*4", "/me is *here*", '"""', "see", "```sh", "rm *x*", "```", '"""');
  tim.say("/msg ann **psst**");
  await tim.read();
  assertEquals(await textsOf(ann), [
    "\x02a \x02\x02\x1db\x02\x1d \x11c\x11 2*3*4",
    "\x01ACTION is \x1dhere\x1d\x01",
    "see",
    "\x11rm *x*\x11",
    "\x02psst\x02",
  ]);
});

Deno.test("A line that takes several messages on IRC is formatted in each of them", async () => {
  await using room = new IrcRoom();
  const tim = await room.enter("tim");
  tim.say("/join lab");
  const ann = await room.register("ann");
  ann.send("JOIN #lab");
  await ann.sync();
  const words = Array.from({ length: 120 }, (_, index) => `word${index}`).join(" ");
  tim.say(`**${words}** end`);
  await tim.read();
  const texts = await textsOf(ann);
  assertEquals(texts.map((text) => text.startsWith("\x02")), [true, true]);
  assertEquals(texts[0].at(-1), "\x02");
  assertEquals(texts.join("").replaceAll("\x02", ""), `${words} end`);
  assertEquals(texts[1].endsWith("word119\x02 end"), true);
});

Deno.test("formattedForIrc() leaves text alone that an IRC client has formatted", () => {
  for (const text of ["\x02*a*\x02", "2*3*4", "", "*.ts"]) {
    assertEquals(formattedForIrc(text), text);
  }
});

Deno.test("carryFormatting() closes and reopens formatting between two pieces", () => {
  assertEquals(carryFormatting(["\x02a", "b\x1dc", "d\x1de"]), [
    "\x02a\x02",
    "\x02b\x1dc\x02\x1d",
    "\x02\x1dd\x1de\x02",
  ]);
});
