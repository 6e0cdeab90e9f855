/** What IRC clients are told that cannot ask for history. */

import { assertEquals } from "@std/assert";
import { IrcRoom } from "../../support/irc_room.ts";

const PLAIN = btoa("\0ann\0correct horse");

/** Logs ann in, joins her to #ops, and leaves; returns what she is told that she missed. */
async function visit(room: IrcRoom, ...caps: string[]): Promise<string[]> {
  const client = room.open();
  client.send(
    `CAP REQ :${["sasl", ...caps].join(" ")}`,
    "AUTHENTICATE PLAIN",
    `AUTHENTICATE ${PLAIN}`,
    "NICK ann",
    "USER ann 0 * :Ann",
    "CAP END",
    "JOIN #ops",
  );
  const lines = await client.sync();
  await client.leave();
  return lines.filter((line) => line.includes("While you were away"));
}

Deno.test("A client without chathistory is told once what its account has missed", async () => {
  await using room = new IrcRoom();
  await room.addAccount("ann");
  const bob = await room.enter("bob");
  assertEquals(await visit(room), []);
  bob.say("/join ops", "ann: are you there?", "soon");
  await bob.read();
  const caps = ["draft/chathistory", "batch", "server-time", "message-tags", "draft/read-marker"];
  assertEquals(await visit(room, ...caps), []);
  assertEquals(await visit(room), [
    ":irc.test NOTICE ann :While you were away: 2 messages in #ops from bob, 1 mentions you (#4).",
  ]);
  assertEquals(await visit(room), []);
});

Deno.test("A client that comes back from AWAY is told, too", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#ops", "ann", "bob");
  ann.send("AWAY :lunch");
  await ann.sync();
  bob.send("PRIVMSG #ops :ann, look", ...Array.from({ length: 25 }, () => "PRIVMSG #ops :x"));
  await bob.sync();
  await ann.sync();
  ann.send("AWAY");
  const lines = await ann.sync();
  assertEquals(lines.map((line) => line.replace(/^:irc\.test /, "")), [
    "305 ann :You are no longer marked as being away",
    "NOTICE ann :While you were away: 26 messages in #ops from bob, 1 mentions you (#3).",
  ]);
});
