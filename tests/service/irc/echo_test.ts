/** What comes back to those who say it: echo-message and labeled-response, as transcripts. */

import { assertEquals, assertMatch } from "@std/assert";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const ANN = `:ann!~ann@${HOST}`;
const CAPS = ["batch", "echo-message", "labeled-response", "message-tags"];

/** Without the tag `msgid`, which is random. */
function withoutMsgid(line: string): string {
  return line.replace(/msgid=[\w-]{36};?/, "").replace(/^@ |; /, (end) => end === "@ " ? "" : " ");
}

Deno.test("The echo of one message has the label, and other people's copies do not", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...CAPS);
  const bob = await room.register("bob", ...CAPS);
  for (const client of [ann, bob]) {
    client.send("JOIN #lab");
    await client.sync();
  }
  await ann.sync();
  for (const verb of ["PRIVMSG", "NOTICE"]) {
    ann.send(`@label=x ${verb} bob :hi`);
    const [echo] = await ann.sync();
    assertEquals(withoutMsgid(echo), `@label=x ${ANN} ${verb} bob :hi`);
    assertEquals(await bob.sync(), [echo.replace("label=x;", "")]);
  }
  ann.send("@label=x;+draft/react=y TAGMSG #lab");
  const [echo] = await ann.sync();
  assertEquals(withoutMsgid(echo), `@label=x;+draft/react=y ${ANN} TAGMSG #lab`);
  assertEquals(await bob.sync(), [echo.replace("label=x;", "")]);
});

Deno.test("The echoes of a message to several come in one batch", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...CAPS);
  const [bob, eve] = [await room.register("bob"), await room.register("eve")];
  for (const line of ["@label=x PRIVMSG bob,eve :hi", "@label=x;+y TAGMSG bob,eve"]) {
    ann.send(line);
    const [begin, first, second, end, ...more] = await ann.sync();
    const name = /^@label=x :irc.test BATCH \+(\S+) labeled-response$/.exec(begin)?.[1];
    assertEquals(end, `:irc.test BATCH -${name}`);
    for (const [line, target] of [[first, "bob"], [second, "eve"]]) {
      assertMatch(line, new RegExp(`^@batch=${name};msgid=\\S+ ${ANN} (PRIVMSG|TAGMSG) ${target}`));
    }
    assertEquals(more, []);
  }
  for (const client of [bob, eve]) assertEquals((await client.sync()).length, 1);
});

Deno.test("What somebody writes to themselves arrives, and its echo comes before it", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...CAPS);
  for (const line of ["PRIVMSG ann :hi", "NOTICE ann :hi", "@+y TAGMSG ann"]) {
    const label = line.startsWith("@") ? line.replace("@", "@label=x;") : `@label=x ${line}`;
    ann.send(label);
    const [echo, arrived, ...more] = await ann.sync();
    assertEquals(echo, arrived.replace("@", "@label=x;"));
    assertEquals(more, []);
    ann.send(line);
    const [one, other, ...rest] = await ann.sync();
    assertEquals(one, other);
    assertEquals(rest, []);
  }
  const bob = await room.register("bob");
  await bob.ask("PRIVMSG bob :lag", `:bob!~bob@${HOST} PRIVMSG bob :lag`);
});

Deno.test("A label is on the echo and on everything else that answers a message", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...CAPS);
  const bob = await room.register("bob");
  await bob.ask("AWAY :lunch", ":irc.test 306 bob :You have been marked as being away");
  ann.send("@label=x PRIVMSG bob :hi");
  const [begin, echo, away, end, ...more] = await ann.sync();
  const name = /^@label=x :irc.test BATCH \+(\S+) labeled-response$/.exec(begin)?.[1];
  assertEquals(withoutMsgid(echo), `@batch=${name} ${ANN} PRIVMSG bob :hi`);
  assertEquals(away, `@batch=${name} :irc.test 301 ann bob :lunch`);
  assertEquals([end, ...more], [`:irc.test BATCH -${name}`]);
});

Deno.test("Nothing overtakes an answer with a label", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#lab", "ann", "bob");
  await ann.ask("MODE #lab +b eve", `${ANN} MODE #lab +b eve!*@*`);
  await bob.sync();
  bob.send("CAP REQ :batch labeled-response");
  await bob.sync();
  // Who takes the name of somebody banned has to leave.
  bob.send("@label=x NICK eve");
  const lines = await bob.sync();
  const [begin, nick, kick] = lines;
  const name = /^@label=x :irc.test BATCH \+(\S+) labeled-response$/.exec(begin)?.[1];
  assertEquals(nick, `@batch=${name} :bob!~bob@${HOST} NICK eve`);
  assertEquals(kick, `${ANN} KICK #lab eve :banned`);
  assertEquals(lines.at(-1), `:irc.test BATCH -${name}`);
});

