/**
 * `kill -9` while people at all doors talk in one room, and a program logs to it, repeatedly on one
 * data directory: the log has what anybody was shown, in that order and under those numbers, and all
 * that had a `PONG`, a receipt or an `ack`.
 */

import { assert, assertEquals } from "@std/assert";
import { parseIrcMessage } from "../../lib/codec/irc_message.ts";
import { IrcClient } from "../support/irc_client.ts";
import { LineClient } from "../support/line_client.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";
import { findHole, readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { WebClient } from "../support/web_client.ts";

const KILLS = rounds(2, 10);
const ARGS = [
  ...["--listen", "irc=tcp://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"],
  ...["--listen", "logger=tcp://127.0.0.1:0?room=lobby", "--web", "http://127.0.0.1:0"],
  ...["--flood-rate", "0"],
];

/** Somebody at one of the doors. */
interface Guest {
  /** Says something, and resolves once it is known to be stored. @throws {Error} once killed. */
  say(body: string): Promise<void>;
  /** Waits for the server to be gone. Resolves to the messages it showed: `[#NUMBER ]NAME: TEXT`. */
  shown(): Promise<string[]>;
}

async function byIrc(port: number, nick: string, ...caps: string[]): Promise<Guest> {
  const client = await IrcClient.connect(port, nick, { caps: ["echo-message", ...caps] });
  client.send("JOIN #lobby");
  await client.sync();
  return {
    async say(body) {
      client.send(`PRIVMSG #lobby :${body}`);
      await client.sync();
    },
    async shown() {
      await client.expectEnd();
      return client.transcript.flatMap((line) => {
        const { verb, params: [target, text], source = "", tags } = parseIrcMessage(line)!;
        const [from] = source.split("!");
        // Log lines look like what their source says.
        if (verb !== "PRIVMSG" || target !== "#lobby" || from === "pipe") return [];
        const number = tags.get("msgid")?.replace("lobby", "");
        return [`${number ? `${number} ` : ""}${from}: ${text}`];
      });
    },
  };
}

async function byLines(port: number, name: string): Promise<Guest> {
  const client = await LineClient.enter(port, name);
  await client.send("/set echo on");
  await client.expect("\r\n");
  return {
    async say(body) {
      await client.send(body);
      await client.expect(`<${name}> ${body}\r\n`);
    },
    async shown() {
      await client.expectEnd();
      await client.close();
      return [...client.transcript.matchAll(/^<(\S+)> (.*)\r$/gm)]
        .map(([, from, body]) => `${from}: ${body}`);
    },
  };
}

async function byWeb(url: string, name: string): Promise<Guest> {
  const client = await WebClient.open(url);
  client.send({ type: "hello", name });
  await client.next("live");
  return {
    async say(body) {
      const { type } = await client.ask({ type: "say", room: "lobby", body });
      assertEquals(type, "said");
    },
    async shown() {
      await client.ended;
      return client.messages.flatMap(({ events = [] }) => events)
        .filter(({ kind }) => kind === "message")
        .map(({ seq, from, body }) => `#${seq} ${from}: ${body}`);
    },
  };
}

/** A program that waits until each line is acknowledged. */
async function byPipe(port: number): Promise<Guest> {
  const pipe = await LineClient.connect(port);
  await pipe.send("@pipe", "@ack 1");
  return {
    async say(body) {
      await pipe.send(body);
      await pipe.expect(/^ack #\d+\r\n/m);
    },
    async shown() {
      await pipe.close();
      return [];
    },
  };
}

Deno.test(`What was shown at any door, or confirmed, survives kill -9, ${KILLS} times`, async () => {
  using data = new TemporaryDirectory();
  const random = new SeededRandom(SEED);
  const shown: string[][] = [];
  const confirmed: string[] = [];
  for (let round = 0; round < KILLS; round++) {
    await using server = await ServerProcess.start({ data: data.path, args: ARGS });
    const [irc, lines, logger] = server.ports;
    const guests = [
      await byIrc(irc, "ann"),
      await byIrc(irc, "bob", "message-tags"),
      await byLines(lines, "tim"),
      await byWeb(`${server.web}/ws`, "wendy"),
      await byPipe(logger),
    ];
    const enough = 20 + random.int(200);
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    const talks = guests.map(async (guest, index) => {
      for (let number = 0;; number++) {
        const body = `${round}-${index}-${number}`;
        await guest.say(body);
        confirmed.push(body);
        if (number === enough) resolve();
      }
    });
    const ends = Promise.allSettled(talks);
    await reached;
    await server.kill();
    await ends;
    for (const guest of guests) shown.push(await guest.shown());
  }
  const events = readStoredEvents(data.path);
  assertEquals(findHole(events), undefined);
  const bodies = new Set(events.map(({ body }) => body));
  assertEquals(confirmed.filter((body) => !bodies.has(body)), []);
  const stored = events.filter(({ kind }) => kind === "message")
    .map(({ seq, from, body }) => `#${seq} ${from}: ${body}`);
  const unnumbered = stored.map((line) => line.replace(/^#\d+ /, ""));
  for (const seen of shown.filter(({ length }) => length > 0)) {
    const all = seen[0].startsWith("#") ? stored : unnumbered;
    const start = all.indexOf(seen[0]);
    assertEquals(seen, all.slice(start, start + seen.length));
  }
  assert(shown.flat().length > confirmed.length, `${shown.flat().length} lines were shown`);
});
