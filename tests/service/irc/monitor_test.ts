/** MONITOR: being told when people come and go. */

import { assertEquals } from "@std/assert";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const CAPS = ["extended-monitor", "away-notify", "setname", "account-notify"];

Deno.test("MONITOR tells who is here, and when they come and go, by any door", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask("MONITOR + bob,Cem", ":irc.test 731 ann :bob,Cem");
  const bob = await room.register("Bob");
  assertEquals(await ann.sync(), [`:irc.test 730 ann :Bob!~bob@${HOST}`]);
  const cem = await room.enter("cem");
  assertEquals(await ann.sync(), [`:irc.test 730 ann :cem!tcp@${HOST}`]);
  await ann.ask("MONITOR s", `:irc.test 730 ann :Bob!~bob@${HOST},cem!tcp@${HOST}`);
  bob.send("QUIT :bye");
  await bob.expectEnd();
  assertEquals(await ann.sync(), [":irc.test 731 ann :Bob"]);
  await cem.leave();
  assertEquals(await ann.sync(), [":irc.test 731 ann :cem"]);
});

Deno.test("MONITOR follows names, not people, and ignores a change of case", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask("MONITOR + qux", ":irc.test 731 ann :qux");
  const bob = await room.register("bob");
  assertEquals(await ann.sync(), []);
  bob.send("NICK qux");
  await bob.sync();
  assertEquals(await ann.sync(), [`:irc.test 730 ann :qux!~bob@${HOST}`]);
  bob.send("NICK QUX");
  await bob.sync();
  assertEquals(await ann.sync(), []);
  bob.send("NICK other");
  await bob.sync();
  assertEquals(await ann.sync(), [":irc.test 731 ann :QUX"]);
});

Deno.test("MONITOR lists names, and forgets them", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  ann.send("MONITOR + bob,cem,dora");
  await ann.sync();
  await ann.ask("MONITOR - CEM");
  await ann.ask(
    "MONITOR L",
    ":irc.test 732 ann :bob,dora",
    ":irc.test 733 ann :End of MONITOR list",
  );
  await ann.ask("MONITOR C");
  await ann.ask("MONITOR L", ":irc.test 733 ann :End of MONITOR list");
  await ann.ask("MONITOR S");
  await room.register("bob");
  assertEquals(await ann.sync(), []);
});

Deno.test("MONITOR takes names only, no masks, and up to a hundred", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask("MONITOR + *!*@host,,a*b");
  await ann.ask("MONITOR L", ":irc.test 733 ann :End of MONITOR list");
  const names = Array.from({ length: 102 }, (_, index) => `p${index}`);
  for (let start = 0; start < 100; start += 50) {
    ann.send(`MONITOR + ${names.slice(start, start + 50).join(",")}`);
  }
  await ann.sync();
  await ann.ask(
    "MONITOR + p100,p99,p101",
    ":irc.test 731 ann :p99",
    ":irc.test 734 ann 100 p100,p101 :Monitor list is full. Send MONITOR - to make room.",
  );
});

Deno.test("extended-monitor tells what changes about people, once", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...CAPS);
  const cem = await room.register("cem", "extended-monitor");
  const dora = await room.register("dora", ...CAPS);
  for (const client of [ann, cem]) client.send("MONITOR + bobby");
  for (const client of [ann, cem]) await client.sync();
  const bob = await room.register("bobby");
  assertEquals(await ann.sync(), [`:irc.test 730 ann :bobby!~bobby@${HOST}`]);
  assertEquals(await cem.sync(), [`:irc.test 730 cem :bobby!~bobby@${HOST}`]);
  bob.send("AWAY :lunch", "AWAY", "SETNAME :Bob Smith");
  await bob.sync();
  const told = [
    `:bobby!~bobby@${HOST} AWAY :lunch`,
    `:bobby!~bobby@${HOST} AWAY`,
    `:bobby!~bobby@${HOST} SETNAME :Bob Smith`,
  ];
  assertEquals(await ann.sync(), told);
  assertEquals(await cem.sync(), []);
  assertEquals(await dora.sync(), []);
  // In a room with bobby, too, ann is told once.
  for (const client of [ann, bob]) {
    client.send("JOIN #room");
    await client.sync();
  }
  await ann.sync();
  bob.send("AWAY :tea");
  await bob.sync();
  assertEquals(await ann.sync(), [`:bobby!~bobby@${HOST} AWAY :tea`]);
});
