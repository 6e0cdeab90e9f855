/** Transcripts of what operators of the server do: OPER, KILL, WALLOPS. */

import { assertEquals } from "@std/assert";
import { HOST, IrcRoom, SERVER } from "../../support/irc_room.ts";

const NOT_FOR_YOU = "Permission denied: that is for operators of the server. OPER makes you one.";

/** A chat with the account of an operator, and one of somebody else. */
async function open() {
  const chat = new IrcRoom();
  await chat.addAccount("root", true);
  await chat.addAccount("carl");
  return chat;
}

Deno.test("OPER logs in to the account of an operator, under any name", async () => {
  await using chat = await open();
  const ann = await chat.register("ann");
  await ann.ask("OPER root wrong", /^:irc\.test 464 ann :/);
  await ann.ask("OPER nobody secret", /^:irc\.test 464 ann :/);
  await ann.ask("OPER carl :correct horse", /^:irc\.test 491 ann :That account is not an/);
  await ann.ask(
    "OPER root",
    `:${SERVER} 461 ann OPER :Not enough parameters. HELP OPER tells what it takes.`,
  );
  await ann.ask(
    "OPER root :correct horse",
    `:${SERVER} 900 ann ann!~ann@${HOST} root :You are now logged in as root`,
    `:${SERVER} 381 ann :You are now an IRC operator`,
    `:ann!~ann@${HOST} MODE ann +o`,
  );
});

Deno.test("KILL disconnects people of any door, for operators, and is recorded", async () => {
  await using chat = await open();
  const [ann, bob, zoe] = await chat.registerIn("#tea", "ann", "bob", "zoe");
  const cat = await chat.enter("cat");
  await ann.ask("KILL bob :spam", `:${SERVER} 481 ann :${NOT_FOR_YOU}`);
  ann.send("OPER root :correct horse");
  await ann.sync();
  await ann.ask(
    "KILL nobody :x",
    `:${SERVER} 401 ann nobody :No such nick. Nobody here is called that.`,
  );
  ann.send("KILL bob :spam");
  const last = await bob.expectEnd();
  assertEquals(last.slice(-2), [
    `:ann!~ann@${HOST} KILL bob :Killed by ann (spam)`,
    "ERROR :Closing link: Killed by ann (spam)",
  ]);
  await zoe.expect(`:bob!~bob@${HOST} QUIT :Killed by ann (spam)`);
  ann.send("KILL cat");
  await cat.expect("! ann disconnected you.");
  await ann.sync();
  const acts = await chat.log.read("moderation", 0, 10);
  assertEquals(acts.map(({ body }) => body), [
    "ann (account root) disconnected bob from the server (spam).",
    "ann (account root) disconnected cat from the server.",
  ]);
});

Deno.test("WALLOPS goes to those who asked for it", async () => {
  await using chat = await open();
  const ann = await chat.register("ann");
  const bob = await chat.register("bob");
  const zoe = await chat.register("zoe");
  await bob.ask("MODE bob +w", `:bob!~bob@${HOST} MODE bob +w`);
  await ann.ask("WALLOPS :hello", `:${SERVER} 481 ann :${NOT_FOR_YOU}`);
  ann.send("OPER root :correct horse");
  await ann.sync();
  await ann.ask("WALLOPS :restart at ten");
  await bob.expect(`:ann!~ann@${HOST} WALLOPS :restart at ten`);
  assertEquals(await zoe.sync(), []);
});

Deno.test("REHASH is for operators", async () => {
  await using chat = await open();
  const ann = await chat.register("ann");
  await ann.ask("REHASH", `:${SERVER} 481 ann :${NOT_FOR_YOU}`);
  ann.send("OPER root :correct horse");
  await ann.sync();
  await ann.ask("REHASH", /^:irc\.test 382 ann partyline\.toml :Rehashing: /);
});
