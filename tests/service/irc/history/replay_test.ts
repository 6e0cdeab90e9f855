/** What clients are shown of the past without asking, as transcripts. */

import { assertEquals, assertMatch } from "@std/assert";
import { logInAs } from "../../../support/account_people.ts";
import type { IrcClient } from "../../../support/irc_client.ts";
import { HISTORY_CAPS, linesInBatch } from "../../../support/irc_history.ts";
import { HOST, IrcRoom } from "../../../support/irc_room.ts";

const ANN = `:ann!~ann@${HOST}`;

/** Lines after the names on joining a channel. */
async function join(client: IrcClient, channel = "#lab"): Promise<string[]> {
  client.send(`JOIN ${channel}`);
  const lines = await client.sync();
  const end = lines.findIndex((line) => line.split(" ").includes("366"));
  assertEquals(end >= 0, true);
  return lines.slice(end + 1);
}

async function talkedIn(room: IrcRoom): Promise<IrcClient> {
  const [ann] = await room.registerIn("#lab", "ann");
  const texts = Array.from({ length: 25 }, (_, index) => `PRIVMSG #lab :${index}`);
  ann.send(...texts, "NOTICE #lab :psst");
  await ann.sync();
  return ann;
}

Deno.test("A client that shows times gets the last 20 lines on joining a channel", async () => {
  await using room = new IrcRoom();
  await talkedIn(room);
  const lines = await join(await room.register("bob", "server-time"));
  assertEquals(lines.length, 19);
  assertMatch(lines[0], new RegExp(`^@time=\\S+ ${ANN} PRIVMSG #lab :6$`));
  assertMatch(lines[18], new RegExp(`^@time=\\S+ ${ANN} PRIVMSG #lab :24$`));
  const batched = await join(await room.register("eve", "server-time", "batch"));
  assertEquals(linesInBatch(batched, "chathistory", "#lab"), lines);
});

Deno.test("Clients that show no times, or ask for history, get nothing they did not ask for", async () => {
  await using room = new IrcRoom();
  await talkedIn(room);
  assertEquals(await join(await room.register("bob")), []);
  assertEquals(await join(await room.register("eve", "message-tags", "batch")), []);
  assertEquals(await join(await room.register("joe", ...HISTORY_CAPS)), []);
});

Deno.test("replay sets how many lines there are", async () => {
  for (const replay of [0, 3]) {
    await using room = new IrcRoom({ irc: { replay } });
    await talkedIn(room);
    assertEquals((await join(await room.register("bob", "server-time"))).length, replay);
  }
});

Deno.test("What was redacted, and what ignored people said, is not shown", async () => {
  await using room = new IrcRoom();
  const ann = await talkedIn(room);
  ann.send("REDACT #lab lab#26");
  await ann.sync();
  const bob = await room.register("bob", "server-time");
  const texts = (await join(bob)).map((line) => line.split(" :").at(-1));
  assertEquals(texts.at(-1), "23");
  bob.send("PART #lab");
  await bob.sync();
  room.chat.people.find("bob")!.member.ignore(["ann"]);
  assertEquals(await join(bob), []);
});

Deno.test("The history on joining is part of a labelled answer", async () => {
  await using room = new IrcRoom();
  await talkedIn(room);
  const bob = await room.register("bob", "server-time", "batch", "labeled-response");
  bob.send("@label=x JOIN #lab");
  const lines = await bob.sync();
  const outer = /^@label=x :irc.test BATCH \+(\S+) labeled-response$/.exec(lines[0])?.[1];
  const begin = lines.find((line) => line.includes(" chathistory #lab"));
  assertMatch(begin!, new RegExp(`^@batch=${outer} :irc.test BATCH \\+\\S+ chathistory #lab$`));
  assertEquals(lines.at(-1), `:irc.test BATCH -${outer}`);
});

Deno.test("Unread private messages come on connecting, once", async () => {
  await using room = new IrcRoom();
  await room.addAccount("bob");
  const ann = await room.register("ann");
  await logInAs(room, "ann");
  ann.send("PRIVMSG bob :one", "PRIVMSG bob :two");
  await ann.sync();
  for (const expected of [["one", "two"], []]) {
    const bob = await room.register("bobby", "server-time");
    await logInAs(room, "bobby", "bob");
    const lines = (await bob.sync()).filter((line) => line.includes(" PRIVMSG "));
    assertEquals(lines.map((line) => line.split(" :").at(-1)), expected);
    bob.send("QUIT");
    await bob.leave();
  }
});

Deno.test("A client that logs out at once is shown no unread messages, and they stay unread", async () => {
  await using room = new IrcRoom();
  await room.addAccount("bob");
  const ann = await room.register("ann");
  await logInAs(room, "ann");
  ann.send("PRIVMSG bob :one");
  await ann.sync();
  const hasty = await room.register("hasty");
  hasty.send("NS IDENTIFY bob correct horse", "NS LOGOUT");
  await hasty.until(/ 901 /);
  assertEquals((await hasty.sync()).filter((line) => line.includes(" PRIVMSG ")), []);
  await logInAs(room, "hasty", "bob");
  assertEquals((await hasty.sync()).filter((line) => line.includes(" PRIVMSG ")).length, 1);
});
