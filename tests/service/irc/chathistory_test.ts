/** `CHATHISTORY` (IRCv3 draft/chathistory and draft/event-playback), as transcripts. */

import { assertEquals, assertMatch } from "@std/assert";
import { logInAs } from "../../support/account_people.ts";
import type { IrcClient } from "../../support/irc_client.ts";
import {
  askForHistory,
  askForTaggedHistory,
  HISTORY_CAPS,
  linesInBatch,
} from "../../support/irc_history.ts";
import { rounds } from "../../support/rounds.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const ANN = `:ann!~ann@${HOST}`;

/** A channel with ten messages, a second apart: #2 to #11, because #1 is the joining. */
async function tenMessages(room: IrcRoom, ...caps: string[]): Promise<IrcClient> {
  const ann = await room.register("ann", ...HISTORY_CAPS, ...caps);
  ann.send("JOIN #lab");
  await ann.sync();
  for (let number = 2; number <= 11; number++) {
    await room.clock.advance(1000);
    ann.send(`PRIVMSG #lab :message ${number}`);
    await ann.sync();
  }
  return ann;
}

/** The numbers of the messages in a part of the history. */
async function numbers(client: IrcClient, line: string): Promise<number[]> {
  const lines = await askForHistory(client, line);
  return lines.map((line) => Number(/^PRIVMSG #lab :message (\d+)$/.exec(line)?.[1]));
}

/** A number's selectors. */
function places(room: IrcRoom, number: number): string[] {
  const at = room.clock.now() - (11 - number) * 1000;
  return [`msgid=lab#${number}`, `timestamp=${new Date(at).toISOString()}`];
}

Deno.test("CHATHISTORY LATEST returns the end of the history", async () => {
  await using room = new IrcRoom();
  const ann = await tenMessages(room);
  assertEquals(await numbers(ann, "CHATHISTORY LATEST #lab * 100"), [
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
  ]);
  assertEquals(await numbers(ann, "CHATHISTORY LATEST #lab * 2"), [10, 11]);
  for (const place of places(room, 8)) {
    assertEquals(await numbers(ann, `CHATHISTORY LATEST #lab ${place} 100`), [9, 10, 11]);
    assertEquals(await numbers(ann, `CHATHISTORY LATEST #lab ${place} 2`), [10, 11]);
  }
});

Deno.test("CHATHISTORY BEFORE and AFTER return what is next to a place, without it", async () => {
  await using room = new IrcRoom();
  const ann = await tenMessages(room);
  for (const place of places(room, 6)) {
    assertEquals(await numbers(ann, `CHATHISTORY BEFORE #lab ${place} 100`), [2, 3, 4, 5]);
    assertEquals(await numbers(ann, `CHATHISTORY BEFORE #lab ${place} 2`), [4, 5]);
    assertEquals(await numbers(ann, `CHATHISTORY AFTER #lab ${place} 100`), [7, 8, 9, 10, 11]);
    assertEquals(await numbers(ann, `CHATHISTORY AFTER #lab ${place} 2`), [7, 8]);
  }
  assertEquals(await numbers(ann, "CHATHISTORY BEFORE #lab msgid=lab#2 9"), []);
  assertEquals(await numbers(ann, "CHATHISTORY AFTER #lab msgid=lab#99 9"), []);
});

Deno.test("CHATHISTORY AROUND returns both sides of a place, with it", async () => {
  await using room = new IrcRoom();
  const ann = await tenMessages(room);
  for (const place of places(room, 6)) {
    assertEquals(await numbers(ann, `CHATHISTORY AROUND #lab ${place} 1`), [6]);
    assertEquals(await numbers(ann, `CHATHISTORY AROUND #lab ${place} 3`), [5, 6, 7]);
    assertEquals(await numbers(ann, `CHATHISTORY AROUND #lab ${place} 4`), [4, 5, 6, 7]);
  }
});

Deno.test("CHATHISTORY BETWEEN goes from the first place towards the second", async () => {
  await using room = new IrcRoom();
  const ann = await tenMessages(room);
  for (const index of [0, 1]) {
    const [low, high] = [places(room, 3)[index], places(room, 9)[index]];
    assertEquals(await numbers(ann, `CHATHISTORY BETWEEN #lab ${low} ${high} 99`), [4, 5, 6, 7, 8]);
    assertEquals(await numbers(ann, `CHATHISTORY BETWEEN #lab ${high} ${low} 99`), [4, 5, 6, 7, 8]);
    assertEquals(await numbers(ann, `CHATHISTORY BETWEEN #lab ${low} ${high} 2`), [4, 5]);
    assertEquals(await numbers(ann, `CHATHISTORY BETWEEN #lab ${high} ${low} 2`), [7, 8]);
    assertEquals(await numbers(ann, `CHATHISTORY BETWEEN #lab ${low} ${low} 9`), []);
  }
});

Deno.test("History has the messages as they were sent, with their tags", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...HISTORY_CAPS);
  ann.send("JOIN #lab");
  await ann.sync();
  ann.send("@+x=1 PRIVMSG #lab :one", "NOTICE #lab :two", "PRIVMSG #lab :\x01ACTION waves\x01");
  const said = await ann.sync();
  const tim = await room.enter("tim");
  tim.say("/join lab", "from another door");
  await tim.read();
  said.push((await ann.sync())[1]);
  assertEquals(await askForTaggedHistory(ann, "CHATHISTORY LATEST #lab * 9", "#lab"), said);
});

