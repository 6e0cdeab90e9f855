/** Transcripts of MODE for channels. */

import { assertEquals } from "@std/assert";
import { settle } from "../../support/chat_room.ts";
import { HOST, IrcRoom, SERVER } from "../../support/irc_room.ts";

const ANN = `ann!~ann@${HOST}`;

Deno.test("MODE shows the modes of a channel, and changes them for its operator", async () => {
  await using chat = new IrcRoom();
  const [ann, bob] = await chat.registerIn("#tea", "ann", "bob");
  const created = Math.floor(chat.clock.now() / 1000);
  await ann.ask("MODE #tea", `:${SERVER} 324 ann #tea +n`, `:${SERVER} 329 ann #tea ${created}`);
  await ann.ask("MODE #tea +int-m+k sesame", `:${ANN} MODE #tea +itk sesame`);
  await bob.expect(`:${ANN} MODE #tea +itk sesame`);
  await bob.ask(
    "MODE #tea",
    `:${SERVER} 324 bob #tea +intk sesame`,
    `:${SERVER} 329 bob #tea ${created}`,
  );
  const zoe = await chat.register("zoe");
  await zoe.ask(
    "MODE #tea",
    `:${SERVER} 403 zoe #tea :No such channel. LIST shows all channels.`,
  );
  // What is so already is no change.
  await ann.ask("MODE #tea +it");
  await ann.ask("MODE #tea -intk+l *  7", `:${ANN} MODE #tea -intk+l * 7`);
  await zoe.ask("MODE #tea", `:${SERVER} 324 zoe #tea +l 7`, `:${SERVER} 329 zoe #tea ${created}`);
  await ann.ask("MODE #tea -l", `:${ANN} MODE #tea -l`);
  await ann.ask("MODE #tea", `:${SERVER} 324 ann #tea +`, `:${SERVER} 329 ann #tea ${created}`);
});

Deno.test("MODE is refused to others, once, and for nobody and nowhere", async () => {
  await using chat = new IrcRoom();
  const [ann, bob] = await chat.registerIn("#tea", "ann", "bob");
  const zoe = await chat.register("zoe");
  const only = "Only moderators of #tea can do that. Ask ann.";
  await bob.ask("MODE #tea +ob-m bob eve!*@*", `:${SERVER} 482 bob #tea :${only}`);
  await zoe.ask("MODE #tea +m", `:${SERVER} 442 zoe #tea :You are not on that channel.`);
  await zoe.ask(
    "MODE #nowhere +o zoe",
    `:${SERVER} 403 zoe #nowhere :No such channel. LIST shows all channels.`,
  );
  await ann.ask(
    "MODE #tea +o zoe",
    `:${SERVER} 441 ann zoe #tea :They are not on that channel.`,
  );
  await ann.ask(
    "MODE #tea +v nobody",
    `:${SERVER} 401 ann nobody :No such nick. NAMES lists who is there.`,
  );
  await ann.ask(
    "MODE #tea +Zt",
    `:${SERVER} 472 ann Z :is unknown mode char to me. HELP MODE lists them.`,
    `:${ANN} MODE #tea +t`,
  );
  const key = "A key is one word of up to 64 characters, with no commas and no colon at the start.";
  await ann.ask("MODE #tea +k one,two", `:${SERVER} 696 ann #tea k * :${key}`);
  await ann.ask("MODE #tea +k :two words", `:${SERVER} 696 ann #tea k * :${key}`);
  await ann.ask("MODE #tea +k", `:${SERVER} 696 ann #tea k * :${key}`);
  const limit = "A limit is a number of people from 1 to 1,000,000.";
  await ann.ask("MODE #tea +l 1000000", `:${ANN} MODE #tea +l 1000000`);
  await ann.ask("MODE #tea +l 1000001", `:${SERVER} 696 ann #tea l 1000001 :${limit}`);
  await ann.ask("MODE #tea +l abc", `:${SERVER} 696 ann #tea l abc :${limit}`);
  await ann.ask("MODE #tea +l :", `:${SERVER} 696 ann #tea l * :${limit}`);
});

