/** Who is here, away or gone, and what they say of themselves. */

import { assertEquals } from "@std/assert";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

Deno.test("AWAY is answered, told to those who write, and to those who want to know", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "away-notify");
  const bob = await room.register("bob");
  const cem = await room.register("cem", "away-notify");
  for (const client of [ann, bob]) {
    client.send("JOIN #room");
    await client.sync();
  }
  await ann.sync();
  await bob.ask("AWAY :at lunch", ":irc.test 306 bob :You have been marked as being away");
  assertEquals(await ann.sync(), [`:bob!~bob@${HOST} AWAY :at lunch`]);
  // They are in no room together.
  assertEquals(await cem.sync(), []);
  await ann.ask("PRIVMSG bob :hello", ":irc.test 301 ann bob :at lunch");
  await bob.sync();
  await bob.ask("AWAY", ":irc.test 305 bob :You are no longer marked as being away");
  assertEquals(await ann.sync(), [`:bob!~bob@${HOST} AWAY`]);
  await bob.ask("AWAY :", ":irc.test 305 bob :You are no longer marked as being away");
  assertEquals(await ann.sync(), []);
});

Deno.test("AWAY cuts a text that is too long", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  ann.send(`AWAY :${"ü".repeat(200)}${"x".repeat(300)}`, "WHOIS ann");
  const lines = await ann.sync();
  const [away] = lines.filter((line) => line.startsWith(":irc.test 301 "));
  assertEquals(away === undefined || [...away.split(" :")[1]].length <= 390, true);
});

Deno.test("Somebody who joins while away is announced as away", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "away-notify");
  const bob = await room.register("bob", "away-notify");
  ann.send("JOIN #room");
  await ann.sync();
  bob.send("AWAY :at lunch");
  await bob.sync();
  await bob.ask(
    "JOIN #room",
    `:bob!~bob@${HOST} JOIN #room`,
    ":irc.test 353 bob = #room :@ann bob",
    ":irc.test 366 bob #room :End of /NAMES list",
  );
  assertEquals(await ann.sync(), [
    `:bob!~bob@${HOST} JOIN #room`,
    `:bob!~bob@${HOST} AWAY :at lunch`,
  ]);
});

Deno.test("USERHOST tells hosts, operators, and who is away", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = [await room.register("ann"), await room.register("bob")];
  await room.logIn("root", { isOperator: true });
  bob.send("AWAY :lunch");
  await bob.sync();
  await ann.ask(
    "USERHOST ANN bob nobody root",
    `:irc.test 302 ann :ann=+~ann@${HOST} bob=-~bob@${HOST} root*=+tcp@${HOST}`,
  );
  await ann.ask("USERHOST nobody", ":irc.test 302 ann :");
});

Deno.test("USERHOST takes five names at most", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask("USERHOST a b c d e ann", ":irc.test 302 ann :");
});

Deno.test("ISON tells which people are here, named apart or together", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await room.enter("dr.who");
  await ann.ask("ISON ANN nobody dr|who", ":irc.test 303 ann :ann dr|who");
  await ann.ask("ISON :ann nobody", ":irc.test 303 ann :ann");
  await ann.ask("ISON nobody", ":irc.test 303 ann :");
});

Deno.test("SETNAME changes the real name, and tells those who want to know", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "setname");
  const bob = await room.register("bob", "setname");
  const cem = await room.register("cem");
  for (const client of [ann, bob, cem]) {
    client.send("JOIN #room");
    await client.sync();
  }
  await ann.sync();
  await bob.sync();
  await ann.ask("SETNAME :Ann Other", `:ann!~ann@${HOST} SETNAME :Ann Other`);
  assertEquals(await bob.sync(), [`:ann!~ann@${HOST} SETNAME :Ann Other`]);
  assertEquals(await cem.sync(), []);
  cem.send("WHOIS ann");
  await cem.expect(`:irc.test 311 cem ann ~ann ${HOST} * :Ann Other`);
});

Deno.test("SETNAME refuses an empty name, and one that is too long", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "setname", "standard-replies");
  await ann.ask(
    "SETNAME :",
    ":irc.test FAIL SETNAME INVALID_REALNAME :A real name cannot be empty. Send SETNAME with a " +
      "text.",
  );
  await ann.ask(
    `SETNAME :${"x".repeat(151)}`,
    ":irc.test FAIL SETNAME INVALID_REALNAME :A real name may have at most 150 characters; this " +
      "one has 151.",
  );
});

Deno.test("MODE shows and changes one's own modes", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask("MODE ann", ":irc.test 221 ann :+");
  await ann.ask("MODE ANN +i", `:ann!~ann@${HOST} MODE ann +i`);
  await ann.ask("MODE ann +iwB-i", `:ann!~ann@${HOST} MODE ann +wB-i`);
  await ann.ask("MODE ann +B");
  await ann.ask("MODE ann +i-i");
  await ann.ask("MODE ann", ":irc.test 221 ann :+Bw");
  await ann.ask(
    "MODE ann -wX+o",
    ":irc.test 501 ann :Unknown MODE flag. The modes are Biow.",
    `:ann!~ann@${HOST} MODE ann -w`,
  );
});

Deno.test("MODE changes nobody else", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await room.register("bob");
  await ann.ask(
    "MODE bob +i",
    ":irc.test 502 ann :Cannot change mode for other users. Name yourself.",
  );
  await ann.ask(
    "MODE nobody",
    ":irc.test 401 ann nobody :No such nick/channel. Name yourself, or a #channel.",
  );
});

Deno.test("What a bot says has the tag `bot`", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "message-tags");
  const robo = await room.register("robo");
  robo.send("MODE robo +B", "JOIN #room");
  await robo.sync();
  ann.send("JOIN #room");
  await ann.sync();
  for (const line of ["PRIVMSG #room :beep", "PRIVMSG ann :boop"]) {
    robo.send(line);
    await robo.sync();
  }
  await ann.expect(
    `@msgid=room#3;bot :robo!~robo@${HOST} PRIVMSG #room :beep`,
    /^@msgid=[0-9a-f-]{36};bot :robo!~robo@\S+ PRIVMSG ann :boop$/,
  );
});

Deno.test("What people do has its time and their account, as what they say has", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "account-tag", "away-notify", "server-time", "setname");
  const { accounts } = room;
  await accounts.register("bob", "correct horse");
  const bob = await room.register("bo", "server-time", "setname");
  bob.send("NICK bob", "PRIVMSG NickServ :IDENTIFY bob correct horse");
  await bob.until(/ 900 /);
  for (const client of [ann, bob]) {
    client.send("JOIN #room");
    await client.sync();
  }
  await ann.sync();
  const time = `time=${new Date(room.clock.now()).toISOString()}`;
  bob.send("AWAY :at lunch", "SETNAME :Bob", "JOIN #other", "INVITE ann #other");
  const own = await bob.sync();
  assertEquals(own.includes(`@${time} :bo!~bo@${HOST} SETNAME :Bob`), true);
  const source = `@${time};account=bob :bo!~bo@${HOST}`;
  assertEquals(await ann.sync(), [
    `${source} AWAY :at lunch`,
    `${source} SETNAME :Bob`,
    `${source} INVITE ann #other`,
  ]);
  await bob.ask("NICK bo2", `@${time} :bo!~bo@${HOST} NICK bo2`);
  await bob.ask("PART #other", `@${time} :bo2!~bo@${HOST} PART #other`);
});