Deno.test("History has what happened only with event-playback", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...HISTORY_CAPS, "draft/event-playback");
  const bob = await room.register("bob", ...HISTORY_CAPS);
  for (const client of [ann, bob]) {
    client.send("JOIN #lab");
    await client.sync();
  }
  const tim = await room.enter("tim");
  tim.say("/join lab", "/topic test", "hi", "/nick tom", "/leave lab");
  await tim.read();
  assertEquals(await askForHistory(ann, "CHATHISTORY LATEST #lab * 99"), [
    "JOIN #lab",
    "JOIN #lab",
    "JOIN #lab",
    "TOPIC #lab :test",
    "PRIVMSG #lab :hi",
    "NICK tom",
    "PART #lab",
  ]);
  assertEquals(await askForHistory(bob, "CHATHISTORY LATEST #lab * 99"), ["PRIVMSG #lab :hi"]);
});

Deno.test("History tells who was sent out, and who left the server", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...HISTORY_CAPS, "draft/event-playback");
  ann.send("JOIN #lab");
  await ann.sync();
  const start = async (nick: string) => {
    const client = await room.register(nick);
    client.send("JOIN #lab");
    await client.sync();
    return client;
  };
  const bob = await start("bob");
  ann.send("KICK #lab bob :be nice");
  await ann.sync();
  bob.send("JOIN #lab", "PART #lab :kicked by ann: no", "JOIN #lab");
  await bob.sync();
  ann.send("KICK #lab bob");
  await ann.sync();
  const eve = await start("eve");
  eve.send("QUIT :bye");
  await eve.expect(/^ERROR/);
  await (await start("joe")).leave();
  const tim = await room.enter("tim");
  tim.say("/join lab", "/quit so long");
  await tim.read();
  const lines = await askForTaggedHistory(ann, "CHATHISTORY LATEST #lab * 99", "#lab");
  const left = lines.map((line) => line.replace(/^@\S+ /, "")).filter((line) =>
    !/ JOIN /.test(line)
  );
  assertEquals(left.map((line) => line.replace(/!\S+/, "")), [
    ":ann KICK #lab bob :be nice",
    ":bob PART #lab :kicked by ann: no",
    ":ann KICK #lab bob :ann",
    ":eve QUIT :Quit: bye",
    ":joe QUIT :Connection closed",
    ":tim QUIT :Quit: so long",
  ]);
});

Deno.test("Without batches, history has only what was said", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "draft/chathistory", "draft/event-playback");
  ann.send("JOIN #lab", "PRIVMSG #lab :hi");
  await ann.sync();
  await ann.ask("CHATHISTORY LATEST #lab * 99", `${ANN} PRIVMSG #lab :hi`);
});

