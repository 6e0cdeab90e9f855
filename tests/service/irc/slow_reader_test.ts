/** IRC clients that do not read for a while: nothing is lost, repeated or reordered. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseIrcMessage } from "../../../lib/codec/irc_message.ts";
import { toIrcNick } from "../../../lib/service/irc/irc_names.ts";
import { IrcBelief } from "../../support/irc_belief.ts";
import { linesInBatch } from "../../support/irc_history.ts";
import { IrcRoom } from "../../support/irc_room.ts";
import { SeededRandom } from "../../support/random.ts";
import { rounds, SEED } from "../../support/rounds.ts";

const CHANNELS = ["#one", "#two", "#three"];

/** What was said in a channel, and by whom. The address of somebody who has gone is not known. */
function talk(lines: readonly string[], channel: string): string[] {
  return lines.map((line) => line.replace(/^@\S+ /, "").replace(/!\S+/, ""))
    .filter((line) => line.includes(` PRIVMSG ${channel} `));
}

Deno.test("What a client has missed for a while comes as history, and who is there as it is", async () => {
  await using room = new IrcRoom({ outboxBytes: 4096 });
  const sam = await room.register("sam", "batch", "server-time");
  const [ann] = await room.registerIn("#one", "ann");
  sam.send("JOIN #one");
  await sam.sync();
  await ann.sync();
  sam.pause();
  for (let number = 0; number < 100; number++) {
    ann.send(`PRIVMSG #one :${number} ${"x".repeat(100)}`);
    if (number % 10 === 9) await ann.sync();
  }
  const bob = await room.register("bob");
  bob.send("JOIN #one", "PRIVMSG #one :hi");
  await bob.sync();
  await room.clock.advance(10_000);
  sam.resume();
  const lines = [...await sam.until(/ :hi$/), await sam.next()].map((line) =>
    line.replace(/time=\S+?([; ])/, "time=T$1")
  );
  const join = lines.findIndex((line) => line.includes(" JOIN #one"));
  assertMatch(lines[join], /^@time=T :bob!~bob@\S+ JOIN #one$/);
  assertEquals(lines.filter((line) => line.includes(" BATCH +")).length > 1, true);
  for (const line of lines) {
    if (!line.includes(" BATCH ") && !line.includes(" JOIN ")) continue;
    assertEquals(line.startsWith("@batch"), false, line);
  }
  const begin = lines.findIndex((line) => line.includes(" BATCH +"));
  const end = lines.findIndex((line) => line.includes(" BATCH -"));
  const batch = linesInBatch(lines.slice(begin, end + 1), "chathistory", "#one");
  assert(batch.length > 5);
  const numbers = talk(lines, "#one").map((line) => / :(\d+|hi)/.exec(line)![1]);
  assertEquals(numbers, [...Array.from({ length: 100 }, (_, number) => `${number}`), "hi"]);
});

for (let seed = SEED; seed < SEED + rounds(4, 100); seed++) {
  Deno.test(`A client that does not read now and then knows all in the end (seed ${seed})`, async () => {
    const random = new SeededRandom(seed);
    await using room = new IrcRoom({ outboxBytes: 4096 });
    const caps = random.pick([[], ["batch", "message-tags"]]);
    const slow = await room.register("slow", ...caps);
    const fast = await room.register("fast");
    const beliefs = { slow: new IrcBelief("slow"), fast: new IrcBelief("fast") };
    const heard = { slow: [] as string[], fast: [] as string[] };
    const hear = async (who: "slow" | "fast") => {
      for (const line of await (who === "slow" ? slow : fast).sync()) {
        beliefs[who].hear(line);
        heard[who].push(line);
      }
    };
    for (const client of [slow, fast]) client.send(`JOIN ${CHANNELS.join(",")}`);
    await hear("slow");
    await hear("fast");
    heard.slow.length = heard.fast.length = 0;
    const people = await Promise.all(["ann", "bob", "eve"].map((nick) => room.register(nick)));
    for (let phase = 0; phase < 8; phase++) {
      slow.pause();
      for (let act = 0; act < 60; act++) {
        const index = random.int(people.length);
        const channel = random.pick(CHANNELS);
        const text = "x".repeat(random.int(300));
        people[index].send(random.pick([
          `JOIN ${channel}`,
          `JOIN ${channel}`,
          `PRIVMSG ${channel} :${phase}.${act} ${text}`,
          `PRIVMSG ${channel} :${phase}.${act} ${text}`,
          `PRIVMSG ${channel} :${phase}.${act} ${text}`,
          `PART ${channel} :bye`,
          `NICK ${random.pick(["ann", "bob", "eve", "joe", "kim"])}`,
        ]));
        await room.clock.advance(1);
        if (random.int(20) > 0) continue;
        people[index].send("QUIT :gone");
        await people[index].leave();
        people[index] = await room.register(`new${phase}x${act}`);
      }
      for (const client of people) await client.sync();
      await hear("fast");
      if (random.int(2) === 0) await room.clock.advance(6000);
      slow.resume();
      await hear("slow");
    }
    for (let round = 0; round < 3; round++) {
      for (const who of ["fast", "slow"] as const) await hear(who);
    }
    for (const channel of CHANNELS) {
      assertEquals(talk(heard.slow, channel), talk(heard.fast, channel));
      const { members } = room.registry.find(channel.slice(1))!;
      const names = [...members].map(({ nickname }) => toIrcNick(nickname)).sort();
      for (const belief of Object.values(beliefs)) {
        assertEquals([...belief.channels.get(channel)!].sort(), names);
      }
    }
    assert(heard.slow.every((line) => parseIrcMessage(line)?.verb !== "ERROR"));
  });
}
