/** LIST, NAMES and LUSERS. */

import { assertEquals } from "@std/assert";
import type { IrcClient } from "../../support/irc_client.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const START = ":irc.test 321 ann Channel :Users  Name";
const END = ":irc.test 323 ann :End of /LIST";

async function channels(client: IrcClient, query: string): Promise<string[]> {
  client.send(`LIST ${query}`);
  const lines = (await client.sync()).filter((line) => line.startsWith(":irc.test 322 "));
  return lines.map((line) => line.split(" ")[3]);
}

Deno.test("LIST is empty where nobody is in a room", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask("LIST", START, END);
  await ann.ask("LIST #nowhere", START, END);
});

Deno.test("LIST tells the people and the topic of each room", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#room", "ann", "bob");
  const cem = await room.enter("cem");
  cem.say("/topic Tea at \u0007 four");
  await cem.read();
  await ann.ask(
    "LIST",
    START,
    ":irc.test 322 ann #room 2 :",
    ":irc.test 322 ann #lobby 1 :Tea at \u2407 four",
    END,
  );
  await ann.ask("LIST #ROOM,#nowhere", START, ":irc.test 322 ann #room 2 :", END);
});

Deno.test("LIST cuts a topic that is too long for a line", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const cem = await room.enter("cem");
  cem.say(`/topic ${"\u4e2d".repeat(1000)}`);
  await cem.read();
  ann.send("LIST");
  const [, line] = await ann.sync();
  assertEquals(/^:irc\.test 322 ann #lobby 1 :\u4e2d{150,}$/.test(line), true);
});

Deno.test("LIST takes masks, and masks to leave out", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  ann.send("JOIN #chan1,#chan2");
  await ann.sync();
  assertEquals(await channels(ann, "*an1"), ["#chan1"]);
  assertEquals(await channels(ann, "#c*n2"), ["#chan2"]);
  assertEquals(await channels(ann, "#ch*"), ["#chan1", "#chan2"]);
  assertEquals(await channels(ann, "!*an1"), ["#chan2"]);
  assertEquals(await channels(ann, "!#ch*"), []);
});

Deno.test("LIST compares the number of people", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#room", "ann", "bob");
  bob.send("JOIN #alone");
  await bob.sync();
  assertEquals(await channels(ann, ">1"), ["#room"]);
  assertEquals(await channels(ann, "<2"), ["#alone"]);
  assertEquals(await channels(ann, ">0"), ["#room", "#alone"]);
  assertEquals(await channels(ann, "<1"), []);
});

Deno.test("LIST compares the minutes since a room was created", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  ann.send("JOIN #old");
  await ann.sync();
  room.clock.tick(60_000);
  ann.send("JOIN #new");
  await ann.sync();
  room.clock.tick(30_000);
  assertEquals(await channels(ann, "C>1"), ["#old"]);
  assertEquals(await channels(ann, "C<1"), ["#new"]);
  assertEquals(await channels(ann, "C>0"), ["#old", "#new"]);
  assertEquals(await channels(ann, "C<0"), []);
});

Deno.test("LIST compares the minutes since a topic was set", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const cem = await room.enter("cem");
  cem.say("/join tea", "/topic green");
  await cem.read();
  room.clock.tick(60_000);
  cem.say("/join milk", "/topic white", "/join empty");
  await cem.read();
  room.clock.tick(30_000);
  assertEquals(await channels(ann, "T>1"), ["#tea"]);
  assertEquals(await channels(ann, "T<1"), ["#milk"]);
  assertEquals(await channels(ann, "T>0"), ["#tea", "#milk"]);
  assertEquals(await channels(ann, "T<0"), []);
});

Deno.test("LIST, NAMES and LUSERS keep private and hidden rooms from those outside", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const owner = await room.logIn("owner", { isOperator: true });
  for (const [name, setting] of [["den", "private"], ["attic", "hidden"]]) {
    owner.say(`/join ${name}`, `/room ${setting} on`);
    await owner.read();
  }
  const lobby = ":irc.test 322 ann #lobby 1 :";
  await ann.ask("LIST", START, lobby, END);
  await ann.ask("LIST #den,#attic,*e*", START, END);
  await ann.ask(
    "NAMES",
    ":irc.test 353 ann = #lobby :owner",
    ":irc.test 366 ann * :End of /NAMES list",
  );
  for (const channel of ["#den", "#attic"]) {
    await ann.ask(`NAMES ${channel}`, `:irc.test 366 ann ${channel} :End of /NAMES list`);
  }
  ann.send("LUSERS");
  await ann.until(/^:irc\.test 254 ann 1 :channels formed$/);
});

Deno.test("LIST shows a hidden room to those who are in it", async () => {
  await using room = new IrcRoom();
  const owner = await room.logIn("owner", { isOperator: true, room: "attic" });
  const ann = await room.register("ann");
  ann.send("JOIN #attic");
  await ann.sync();
  owner.say("/room hidden on");
  await owner.read();
  await ann.sync();
  assertEquals(await channels(ann, "#attic"), ["#attic"]);
  await ann.ask(
    "NAMES #attic",
    /^:irc\.test 353 ann @ #attic :\S+ ann$/,
    ":irc.test 366 ann #attic :End of /NAMES list",
  );
});