Deno.test("Tags of 4094 bytes go along with a message whole", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...CAPS);
  const bob = await room.register("bob", "message-tags");
  for (const client of [ann, bob]) {
    client.send("JOIN #lab");
    await client.sync();
  }
  await ann.sync();
  const tags = `foo=bar;+baz=${"a".repeat(4081)}`;
  for (const line of ["TAGMSG #lab", `PRIVMSG #lab :${"b".repeat(400)}`]) {
    ann.send(`@${tags} ${line}`);
    const [echo] = await ann.sync();
    assertMatch(echo, /^@msgid=\S+;\+baz=a{4081} :ann\S+ (TAGMSG #lab|PRIVMSG #lab :b{400})$/);
    assertEquals(await bob.sync(), [echo]);
  }
  await ann.ask(`@${tags}a TAGMSG #lab`, / 417 ann :/);
  assertEquals(await bob.sync(), []);
});

Deno.test("A message that echoes nothing is acknowledged", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "batch", "labeled-response");
  await room.register("bob");
  await ann.ask("@label=x PRIVMSG bob :hi", "@label=x :irc.test ACK");
  await ann.ask("@label=x PONG y", "@label=x :irc.test ACK");
  await ann.ask("@label=x PING y", "@label=x :irc.test PONG irc.test :y");
});

Deno.test("Lines that cannot be used are refused under their label", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...CAPS);
  ann.sendBytes(new Uint8Array([...new TextEncoder().encode("@label=x PRIVMSG ann hi"), 0xaa, 10]));
  await ann.expect(/^@label=x :irc\.test FAIL PRIVMSG INVALID_UTF8 :/);
  ann.send(`@label=y PRIVMSG ann ${"a".repeat(500)}`);
  await ann.expect(/^@label=y :irc\.test 417 ann :/);
});

Deno.test("Nothing answers a NOTICE, whatever is wrong with it", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const bob = await room.register("bob");
  await bob.ask("AWAY :at lunch", ":irc.test 306 bob :You have been marked as being away");
  ann.send(
    "NOTICE",
    "NOTICE bob",
    "NOTICE bob :",
    "NOTICE eve :hi",
    "NOTICE #x :hi",
    "NOTICE bob :hi",
  );
  assertEquals(await ann.sync(), []);
  await bob.expect(`${ANN} NOTICE bob :hi`);
});

Deno.test("All who get a message are told the same time, however long that takes", async () => {
  await using room = new IrcRoom();
  const now = room.clock.now.bind(room.clock);
  let looks = 0;
  const caps = ["echo-message", "message-tags", "server-time"];
  const ann = await room.register("ann", ...caps);
  // A client with another form of lines is told separately.
  const [bob, eve] = [await room.register("bob", ...caps), await room.register("eve", ...caps)];
  eve.send("CAP REQ account-tag");
  for (const client of [bob, ann, eve]) {
    client.send("JOIN #lab");
    await client.sync();
  }
  bob.send("MODE #lab +oo eve ann");
  for (const client of [bob, ann, eve]) await client.sync();
  room.clock.now = () => now() + looks++;
  for (
    const line of ["PRIVMSG bob :hi", "PRIVMSG @#lab :hi", "@+y TAGMSG #lab", "@+y TAGMSG bob"]
  ) {
    ann.send(line);
    const copies = [...await ann.sync(), ...await bob.sync(), ...await eve.sync()];
    assertEquals(copies.length, line.includes("#") ? 3 : 2, copies.join("\n"));
    assertEquals(new Set(copies.map((copy) => /time=([^; ]+)/.exec(copy)?.[1])).size, 1, line);
  }
});

Deno.test("A notice to somebody without an account is answered by nothing", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await room.register("bob");
  ann.send("NS REGISTER sesame");
  await ann.until(/ NOTICE ann :Account created/);
  await ann.ask("NOTICE bob :hi");
  await ann.ask("PRIVMSG bob :hi", / NOTICE ann :This is not kept, because bob is not logged in/);
});

Deno.test("A label is on the KICK and the REDACT that come of a line", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...CAPS, "draft/message-redaction");
  ann.send("JOIN #lab");
  await ann.sync();
  const [bob, eve] = await room.registerIn("#lab", "bob", "eve");
  bob.send("PRIVMSG #lab :spam");
  await bob.sync();
  await ann.sync();
  const withoutMsgids = (lines: string[]) =>
    lines.map((line) => line.replace(/msgid=[^ ;]+;?/, ""));
  ann.send("@label=a REDACT #lab lab#4 :no");
  assertEquals(withoutMsgids(await ann.sync()), [`@label=a; ${ANN} REDACT #lab lab#4 :no`]);
  ann.send("@label=b KICK #lab bob :out", "@label=c KICK #lab bob");
  assertEquals(
    withoutMsgids(await ann.sync()),
    [
      `@label=b; ${ANN} KICK #lab bob :out`,
      ":irc.test 441 ann bob #lab :They are not on that channel.",
    ].map((line, index) => index === 1 ? `@label=c ${line}` : line),
  );
  bob.send("JOIN #lab");
  await bob.sync();
  await ann.sync();
  ann.send("@label=d KICK #lab bob,eve :both");
  const batch = withoutMsgids(await ann.sync());
  assertEquals(batch.length, 4);
  assertMatch(batch[0], /^@label=d :irc\.test BATCH \+(\w+) labeled-response$/);
  assertMatch(batch[1], /^@batch=\w+; :ann\S+ KICK #lab bob :both$/);
  assertMatch(batch[2], /^@batch=\w+; :ann\S+ KICK #lab eve :both$/);
  assertEquals((await eve.sync()).at(-1), `${ANN} KICK #lab eve :both`);
});