Deno.test("MODE takes as many bans as a line can have parameters", async () => {
  await using chat = new IrcRoom();
  const [ann] = await chat.registerIn("#tea", "ann");
  const masks = Array.from({ length: 13 }, (_, index) => `b${index}!*@*`).join(" ");
  const bans = "b".repeat(13);
  await ann.ask(`MODE #tea +${bans} ${masks}`, `:${ANN} MODE #tea +${bans} ${masks}`);
  await ann.ask(`MODE #tea -${bans} ${masks}`, `:${ANN} MODE #tea -${bans} ${masks}`);
});

Deno.test("MODE gives and takes @ and +, as NAMES shows", async () => {
  await using chat = new IrcRoom();
  const [ann, bob] = await chat.registerIn("#tea", "ann", "bob");
  const cat = await chat.enter("cat");
  await cat.ask("/join tea", "* You are in #tea with ann, bob.");
  await ann.sync();
  await ann.ask("MODE #tea +ov bob bob", `:${ANN} MODE #tea +ov bob bob`);
  await bob.sync();
  await bob.ask("MODE #tea +v-o cat ann", `:bob!~bob@${HOST} MODE #tea +v-o cat ann`);
  await cat.expect(
    "* ann made bob a moderator of #tea while bob is here.",
    "* ann made bob a voice of #tea while bob is here.",
    "* bob made cat a voice of #tea while cat is here.",
    "* bob took the role of moderator in #tea from ann.",
  );
  await ann.sync();
  await ann.ask(
    "NAMES #tea",
    `:${SERVER} 353 ann = #tea :ann @bob +cat`,
    `:${SERVER} 366 ann #tea :End of /NAMES list`,
  );
});

Deno.test("MODE keeps lists of bans, exceptions and invitations", async () => {
  await using chat = new IrcRoom();
  const [ann, bob] = await chat.registerIn("#tea", "ann", "bob");
  const at = Math.floor(chat.clock.now() / 1000);
  await ann.ask("MODE #tea +b eve", `:${ANN} MODE #tea +b eve!*@*`);
  await bob.sync();
  await ann.ask(
    "MODE #tea +bbeI *!*@192.0.2.0/24 $m:zoe!*@* $a:carl b*!*@*",
    `:${ANN} MODE #tea +bbeI *!*@192.0.2.0/24 $m:zoe!*@* $a:carl b*!*@*`,
  );
  await ann.ask("MODE #tea +b EVE!*@*");
  await ann.ask(
    "MODE #tea +b",
    `:${SERVER} 367 ann #tea eve!*@* ann ${at}`,
    `:${SERVER} 367 ann #tea *!*@192.0.2.0/24 ann ${at}`,
    `:${SERVER} 367 ann #tea $m:zoe!*@* ann ${at}`,
    `:${SERVER} 368 ann #tea :End of channel ban list`,
  );
  await ann.ask(
    "MODE #tea eI",
    `:${SERVER} 348 ann #tea $a:carl`,
    `:${SERVER} 349 ann #tea :End of channel exception list`,
    `:${SERVER} 346 ann #tea b*!*@*`,
    `:${SERVER} 347 ann #tea :End of channel invite exception list`,
  );
  await bob.sync();
  // Addresses are for those who keep order.
  await bob.ask(
    "MODE #tea b",
    `:${SERVER} 367 bob #tea eve!*@* ann ${at}`,
    `:${SERVER} 367 bob #tea $m:zoe!*@* ann ${at}`,
    `:${SERVER} 368 bob #tea :End of channel ban list`,
  );
  const eve = await chat.register("Eve");
  await eve.ask(
    "JOIN #tea",
    `:${SERVER} 474 Eve #tea :You are banned from #tea. Ask ann.`,
  );
  await ann.ask("MODE #tea -b eve!*@*", `:${ANN} MODE #tea -b eve!*@*`);
  await ann.ask("MODE #tea -b eve!*@*");
  await ann.ask(
    "MODE #tea +b a,b!c@d",
    `:${SERVER} 696 ann #tea b a,b!c@d :A mask is one word of up to 128 characters, such as ` +
      "*!*@192.0.2.* or bob*!*@*.",
  );
  const kinds = "There is no such kind of mask. Use nick!user@host, an address, or $a:ACCOUNT.";
  for (const mask of ["$r", "$~a", "~q"]) {
    await ann.ask(`MODE #tea +b ${mask}:x`, `:${SERVER} 696 ann #tea b * :${kinds}`);
  }
  assertEquals(chat.access.rules("tea")?.bans.map(({ target }) => target), ["192.0.2.0/24"]);
  await ann.ask("MODE #tea +b ~eve@*", `:${ANN} MODE #tea +b *!~eve@*`);
});

