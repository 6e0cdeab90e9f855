/** Transcripts of messages to those in a channel who have a sign. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { HOST, IrcRoom, SERVER } from "../../../support/irc_room.ts";

const BOB = `bob!~bob@${HOST}`;

Deno.test("PRIVMSG @#channel reaches those who keep order there, at every door, and nobody else", async () => {
  await using chat = new IrcRoom();
  const [ann, bob, eve] = await chat.registerIn("#tea", "ann", "bob", "eve");
  const cat = await chat.enter("cat");
  await cat.ask("/join tea", "* You are in #tea with ann, bob, eve.");
  for (const client of [ann, bob, eve]) await client.sync();
  await ann.ask("MODE #tea +ov cat eve", `:ann!~ann@${HOST} MODE #tea +ov cat eve`);
  for (const client of [bob, eve]) await client.sync();
  await cat.expect(
    "* ann made cat a moderator of #tea while cat is here.",
    "* ann made eve a voice of #tea while eve is here.",
  );

  await bob.ask("PRIVMSG @#tea :he is \x1b[31mback");
  await ann.expect(`:${BOB} PRIVMSG @#tea :he is ␛[31mback`);
  await cat.expect("* bob to the moderators of #tea: he is back");
  await eve.sync();
  await bob.ask("PRIVMSG +#tea :\x01ACTION waves\x01");
  await ann.expect(`:${BOB} PRIVMSG +#tea :\x01ACTION waves\x01`);
  await eve.expect(`:${BOB} PRIVMSG +#tea :\x01ACTION waves\x01`);
  await cat.expect("* To voices of #tea: bob waves");
  await bob.ask("NOTICE @#tea :psst");
  await ann.expect(`:${BOB} NOTICE @#tea :psst`);
  await cat.expect("* bob to the moderators of #tea: psst");
});

Deno.test("PRIVMSG @#channel takes the right to speak there, and none of it is kept", async () => {
  await using chat = new IrcRoom();
  const [ann, bob] = await chat.registerIn("#tea", "ann", "bob");
  const zoe = await chat.register("zoe");
  await zoe.ask(
    "PRIVMSG @#tea :hello",
    `:${SERVER} 404 zoe @#tea :You are not in #tea. /join #tea enters it.`,
  );
  await ann.ask("MODE #tea +m", `:ann!~ann@${HOST} MODE #tea +m`);
  await bob.sync();
  await bob.ask(
    "PRIVMSG @#tea :let me speak",
    `:${SERVER} 404 bob @#tea :You may not speak in #tea now.`,
  );
  await bob.ask(
    "PRIVMSG @#teapot :hello",
    `:${SERVER} 403 bob @#teapot :There is no channel #teapot. LIST lists them.`,
  );
  await ann.ask("MODE #tea -m+C", `:ann!~ann@${HOST} MODE #tea -m+C`);
  await bob.sync();
  await bob.ask(
    "PRIVMSG @#tea :\x01VERSION\x01",
    `:${SERVER} 404 bob @#tea :You may not speak in #tea now.`,
  );
  await bob.ask("PRIVMSG @#tea :\x01ACTION waves\x01");
  await ann.sync();
});

Deno.test("TAGMSG @#channel reaches the clients of those who keep order there, and nobody else", async () => {
  await using chat = new IrcRoom();
  const caps = ["message-tags", "echo-message"];
  const people = [];
  for (const nick of ["ann", "bob", "eve"]) {
    const client = await chat.register(nick, ...caps);
    client.send("JOIN #tea");
    await client.sync();
    people.push(client);
  }
  const [ann, bob, eve] = people;
  for (const client of people) await client.sync();
  bob.send("@+typing=active TAGMSG @#tea");
  const [echo] = await bob.sync();
  assertEquals(echo.replace(/msgid=\S+;/, ""), `@+typing=active :${BOB} TAGMSG @#tea`);
  assertEquals(await ann.sync(), [echo]);
  assertEquals(await eve.sync(), []);
});

Deno.test("TAGMSG @#channel tells who is not in the channel why, as PRIVMSG does", async () => {
  await using chat = new IrcRoom();
  await chat.registerIn("#tea", "ann");
  const bob = await chat.register("bob", "message-tags");
  for (const [target, channel] of [["@#tea", "#tea"], ["+#teapot", "#teapot"]]) {
    bob.send(`PRIVMSG ${target} :hello`);
    const [refusal] = await bob.sync();
    assertStringIncludes(refusal, ` ${channel}`);
    await bob.ask(`@+typing=active TAGMSG ${target}`, refusal);
  }
});

Deno.test("PRIVMSG @#channel lets others have their turn in a room of thousands", async () => {
  await using chat = new IrcRoom();
  const [ann, bob] = await chat.registerIn("#tea", "ann", "bob");
  for (let number = 0; number < 3000; number++) {
    const member = { nickname: `guest${number}`, via: "tcp", origin: 10_000 + number };
    await chat.registry.membership.join(member, "tea", () => {});
  }
  await chat.registry.settled();
  for (const client of [ann, bob]) await client.sync();
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    for (; !isDone; turns++) await setImmediate();
  })();
  const before = turns;
  await bob.ask("PRIVMSG @#tea :psst");
  isDone = true;
  await others;
  assert(turns - before >= 3000 / 500, `${turns - before} turns`);
  assertEquals(await ann.sync(), [`:${BOB} PRIVMSG @#tea :psst`]);
});

Deno.test("A message for those with a sign arrives as a notice if the node does not know its sender", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.sync();
  room.chat.people.find("ann")!.screen.showSigned!({
    from: "bob",
    room: "lab",
    sign: "@",
    kind: "message",
    body: "disk full",
    id: "1",
    at: 0,
    words: "bob to the moderators of #lab: disk full",
  });
  await ann.expect(":irc.test NOTICE ann :bob to the moderators of #lab: disk full");
});
