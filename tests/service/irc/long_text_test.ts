/** Texts nearly as long as an IRC line, as transcripts. */

import { assertEquals } from "@std/assert";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const ANN = `:ann!~ann@${HOST}`;
const IN_FRONT = " PRIVMSG #lab :";
/** A line has at most 510 bytes without its line end. */
const WITH_MASK = 510 - ANN.length - IN_FRONT.length;
const WITH_NICK = 510 - ":ann".length - IN_FRONT.length;

/** The lines that bob receives when ann says a text. */
async function heard(text: string): Promise<string[]> {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#lab", "ann", "bob");
  ann.send(`PRIVMSG #lab :${text}`);
  await ann.sync();
  return await bob.sync();
}

Deno.test("A text that fits on a line comes with the full mask of its author", async () => {
  for (const text of ["x".repeat(WITH_MASK), "x".repeat(WITH_MASK - 4) + "😃"]) {
    assertEquals(await heard(text), [`${ANN}${IN_FRONT}${text}`]);
  }
});

Deno.test("A text that fits on a line only without the host comes whole, from the nickname", async () => {
  for (const text of ["x".repeat(WITH_MASK + 1), "x".repeat(WITH_MASK - 3) + "😃"]) {
    assertEquals(await heard(text), [`:ann${IN_FRONT}${text}`]);
  }
  const longest = "x".repeat(WITH_NICK);
  assertEquals(await heard(longest), [`:ann${IN_FRONT}${longest}`]);
});

Deno.test("A text too long for any line is refused, and the sender told how much fits", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#lab", "ann", "bob");
  await ann.ask(
    `PRIVMSG #lab :${"x".repeat(WITH_NICK + 1)}`,
    ":irc.test 417 ann :That text was too long and was not sent: with your name and #lab in front, " +
      `${WITH_NICK} bytes fit a line. Send it in parts.`,
  );
  assertEquals(await bob.sync(), []);
});

Deno.test("A private text and an action also stay on one line", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#lab", "ann", "bob");
  const text = "x".repeat(WITH_MASK);
  ann.send(`PRIVMSG bob :${text}xxx`, `PRIVMSG #lab :\x01ACTION ${text.slice(8)}\x01`);
  await ann.sync();
  assertEquals(await bob.sync(), [
    `:ann PRIVMSG bob :${text}xxx`,
    `:ann${IN_FRONT}\x01ACTION ${text.slice(8)}\x01`,
  ]);
});