Deno.test("Acts at other doors are told as modes, and what has no mode as a notice", async () => {
  await using chat = new IrcRoom();
  const cat = await chat.enter("cat");
  await cat.ask("/join tea", "* You are in #tea. Nobody else is here yet.");
  const [ann] = await chat.registerIn("#tea", "ann");
  for (const line of ["moderated on", "outside on", "key sesame", "slow 5"]) {
    cat.say(`/room ${line}`);
  }
  cat.say("/ban eve");
  cat.say("/grant ann voice");
  await settle();
  const source = `cat!tcp@${HOST}`;
  assertEquals(await ann.sync(), [
    `:${source} MODE #tea +m`,
    `:${source} MODE #tea -n`,
    `:${source} MODE #tea +k sesame`,
    `:${SERVER} NOTICE #tea :cat set slow mode in #tea: one message in 5 seconds.`,
    `:${source} MODE #tea +b eve!*@*`,
    `:${source} MODE #tea +v ann`,
  ]);
});

Deno.test("Whoever has a role by their account gets their sign on joining and on logging in", async () => {
  await using chat = new IrcRoom();
  const olga = await chat.logIn("olga", { room: "ops" });
  olga.say("/room register");
  await settle();
  const [ann] = await chat.registerIn("#ops", "ann");
  await ann.ask(
    "NAMES #ops",
    `:${SERVER} 353 ann = #ops :@olga ann`,
    `:${SERVER} 366 ann #ops :End of /NAMES list`,
  );
  olga.say("/leave");
  await settle();
  olga.say("/join ops");
  await settle();
  const source = `olga!tcp@${HOST}`;
  assertEquals(await ann.sync(), [
    `:${source} PART #ops`,
    `:${source} JOIN #ops`,
    `:${SERVER} MODE #ops +o olga`,
  ]);
});

Deno.test("MODE n and C decide what a channel takes", async () => {
  await using chat = new IrcRoom();
  const [ann] = await chat.registerIn("#tea", "ann");
  const bob = await chat.register("bob");
  await bob.ask(
    "PRIVMSG #tea :hello",
    `:${SERVER} 404 bob #tea :You are not in #tea. /join #tea enters it.`,
  );
  await ann.ask("MODE #tea -n+C", `:${ANN} MODE #tea -n+C`);
  bob.send("PRIVMSG #tea :hello");
  await ann.expect(`:bob!~bob@${HOST} PRIVMSG #tea :hello`);
  await ann.ask(
    "PRIVMSG #tea :\x01VERSION\x01",
    `:${SERVER} 404 ann #tea :#tea takes no CTCP requests, only text and actions. Ask people in ` +
      "private.",
  );
});

