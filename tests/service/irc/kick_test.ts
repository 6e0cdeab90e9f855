/** Transcripts of KICK, INVITE and TOPIC. */

import { HOST, IrcRoom, SERVER } from "../../support/irc_room.ts";

const ANN = `ann!~ann@${HOST}`;
const BOB = `bob!~bob@${HOST}`;

Deno.test("KICK sends people out, told by a KICK each", async () => {
  await using chat = new IrcRoom();
  const [ann, bob, eve] = await chat.registerIn("#tea", "ann", "bob", "eve");
  const cat = await chat.enter("cat");
  await cat.ask("/join tea", "* You are in #tea with ann, bob, eve.");
  for (const client of [ann, bob, eve]) await client.sync();
  await ann.ask("KICK #tea cat,eve :too loud", ...[
    `:${ANN} KICK #tea cat :too loud`,
    `:${ANN} KICK #tea eve :too loud`,
  ]);
  await eve.expect(`:${ANN} KICK #tea cat :too loud`, `:${ANN} KICK #tea eve :too loud`);
  await bob.expect(`:${ANN} KICK #tea cat :too loud`, `:${ANN} KICK #tea eve :too loud`);
  await cat.expect(
    "* ann kicked you from #tea (too loud). /join tea brings you back. You are now talking in " +
      "#lobby.",
  );
  await ann.ask("MODE #tea +o bob", `:${ANN} MODE #tea +o bob`);
  await bob.sync();
  // Whoever keeps order can kick whoever else does; without a comment it is the name of who kicks.
  await bob.ask("KICK #tea ann", `:${BOB} KICK #tea ann :bob`);
  await ann.expect(`:${BOB} KICK #tea ann :bob`);
});

Deno.test("KICK is refused with what is missing", async () => {
  await using chat = new IrcRoom();
  const [ann, bob] = await chat.registerIn("#tea", "ann", "bob");
  const zoe = await chat.register("zoe");
  const only = "Only moderators of #tea can do that. Ask ann.";
  await bob.ask("KICK #tea ann", `:${SERVER} 482 bob #tea :${only}`);
  await zoe.ask("KICK #tea ann", `:${SERVER} 442 zoe #tea :You are not on that channel.`);
  await zoe.ask(
    "KICK #nowhere ann",
    `:${SERVER} 403 zoe #nowhere :No such channel. LIST shows all channels.`,
  );
  await ann.ask("KICK #tea zoe", `:${SERVER} 441 ann zoe #tea :They are not on that channel.`);
  await ann.ask(
    "KICK #tea nobody",
    `:${SERVER} 401 ann nobody :No such nick. NAMES lists who is there.`,
  );
  await ann.ask(
    "KICK #tea",
    `:${SERVER} 461 ann KICK :Not enough parameters. HELP KICK tells what it takes.`,
  );
  await ann.ask(
    "KICK #tea a,b,c,d,e",
    `:${SERVER} 407 ann a,b,c,d,e :Too many targets: at most 4. Nobody was sent out.`,
  );
});

