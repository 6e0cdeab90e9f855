/** Messages of several lines (IRCv3 draft/multiline), as transcripts. */

import { assertEquals } from "@std/assert";
import { parseIrcMessage } from "../../../lib/codec/irc_message.ts";
import { logInAs } from "../../support/account_people.ts";
import type { IrcClient } from "../../support/irc_client.ts";
import { askForTaggedHistory, HISTORY_CAPS } from "../../support/irc_history.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const ANN = `:ann!~ann@${HOST}`;
const CAPS = [...HISTORY_CAPS, "draft/multiline"];
const CONCAT = "draft/multiline-concat";

/** Clients in a channel: those in `caps` with all capabilities, others without this one. */
async function enter(room: IrcRoom, nick: string, caps: readonly string[]): Promise<IrcClient> {
  const client = await room.register(nick, ...caps);
  client.send("JOIN #lab");
  await client.sync();
  return client;
}

/** Lines with the name of their batch as `N`. */
function withoutNames(lines: readonly string[]): string[] {
  const names = lines.flatMap((line) => / BATCH \+(\S+)/.exec(line)?.[1] ?? []);
  return lines.map((line) => {
    let text = line.replace(/time=[^;\s]+/, "time=T");
    for (const name of names) {
      text = text.replace(`batch=${name}`, "batch=N").replace(RegExp(`([+-])${name}\\b`), "$1N");
    }
    return text;
  });
}

Deno.test("A batch of lines is one event, and a batch only to clients that take it", async () => {
  await using room = new IrcRoom();
  const tim = await room.enter("tim");
  tim.say("/join lab");
  const ann = await enter(room, "ann", CAPS);
  const bob = await enter(room, "bob", CAPS);
  const eve = await enter(room, "eve", ["message-tags", "server-time"]);
  const joe = await enter(room, "joe", []);
  for (const client of [ann, bob, eve, joe]) await client.sync();
  await tim.read();
  ann.send(
    "@label=x;+note=1 BATCH +123 draft/multiline #lab",
    "@batch=123 PRIVMSG #lab hello",
    "@batch=123 PRIVMSG #lab :",
    "@batch=123 PRIVMSG #lab :how is ",
    `@batch=123;${CONCAT} PRIVMSG #lab :everyone?`,
    "BATCH -123",
  );
  const batch = (tags: string) => [
    `@${tags} ${ANN} BATCH +N draft/multiline #lab`,
    `@batch=N ${ANN} PRIVMSG #lab :hello`,
    `@batch=N ${ANN} PRIVMSG #lab :`,
    `@batch=N ${ANN} PRIVMSG #lab :how is `,
    `@batch=N;${CONCAT} ${ANN} PRIVMSG #lab :everyone?`,
    `${ANN} BATCH -N`,
  ];
  assertEquals(withoutNames(await ann.sync()), batch("label=x;time=T;msgid=lab#6;+note=1"));
  assertEquals(withoutNames(await bob.sync()), batch("time=T;msgid=lab#6;+note=1"));
  assertEquals(withoutNames(await eve.sync()), [
    `@time=T;msgid=lab#6;+note=1 ${ANN} PRIVMSG #lab :hello`,
    `@time=T;+note=1 ${ANN} PRIVMSG #lab :how is `,
    `@time=T;+note=1 ${ANN} PRIVMSG #lab :everyone?`,
  ]);
  assertEquals(await joe.sync(), [
    `${ANN} PRIVMSG #lab :hello`,
    `${ANN} PRIVMSG #lab :how is `,
    `${ANN} PRIVMSG #lab :everyone?`,
  ]);
  await tim.expect("<ann> hello", "<ann> ", "<ann> how is everyone?");
});

Deno.test("A block from another door comes as a batch, as does a line that is too long", async () => {
  await using room = new IrcRoom();
  const ann = await enter(room, "ann", ["batch", "draft/multiline"]);
  const bob = await enter(room, "bob", []);
  await ann.sync();
  const tim = await room.enter("tim");
  tim.say("/join lab");
  await tim.read();
  await Promise.all([ann.sync(), bob.sync()]);
  tim.say("one\u2028two", "x".repeat(600));
  await tim.read();
  const TIM = `:tim!tcp@${HOST}`;
  const lines = await ann.sync();
  assertEquals(withoutNames(lines).slice(0, 4), [
    `${TIM} BATCH +N draft/multiline #lab`,
    `@batch=N ${TIM} PRIVMSG #lab :one`,
    `@batch=N ${TIM} PRIVMSG #lab :two`,
    `${TIM} BATCH -N`,
  ]);
  const pieces = lines.slice(5, 7).map((line) => parseIrcMessage(line)!);
  assertEquals(pieces.map(({ tags }) => tags.has(CONCAT)), [false, true]);
  assertEquals(pieces.map(({ params }) => params[1]).join(""), "x".repeat(600));
  assertEquals((await bob.sync()).length, 4);
});

Deno.test("A batch can be a notice, or for a person", async () => {
  await using room = new IrcRoom();
  const ann = await enter(room, "ann", CAPS);
  const bob = await enter(room, "bob", CAPS);
  await ann.sync();
  for (const isKept of [false, true]) {
    if (isKept) { for (const name of ["ann", "bob"]) await logInAs(room, name); }
    await Promise.all([ann.sync(), bob.sync()]);
    ann.send(
      "BATCH +a draft/multiline bob",
      "@batch=a NOTICE bob :one",
      "@batch=a NOTICE bob :two",
      "BATCH -a",
    );
    const lines = [
      `${ANN} BATCH +N draft/multiline bob`,
      `@batch=N ${ANN} NOTICE bob :one`,
      `@batch=N ${ANN} NOTICE bob :two`,
      `${ANN} BATCH -N`,
    ];
    for (const client of [ann, bob]) {
      const got = withoutNames(await client.sync());
      assertEquals([got[0].replace(/^@\S+ /, ""), ...got.slice(1)], lines);
    }
  }
});