Deno.test("Keys, limits and hidden channels are as on other servers", async () => {
  await using chat = new IrcRoom();
  const [ann] = await chat.registerIn("#tea", "ann");
  const bob = await chat.register("bob");
  await ann.ask("MODE #tea +sk sesame", `:${ANN} MODE #tea +sk sesame`);
  const listed = async (client: typeof ann) =>
    (client.send("LIST"), await client.sync()).filter((line) => / 322 /.test(line));
  assertEquals(await listed(bob), []);
  assertEquals(await listed(ann), [`:${SERVER} 322 ann #tea 1 :`]);
  await bob.ask("JOIN #tea", /^:irc\.test 475 bob #tea :#tea has a key/);
  await bob.ask("JOIN #tea wrong", /^:irc\.test 475 bob #tea :That is not the key/);
  await bob.ask(
    "JOIN #tea sesame",
    `:bob!~bob@${HOST} JOIN #tea`,
    / 353 bob @ #tea :@ann bob$/,
    / 366 /,
  );
  assertEquals(await listed(bob), [`:${SERVER} 322 bob #tea 2 :`]);
  await ann.sync();
  await ann.ask("MODE #tea -k+l * 2", `:${ANN} MODE #tea -k+l * 2`);
  const zoe = await chat.register("zoe");
  await zoe.ask("JOIN #tea", /^:irc\.test 471 zoe #tea :#tea is full/);
});

Deno.test("The answer to a labelled MODE is one line with the label", async () => {
  await using chat = new IrcRoom();
  const ann = await chat.register("ann", "labeled-response", "batch");
  await ann.ask("JOIN #tea", /JOIN/, /353/, /366/);
  await ann.ask("@label=x MODE #tea +mt", `@label=x :${ANN} MODE #tea +mt`);
  await ann.ask("@label=y MODE #tea +m", `@label=y :${SERVER} ACK`);
});

Deno.test("A voice, or an exception of its own, lets somebody speak in spite of a mute", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#tea", "ann", "bob");
  const speak = async () => {
    bob.send("PRIVMSG #tea :hello");
    const refused = (await bob.sync()).some((line) => line.includes(" 404 bob #tea :"));
    const heard = (await ann.sync()).some((line) => line.endsWith(" PRIVMSG #tea :hello"));
    assertEquals(heard, !refused);
    return heard;
  };
  ann.send("MODE #tea +b $m:BOB!*@*");
  await ann.sync();
  assertEquals(await speak(), false);
  ann.send("MODE #tea +v bob");
  await ann.sync();
  assertEquals(await speak(), true);
  ann.send("MODE #tea -v bob", "MODE #tea +e bob");
  await ann.sync();
  assertEquals(await speak(), false);
  await ann.ask("MODE #tea +e ~m:*!~bob@*", `:${ANN} MODE #tea +e $m:*!~bob@*`);
  assertEquals(await speak(), true);
  await ann.ask(
    "MODE #tea e",
    `:${SERVER} 348 ann #tea bob!*@*`,
    `:${SERVER} 348 ann #tea $m:*!~bob@*`,
    `:${SERVER} 349 ann #tea :End of channel exception list`,
  );
  // It lets in nobody.
  ann.send("MODE #tea -e bob", "MODE #tea +b bob");
  await ann.sync();
  bob.send("JOIN #tea");
  await bob.until(/ 474 bob #tea :/);
  await ann.ask("MODE #tea -e $m:*!~bob@*", `:${ANN} MODE #tea -e $m:*!~bob@*`);
});

Deno.test("Parts of addresses in lists are for operators of the channel, too", async () => {
  await using chat = new IrcRoom();
  const [ann, bob] = await chat.registerIn("#tea", "ann", "bob");
  const masks = ["*!*@192.0.2.*", "*!*@2001:db8::*", "$m:*!*@10.*", "*!*@abc123.ip", "*!*@*"];
  ann.send("MODE #tea -b", ...masks.map((mask) => `MODE #tea +e ${mask}`));
  await ann.sync();
  await bob.sync();
  const listed = async (client: typeof ann) => {
    client.send("MODE #tea e");
    return (await client.sync()).slice(0, -1).map((line) => line.split(" ").at(-1));
  };
  assertEquals(await listed(ann), masks);
  assertEquals(await listed(bob), masks.slice(3));
});
