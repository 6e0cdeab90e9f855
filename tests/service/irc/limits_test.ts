/** The limits that 005 announces are those that are kept, as transcripts. */

import { assertEquals } from "@std/assert";
import { IRC_LIMITS } from "../../../lib/service/irc/isupport.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

/** The text of the line with this verb that a command causes. */
async function textAfter(verb: string, command: string): Promise<string | undefined> {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#lab", "ann", "bob");
  ann.send(command);
  const line = (await ann.sync()).find((line) => line.split(" ")[1] === verb);
  return line?.slice(line.indexOf(" :") + 2);
}

Deno.test("A topic has as many characters as TOPICLEN, and a longer one is cut", async () => {
  const longest = "x".repeat(IRC_LIMITS.topic);
  assertEquals(await textAfter("TOPIC", `TOPIC #lab :${longest}`), longest);
  assertEquals(await textAfter("TOPIC", `TOPIC #lab :${longest}y`), longest);
});

Deno.test("The reason of a KICK has as many characters as KICKLEN, and a longer one is cut", async () => {
  const longest = "x".repeat(IRC_LIMITS.kick);
  assertEquals(await textAfter("KICK", `KICK #lab bob :${longest}`), longest);
  assertEquals(await textAfter("KICK", `KICK #lab bob :${longest}y`), longest);
});

Deno.test("An away text has as many characters as AWAYLEN, and a longer one is cut", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#lab", "ann", "bob");
  const longest = "x".repeat(IRC_LIMITS.away);
  for (const more of ["", "y"]) {
    bob.send(`AWAY :${longest}${more}`);
    await bob.sync();
    ann.send("WHOIS bob");
    const lines = await ann.sync();
    const away = lines.filter((line) => line.includes(" 301 "));
    assertEquals(away, [`:irc.test 301 ann bob :${longest}`]);
  }
});

Deno.test("A real name has as many characters as NAMELEN, and a longer one is cut", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const longest = "😃".repeat(50) + "x".repeat(IRC_LIMITS.realname - 50);
  await room.registerAs("bob", { realname: `${longest}y` });
  ann.send("WHOIS bob");
  const lines = (await ann.sync()).filter((line) => line.includes(" 311 "));
  assertEquals(lines, [`:irc.test 311 ann bob ~bob ${HOST} * :${longest}`]);
});

Deno.test("A user name has as many characters as USERLEN, with its ~", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await room.registerAs("bob", { user: "u".repeat(30) });
  await ann.ask(
    "USERHOST bob",
    `:irc.test 302 ann :bob=+~${"u".repeat(IRC_LIMITS.user - 1)}@${HOST}`,
  );
});

Deno.test("A nickname and a channel may be as long as NICKLEN and CHANNELLEN, not longer", async () => {
  await using room = new IrcRoom();
  const nick = "𝒶".repeat(IRC_LIMITS.nick);
  const ann = await room.registerAs(nick, { user: "ann" });
  ann.send(`NICK ${nick}b`);
  assertEquals((await ann.sync()).map((line) => line.split(" ")[1]), ["432"]);
  const channel = `#${"r".repeat(IRC_LIMITS.channel - 1)}`;
  ann.send(`JOIN ${channel}s`);
  assertEquals((await ann.sync()).map((line) => line.split(" ")[1]), ["403"]);
  ann.send(`JOIN ${channel}`);
  assertEquals((await ann.sync())[0].split(" ")[1], "JOIN");
});