Deno.test("NAMES lists several channels, each with its end, and has no error for others", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#room", "ann", "bob");
  bob.send("JOIN #other");
  await bob.sync();
  await ann.ask(
    "NAMES #room,#other",
    ":irc.test 353 ann = #room :@ann bob",
    ":irc.test 366 ann #room :End of /NAMES list",
    ":irc.test 353 ann = #other :@bob",
    ":irc.test 366 ann #other :End of /NAMES list",
  );
  for (const channel of ["#nowhere", "invalid"]) {
    await ann.ask(`NAMES ${channel}`, `:irc.test 366 ann ${channel} :End of /NAMES list`);
  }
});

Deno.test("NAMES hides invisible people from those who are not in the room", async () => {
  await using room = new IrcRoom();
  const [bob, cem] = await room.registerIn("#room", "bob", "cem");
  bob.send("MODE bob +i");
  await bob.sync();
  const ann = await room.register("ann");
  await ann.ask(
    "NAMES #room",
    ":irc.test 353 ann = #room :cem",
    ":irc.test 366 ann #room :End of /NAMES list",
  );
  await cem.ask(
    "NAMES #room",
    ":irc.test 353 cem = #room :@bob cem",
    ":irc.test 366 cem #room :End of /NAMES list",
  );
});

Deno.test("NAMES shows users and hosts to clients that want them", async () => {
  await using room = new IrcRoom();
  await room.registerIn("#room", "bob");
  const ann = await room.register("ann", "userhost-in-names");
  await ann.ask(
    "NAMES #room",
    `:irc.test 353 ann = #room :@bob!~bob@${HOST}`,
    ":irc.test 366 ann #room :End of /NAMES list",
  );
});

Deno.test("NAMES of a big room fits its lines, and misses nobody", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const others = await Promise.all(
    Array.from({ length: 600 }, (_, index) => room.register(`person${index}`)),
  );
  for (const other of others) other.send("JOIN #big");
  for (const other of others) await other.sync();
  ann.send("NAMES #big");
  const lines = await ann.sync();
  assertEquals(lines.pop(), ":irc.test 366 ann #big :End of /NAMES list");
  assertEquals(lines.filter(({ length }) => length > 510), []);
  const names = lines.flatMap((line) => line.split(" :")[1].split(" "));
  assertEquals([names.length, new Set(names).size], [600, 600]);
});

Deno.test("LUSERS counts people of all doors, connections and rooms", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#room", "ann", "bob");
  const cem = await room.logIn("cem", { isOperator: true });
  bob.send("MODE bob +i", "QUIT");
  await bob.expectEnd();
  const unknown = room.open();
  unknown.send("NICK zed");
  await unknown.sync();
  ann.send("MODE ann +i");
  await ann.sync();
  await ann.ask(
    "LUSERS",
    ":irc.test 251 ann :There are 1 users and 1 invisible on 1 servers",
    ":irc.test 252 ann 1 :operator(s) online",
    ":irc.test 253 ann 1 :unknown connection(s)",
    ":irc.test 254 ann 2 :channels formed",
    ":irc.test 255 ann :I have 2 clients and 0 servers",
    ":irc.test 265 ann 2 3 :Current local users 2, max 3",
    ":irc.test 266 ann 2 3 :Current global users 2, max 3",
  );
  await cem.leave();
  ann.send("LUSERS");
  await ann.until(/^:irc\.test 252 ann 0 :operator\(s\) online$/);
});

Deno.test("LUSERS follows those who become operators, hide, and hide their channels", async () => {
  await using room = new IrcRoom();
  await room.addAccount("root", true);
  const [ann] = await room.registerIn("#room", "ann");
  const bob = await room.register("bob");
  const counts = async () => {
    ann.send("LUSERS");
    const lines = (await ann.sync()).filter((line) => / 25[1-4] /.test(line));
    return lines.map((line) => line.match(/\d+(?= (?:invisible|:))/)?.[0]).join(" ");
  };
  assertEquals(await counts(), "0 0 0 1");
  bob.send("OPER root :correct horse", "MODE bob +i", "JOIN #other");
  await bob.sync();
  await ann.sync();
  assertEquals(await counts(), "1 1 0 2");
  bob.send("MODE #other +s", "MODE bob -o", "MODE bob -i");
  await bob.sync();
  assertEquals(await counts(), "0 0 0 1");
  bob.send("MODE #other -s+i", "MODE bob +i");
  await bob.sync();
  assertEquals(await counts(), "1 0 0 1");
  // Everybody knows of the channels that they are in.
  ann.send("MODE #room +s");
  await ann.sync();
  assertEquals(await counts(), "1 0 0 1");
  bob.send("QUIT");
  await bob.expectEnd();
  assertEquals(await counts(), "0 0 0 1");
});