Deno.test("A labelled request is answered with one batch that has the label", async () => {
  await using room = new IrcRoom();
  const ann = await tenMessages(room);
  ann.send("@label=x CHATHISTORY LATEST #lab * 1");
  const lines = await ann.sync();
  assertMatch(lines[0], /^@label=x :irc.test BATCH \+\S+ chathistory #lab$/);
  assertEquals(lines.length, 3);
  await ann.ask("@label=y CHATHISTORY LATEST #none * 1", /^@label=y :irc.test FAIL CHATHISTORY /);
});

Deno.test("A client without batches gets the messages as they are", async () => {
  await using room = new IrcRoom();
  await tenMessages(room);
  const bob = await room.register("bob");
  bob.send("JOIN #lab");
  await bob.sync();
  await bob.ask(
    "CHATHISTORY LATEST #lab * 2",
    `${ANN} PRIVMSG #lab :message 10`,
    `${ANN} PRIVMSG #lab :message 11`,
  );
});

Deno.test("History is only for those who are in the channel", async () => {
  await using room = new IrcRoom();
  await tenMessages(room);
  const bob = await room.register("bob", ...HISTORY_CAPS);
  for (const target of ["#lab", "#none", "ann", "nobody", "@ann+tim"]) {
    await bob.ask(
      `CHATHISTORY LATEST ${target} * 9`,
      new RegExp(`^:irc.test FAIL CHATHISTORY INVALID_TARGET LATEST ${target.replace("+", ".")} :`),
    );
  }
  bob.send("JOIN #lab");
  await bob.sync();
  assertEquals((await numbers(bob, "CHATHISTORY LATEST #LAB * 9")).length, 9);
  bob.send("PART #lab");
  await bob.sync();
  await bob.ask("CHATHISTORY LATEST #lab * 9", / FAIL CHATHISTORY INVALID_TARGET LATEST #lab :/);
});

Deno.test("A request that means nothing is refused with what to do", async () => {
  await using room = new IrcRoom();
  const ann = await tenMessages(room);
  const fail = (text: string) => new RegExp(`^:irc.test FAIL CHATHISTORY ${text} :`);
  await ann.ask("CHATHISTORY", fail("NEED_MORE_PARAMS \\*"));
  await ann.ask("CHATHISTORY WHATEVER #lab * 9", fail("INVALID_PARAMS WHATEVER"));
  await ann.ask("CHATHISTORY LATEST #lab *", fail("INVALID_PARAMS LATEST"));
  await ann.ask("CHATHISTORY BETWEEN #lab msgid=lab#1 9", fail("INVALID_PARAMS BETWEEN"));
  await ann.ask("CHATHISTORY BEFORE #lab * 9", fail("INVALID_PARAMS BEFORE \\*"));
  await ann.ask("CHATHISTORY BEFORE #lab msgid=x 9", fail("INVALID_PARAMS BEFORE msgid=x"));
  await ann.ask(
    "CHATHISTORY BEFORE #lab msgid=other#1 9",
    fail("INVALID_PARAMS BEFORE msgid=oth.*"),
  );
  await ann.ask("CHATHISTORY BEFORE #lab timestamp=now 9", fail("INVALID_PARAMS BEFORE timest.*"));
  await ann.ask("CHATHISTORY BEFORE #lab id=1 9", fail("INVALID_MSGREFTYPE BEFORE #lab"));
  await ann.ask("CHATHISTORY LATEST #lab * 0", fail("INVALID_PARAMS LATEST 0"));
  await ann.ask("CHATHISTORY LATEST #lab * many", fail("INVALID_PARAMS LATEST many"));
  await ann.ask(
    "CHATHISTORY TARGETS msgid=lab#1 msgid=lab#2 9",
    fail("INVALID_PARAMS TARGETS ms.*"),
  );
});

Deno.test("While the log cannot be read, the answer says so, and the session goes on", async () => {
  await using room = new IrcRoom();
  const ann = await tenMessages(room);
  room.log.isUnreadable = true;
  await ann.ask(
    "CHATHISTORY LATEST #lab * 9",
    /^:irc.test FAIL CHATHISTORY MESSAGE_ERROR LATEST #lab :/,
  );
  room.log.isUnreadable = false;
  assertEquals(await numbers(ann, "CHATHISTORY LATEST #lab * 1"), [11]);
});

Deno.test("In a room with no-log there is no history, and no hole either", async () => {
  await using room = new IrcRoom();
  const ann = await tenMessages(room, "draft/event-playback");
  const owner = await room.logIn("olga", { room: "lab", isOperator: true });
  owner.say("/room register", "/room no-log on", "secret", "/room no-log off", "open");
  await owner.read();
  const lines = await askForHistory(ann, "CHATHISTORY AFTER #lab msgid=lab#11 20");
  assertEquals(lines.some((line) => line.includes("secret")), false);
  assertEquals(lines.includes("PRIVMSG #lab :open"), true);
  const seqs = await askForTaggedHistory(ann, "CHATHISTORY AFTER #lab msgid=lab#11 20", "#lab");
  const numbersSeen = seqs.map((line) => Number(/msgid=lab#(\d+)/.exec(line)![1]));
  assertEquals(numbersSeen, numbersSeen.map((_, index) => 12 + index));
});

Deno.test("What two accounts write to each other is history for both, by nickname", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...HISTORY_CAPS);
  const bob = await room.register("bob", ...HISTORY_CAPS);
  for (const name of ["ann", "bob"]) await logInAs(room, name);
  ann.send("PRIVMSG bob :one");
  const said = await ann.sync();
  bob.send("PRIVMSG ann :two");
  said.push(...(await bob.sync()).slice(-1));
  for (const [client, partner] of [[ann, "bob"], [bob, "ann"], [bob, "ANN"]] as const) {
    const lines = await askForTaggedHistory(client, `CHATHISTORY LATEST ${partner} * 9`, partner);
    assertEquals(lines, said);
  }
  assertEquals(await askForHistory(ann, "CHATHISTORY BEFORE bob msgid=@ann+bob#2 9"), [
    "PRIVMSG bob :one",
  ]);
  const eve = await room.register("eve", ...HISTORY_CAPS);
  await logInAs(room, "eve");
  assertEquals(await askForHistory(eve, "CHATHISTORY LATEST ann * 9"), []);
  await eve.ask("CHATHISTORY LATEST @ann+bob * 9", / FAIL CHATHISTORY INVALID_TARGET /);
});

Deno.test("What an account writes to itself is kept, and arrives after its echo", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", ...HISTORY_CAPS);
  await logInAs(room, "ann");
  await ann.sync();
  ann.send("PRIVMSG ann :one", "@label=x PRIVMSG ann :two");
  const [first, again, echo, second, ...more] = await ann.sync();
  assertEquals([first, echo, more], [again, second.replace("@", "@label=x;"), []]);
  assertEquals(await askForTaggedHistory(ann, "CHATHISTORY LATEST ann * 9", "ann"), [
    first,
    second,
  ]);
});

Deno.test("Sessions of an account under other names see a conversation as their own", async () => {
  await using room = new IrcRoom();
  const clients = [];
  for (const nick of ["ann", "phone", "bob"]) {
    clients.push(await room.register(nick, "echo-message"));
    await logInAs(room, nick, nick === "bob" ? "bob" : "ann");
  }
  const [ann, phone, bob] = clients;
  for (const client of clients) await client.sync();
  ann.send("PRIVMSG bob :one");
  await ann.sync();
  bob.send("PRIVMSG ann :two");
  await bob.sync();
  const BOB = `:bob!~bob@${HOST}`;
  assertEquals(await ann.sync(), [`${BOB} PRIVMSG ann :two`]);
  assertEquals(await phone.sync(), [
    `:phone!~phone@${HOST} PRIVMSG bob :one`,
    `${BOB} PRIVMSG phone :two`,
  ]);
});

Deno.test("CHATHISTORY TARGETS lists where something was said, and when", async () => {
  await using room = new IrcRoom();
  const ann = await tenMessages(room);
  await room.register("bob");
  for (const name of ["ann", "bob"]) await logInAs(room, name);
  await ann.sync();
  await room.clock.advance(5000);
  ann.send("JOIN #quiet", "PRIVMSG bob :hi");
  const at = new Date(room.clock.now());
  const ask = async (...params: string[]) => {
    await ann.sync();
    ann.send(["CHATHISTORY TARGETS", ...params].join(" "));
    return linesInBatch(await ann.sync(), "draft/chathistory-targets");
  };
  const early = "timestamp=2000-01-01T00:00:00.000Z";
  const late = "timestamp=2100-01-01T00:00:00.000Z";
  const lab = `:irc.test CHATHISTORY TARGETS #lab ${new Date(+at - 5000).toISOString()}`;
  const bob = `:irc.test CHATHISTORY TARGETS bob ${at.toISOString()}`;
  assertEquals(await ask(early, late, "9"), [lab, bob]);
  assertEquals(await ask(early, late, "1"), [lab]);
  assertEquals(await ask(late, early, "1"), [bob]);
  assertEquals(await ask(early, `timestamp=${at.toISOString()}`, "9"), [lab]);
});

Deno.test("A client that pages back meets every event of a room once", async () => {
  await using room = new IrcRoom();
  const { log } = room;
  const total = rounds(20_000, 100_000);
  for (let from = 1; from <= total; from += 1000) {
    await log.append(Array.from({ length: 1000 }, (_, index) => {
      const number = from + index;
      const kind = number % 5 === 0 ? "join" : number % 7 === 0 ? "log" : "message";
      return {
        room: "lab",
        kind,
        from: `tim${number % 3}`,
        body: kind === "join" ? "" : `${number}`,
      };
    }));
  }
  for (const playback of [true, false]) {
    const nick = playback ? "ann" : "bob";
    const caps = playback ? ["draft/event-playback"] : [];
    const client = await room.register(nick, ...HISTORY_CAPS, ...caps);
    client.send("JOIN #lab");
    await client.sync();
    const seen: number[] = [];
    for (let before = `lab#${total + 1}`;;) {
      client.send(`CHATHISTORY BEFORE #lab msgid=${before} 1000`);
      const page = linesInBatch(await client.sync(), "chathistory", "#lab")
        .map((line) => Number(/msgid=lab#(\d+)/.exec(line)![1]));
      if (page.length === 0) break;
      seen.unshift(...page);
      before = `lab#${page[0]}`;
    }
    const all = Array.from({ length: total }, (_, index) => index + 1);
    assertEquals(seen, playback ? all : all.filter((number) => number % 5 !== 0));
  }
});
