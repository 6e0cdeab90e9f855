/** The history of rooms for IRC clients of the real program, which reads it in threads. */

import { assert, assertEquals } from "@std/assert";
import { fillData } from "../support/filled_data.ts";
import { IrcClient } from "../support/irc_client.ts";
import { askForHistory, HISTORY_CAPS, linesInBatch } from "../support/irc_history.ts";
import { rounds } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const START = Date.UTC(2026, 10, 21, 6, 30);
const EVENTS = rounds(10_000, 100_000);
const IRC = ["--listen", "irc=tcp://127.0.0.1:0", "--flood-rate", "0"];

function* pastEvents() {
  for (let number = 1; number <= EVENTS; number++) {
    const isJoin = number % 100 === 0;
    yield {
      room: "lab",
      kind: isJoin ? "join" as const : "message" as const,
      from: `tim${number % 7}`,
      body: isJoin ? "" : `message ${number}`,
      at: START + Math.floor(number / 10),
    };
  }
}

async function withData(use: (data: string) => Promise<void>): Promise<void> {
  using data = new TemporaryDirectory();
  await use(data.path);
}

Deno.test("A client pages back to the first line of a room while others talk", () =>
  withData(async (data) => {
    await fillData(data, pastEvents());
    await using server = await ServerProcess.start({ data, args: IRC });
    const caps = [...HISTORY_CAPS, "draft/event-playback"];
    const ann = await IrcClient.connect(server.port, "ann", { caps });
    const bob = await IrcClient.connect(server.port, "bob");
    for (const client of [ann, bob]) {
      client.send("JOIN #lab");
      await client.sync();
    }
    await ann.sync();
    const seen: number[] = [];
    let longest = 0;
    for (let before = `lab#${EVENTS + 1}`;;) {
      const start = performance.now();
      ann.send(`CHATHISTORY BEFORE #lab msgid=${before} 500`);
      const lines = await ann.sync();
      longest = Math.max(longest, performance.now() - start);
      const page = linesInBatch(lines, "chathistory", "#lab")
        .map((line) => Number(/msgid=lab#(\d+)/.exec(line)![1]));
      if (page.length === 0) break;
      seen.unshift(...page);
      before = `lab#${page[0]}`;
      if (seen.length % 5000 === 0) await bob.sync();
    }
    assertEquals(seen, Array.from({ length: EVENTS }, (_, index) => index + 1));
    const time = new Date(START + 500).toISOString();
    assertEquals(await askForHistory(ann, `CHATHISTORY AFTER #lab timestamp=${time} 2`), [
      "PRIVMSG #lab :message 5010",
      "PRIVMSG #lab :message 5011",
    ]);
    assert(longest < 5000, `${longest} ms`);
    for (const client of [ann, bob]) await client.leave();
  }));

Deno.test("What was said is history after kill -9, under the same numbers", () =>
  withData(async (data) => {
    let said: string[];
    {
      await using server = await ServerProcess.start({ data, args: IRC });
      const ann = await IrcClient.connect(server.port, "ann", { caps: HISTORY_CAPS });
      ann.send("JOIN #lab", ...Array.from({ length: 50 }, (_, n) => `PRIVMSG #lab :${n}`));
      said = (await ann.sync()).filter((line) => line.includes(" PRIVMSG "))
        .map((line) => /msgid=(\S+?)[; ].* (:\d+)$/.exec(line)!.slice(1).join(" "));
      assertEquals(said.length, 50);
      await server.kill();
      await ann.expectEnd();
    }
    await using server = await ServerProcess.start({ data, args: IRC });
    const bob = await IrcClient.connect(server.port, "bob", { caps: HISTORY_CAPS });
    bob.send("JOIN #lab");
    await bob.sync();
    bob.send("CHATHISTORY LATEST #lab * 100");
    const lines = linesInBatch(await bob.sync(), "chathistory", "#lab");
    assertEquals(
      lines.map((line) => /msgid=(\S+?)[; ].* (:\d+)$/.exec(line)!.slice(1).join(" ")),
      said,
    );
    await bob.leave();
  }));

Deno.test("SEARCH finds what the client may read, by words, people, places and times", () =>
  withData(async (data) => {
    await using server = await ServerProcess.start({ data, args: IRC });
    const caps = [...HISTORY_CAPS, "draft/search"];
    const ann = await IrcClient.connect(server.port, "ann", { caps });
    const bob = await IrcClient.connect(server.port, "bob", { caps });
    ann.send("JOIN #lab,#pub", "TOPIC #lab :beer");
    bob.send("JOIN #lab,#pub");
    for (const client of [ann, bob]) await client.sync();
    ann.send("PRIVMSG #lab :cold beer", "PRIVMSG #pub :warm beer");
    await ann.sync();
    bob.send("PRIVMSG #lab :no thanks, beer is warm", "NOTICE #lab :beer o'clock");
    await bob.sync();
    await ann.sync();
    const find = async (attributes: string) => {
      ann.send(`SEARCH :${attributes}`);
      const lines = linesInBatch(await ann.sync(), "draft/search");
      return lines.map((line) => line.replace(/^@\S+ :(\w+)!\S+ /, "$1 "));
    };
    const cold = "ann PRIVMSG #lab :cold beer";
    const warm = "ann PRIVMSG #pub :warm beer";
    const thanks = "bob PRIVMSG #lab :no thanks, beer is warm";
    const notice = "bob NOTICE #lab :beer o'clock";
    assertEquals(await find("text=beer"), [cold, warm, thanks, notice]);
    assertEquals(await find("text=beer\\swarm"), [warm, thanks]);
    assertEquals(await find("text=beer warm"), [warm, thanks]);
    assertEquals(await find("text=beer;in=#lab"), [cold, thanks, notice]);
    assertEquals(await find("from=ann;in=#LAB"), [cold]);
    assertEquals(await find("text=beer;limit=2"), [thanks, notice]);
    assertEquals(await find("text=beer;before=2020-01-01T00:00:00.000Z"), []);
    assertEquals(await find("text=beer;after=2020-01-01T00:00:00.000Z;from=bob"), [thanks, notice]);
    assertEquals(await find("text=wine;unknown=x"), []);
    for (const wrong of ["in=nobody", "from=a,b", "after=today", "limit=x", 'text="beer']) {
      const name = wrong.split("=")[0];
      await ann.ask(`SEARCH :${wrong}`, new RegExp(`FAIL SEARCH INVALID_PARAMS ${name} :`));
    }
    // Without batches, a notice marks the end.
    const cat = await IrcClient.connect(server.port, "cat");
    cat.send("JOIN #lab");
    await cat.sync();
    await cat.ask(
      "SEARCH text=cold",
      /^:ann!\S+ PRIVMSG #lab :cold beer$/,
      /^:\S+ NOTICE cat :1 message was found\.$/,
    );
    await cat.ask("SEARCH text=wine", /^:\S+ NOTICE cat :Nothing was found\. /);
    for (const client of [ann, bob, cat]) await client.leave();
  }));