Deno.test("INVITE lets somebody in once, past bans, keys and limits", async () => {
  await using chat = new IrcRoom();
  const [ann] = await chat.registerIn("#tea", "ann");
  const bob = await chat.register("bob");
  await ann.ask("MODE #tea +iklb sesame 1 bob", `:${ANN} MODE #tea +iklb sesame 1 bob!*@*`);
  await bob.ask("JOIN #tea", /^:irc\.test 473 bob #tea :#tea is private\./);
  await ann.ask("INVITE bob #tea", `:${SERVER} 341 ann bob #tea`);
  await bob.expect(`:${ANN} INVITE bob #tea`);
  await bob.ask("INVITE", `:${SERVER} 336 bob :#tea`, `:${SERVER} 337 bob :End of INVITE list`);
  await bob.ask(
    "JOIN #tea",
    `:${BOB} JOIN #tea`,
    `:${SERVER} 353 bob = #tea :@ann bob`,
    `:${SERVER} 366 bob #tea :End of /NAMES list`,
  );
  await bob.ask("INVITE", `:${SERVER} 337 bob :End of INVITE list`);
  await ann.sync();
  await ann.ask(
    "INVITE bob #tea",
    `:${SERVER} 443 ann bob #tea :They are already on that channel.`,
  );
  await bob.ask("PART #tea", `:${BOB} PART #tea`);
  await bob.ask("JOIN #tea", /^:irc\.test 473 /);
});

Deno.test("INVITE by others only tells of a channel, and those who keep order hear of it", async () => {
  await using chat = new IrcRoom();
  const ann = await chat.register("ann", "invite-notify");
  await ann.ask("JOIN #tea", /JOIN/, /353/, /366/);
  const [bob] = await chat.registerIn("#tea", "bob");
  const zoe = await chat.register("zoe");
  const cat = await chat.enter("cat");
  await ann.sync();
  await bob.ask("INVITE cat #tea", `:${SERVER} 341 bob cat #tea`);
  await cat.expect("* bob invited you to #tea. /join tea enters it.");
  await ann.expect(`:${BOB} INVITE cat #tea`);
  await zoe.ask("INVITE cat #tea", `:${SERVER} 442 zoe #tea :You are not on that channel.`);
  await zoe.ask(
    "INVITE nobody #tea",
    `:${SERVER} 401 zoe nobody :No such nick. Nobody here is called that.`,
  );
  await ann.ask("MODE #tea +i", `:${ANN} MODE #tea +i`);
  await bob.sync();
  await bob.ask(
    "INVITE zoe #tea",
    /^:irc\.test 482 bob #tea :Only moderators of #tea can do that/,
  );
});

Deno.test("TOPIC shows and sets the topic, and who set it when", async () => {
  await using chat = new IrcRoom();
  const [ann, bob] = await chat.registerIn("#tea", "ann", "bob");
  const zoe = await chat.register("zoe");
  await bob.ask("TOPIC #tea", `:${SERVER} 331 bob #tea :No topic is set`);
  await bob.ask("TOPIC #tea :green", `:${BOB} TOPIC #tea :green`);
  await ann.expect(`:${BOB} TOPIC #tea :green`);
  const at = Math.floor(chat.clock.now() / 1000);
  const shown = (nick: string) => [
    `:${SERVER} 332 ${nick} #tea :green`,
    `:${SERVER} 333 ${nick} #tea bob ${at}`,
  ];
  await ann.ask("TOPIC #tea", ...shown("ann"));
  await zoe.ask("TOPIC #tea", ...shown("zoe"));
  await zoe.ask("TOPIC #tea :mine", /^:irc\.test 442 zoe #tea :/);
  await zoe.ask("TOPIC #nowhere", /^:irc\.test 403 zoe #nowhere :/);
  await ann.ask("MODE #tea +t", `:${ANN} MODE #tea +t`);
  await bob.sync();
  await bob.ask("TOPIC #tea :red", /^:irc\.test 482 bob #tea :Only moderators may set the topic/);
  await zoe.ask("JOIN #tea", /JOIN/, ...shown("zoe"), /353/, /366/);
  await ann.sync();
  await ann.ask("TOPIC #tea :", `:${ANN} TOPIC #tea :`);
  await zoe.sync();
  await zoe.ask("TOPIC #tea", `:${SERVER} 331 zoe #tea :No topic is set`);
});

Deno.test("A channel whose operator has stepped down has none, and invites only if it is open", async () => {
  await using chat = new IrcRoom();
  const [ann] = await chat.registerIn("#tea", "ann");
  const bob = await chat.register("bob");
  await ann.ask("MODE #tea -o ann", `:${ANN} MODE #tea -o ann`);
  await ann.ask("INVITE bob #tea", `:${SERVER} 341 ann bob #tea`);
  await bob.expect(`:${ANN} INVITE bob #tea`);
  await ann.ask("MODE #tea +i", /^:irc\.test 482 ann #tea :#tea has no owner, so only operators/);
});

Deno.test("A TOPIC that is set answers the line that sets it", async () => {
  await using chat = new IrcRoom();
  const ann = await chat.register("ann", "batch", "labeled-response");
  ann.send("JOIN #tea");
  await ann.sync();
  await ann.ask("@label=x TOPIC #tea :green", `@label=x :${ANN} TOPIC #tea :green`);
});

Deno.test("The topic of a secret channel is shown to its members only", async () => {
  await using chat = new IrcRoom();
  const [ann] = await chat.registerIn("#tea", "ann");
  const zoe = await chat.register("zoe");
  await ann.ask("MODE #tea +s", `:${ANN} MODE #tea +s`);
  await zoe.ask("TOPIC #tea", /^:irc\.test 403 zoe #tea :/);
  await ann.ask("TOPIC #tea", `:${SERVER} 331 ann #tea :No topic is set`);
});