Deno.test("History has a batch inside the batch", async () => {
  await using room = new IrcRoom();
  const ann = await enter(room, "ann", CAPS);
  ann.send(
    "BATCH +a draft/multiline #lab",
    "@batch=a PRIVMSG #lab :one",
    "@batch=a PRIVMSG #lab :two",
    "BATCH -a",
  );
  const said = await ann.sync();
  ann.send("CHATHISTORY LATEST #lab * 9");
  const [begin, first, ...rest] = await ann.sync();
  const outer = / BATCH \+(\S+) chathistory #lab$/.exec(begin)?.[1];
  assertEquals(first, said[0].replace("@", `@batch=${outer};`));
  assertEquals(rest.slice(0, -1), [...said.slice(1, -1), `@batch=${outer} ${said.at(-1)}`]);
  const bob = await enter(room, "bob", HISTORY_CAPS);
  const lines = await askForTaggedHistory(bob, "CHATHISTORY LATEST #lab * 9", "#lab");
  assertEquals(withoutNames(lines), [
    `@time=T;msgid=lab#2 ${ANN} PRIVMSG #lab :one`,
    `@time=T ${ANN} PRIVMSG #lab :two`,
  ]);
});

Deno.test("A batch with a mistake is refused once, and nothing of it is said", async () => {
  await using room = new IrcRoom();
  const ann = await enter(room, "ann", CAPS);
  const bob = await enter(room, "bob", []);
  await ann.sync();
  const begin = "@label=x BATCH +1 draft/multiline #lab";
  const line = (text: string, tags = "batch=1", target = "#lab") =>
    `@${tags} PRIVMSG ${target} :${text}`;
  const cases: [string, ...string[]][] = [
    ["MULTILINE_INVALID", begin, line("a"), line("b", "batch=2"), line("c"), "BATCH -1"],
    ["MULTILINE_INVALID", begin, line("a"), line("", `batch=1;${CONCAT}`), "BATCH -1"],
    ["MULTILINE_INVALID", begin, line("a", `batch=1;${CONCAT}`), line("b"), "BATCH -1"],
    ["MULTILINE_INVALID", begin, line("a"), "@batch=1 NOTICE #lab :b", "BATCH -1"],
    ["MULTILINE_INVALID", begin, line(""), line(""), "BATCH -1"],
    ["MULTILINE_INVALID", begin, "BATCH -1"],
    ["MULTILINE_INVALID", begin, begin.replace("+1", "+2").replace("=x", "=y"), "BATCH -2"],
    ["MULTILINE_INVALID", begin.replace("draft/multiline", "other"), line("a"), "BATCH -1"],
    ["MULTILINE_INVALID", begin.replace("#lab", "#lab,bob"), line("a"), "BATCH -1"],
    ["MULTILINE_INVALID_TARGET #lab #other", begin, line("a", "batch=1", "#other"), "BATCH -1"],
    ["MULTILINE_MAX_LINES 200", begin, ...Array(201).fill(line("a")), "BATCH -1"],
    ["MULTILINE_MAX_BYTES 16384", begin, ...Array(42).fill(line("é".repeat(200))), "BATCH -1"],
  ];
  for (const [code, ...lines] of cases) {
    ann.send(...lines);
    const got = await ann.sync();
    assertEquals(got.length, 1, got.join("\n"));
    assertEquals(
      got[0].replace(/(FAIL BATCH [^:]*) :.*/, "$1"),
      `@label=x :irc.test FAIL BATCH ${code}`,
    );
  }
  for (const lines of ["BATCH -7", line("a"), "BATCH what"]) {
    await ann.ask(lines, /^:irc.test FAIL BATCH MULTILINE_INVALID :/);
  }
  assertEquals(await bob.sync(), []);
  ann.send("BATCH +1 draft/multiline #none", line("a", "batch=1", "#none"), "BATCH -1");
  assertEquals((await ann.sync())[0].split(" ")[1], "403");
});

Deno.test("Large tags are on the first line only, for clients that take no batches", async () => {
  await using room = new IrcRoom();
  const ann = await enter(room, "ann", CAPS);
  const bob = await enter(room, "bob", ["message-tags"]);
  await ann.sync();
  ann.send(
    `@+x=${"y".repeat(3000)} BATCH +1 draft/multiline #lab`,
    "@batch=1 PRIVMSG #lab :one",
    "@batch=1 PRIVMSG #lab :two",
    "BATCH -1",
  );
  await ann.sync();
  assertEquals(await bob.sync(), [
    `@msgid=lab#3;+x=${"y".repeat(3000)} ${ANN} PRIVMSG #lab :one`,
    `${ANN} PRIVMSG #lab :two`,
  ]);
});

Deno.test("What is said while a batch is open comes before it", async () => {
  await using room = new IrcRoom();
  const ann = await enter(room, "ann", CAPS);
  const bob = await enter(room, "bob", []);
  await ann.sync();
  ann.send("BATCH +1 draft/multiline #lab", "@batch=1 PRIVMSG #lab :in it");
  bob.send("PRIVMSG #lab :meanwhile");
  await bob.sync();
  ann.send("PRIVMSG #lab :beside it", "BATCH -1");
  await ann.sync();
  assertEquals(await bob.sync(), [`${ANN} PRIVMSG #lab :beside it`, `${ANN} PRIVMSG #lab :in it`]);
});
