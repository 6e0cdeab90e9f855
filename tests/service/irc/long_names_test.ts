/** Names of full length in letters of four bytes, and the lines that they are in. */

import { assert, assertEquals } from "@std/assert";
import { parseIrcMessage } from "../../../lib/codec/irc_message.ts";
import type { IrcClient } from "../../support/irc_client.ts";
import { IrcRoom, type IrcRoomOptions } from "../../support/irc_room.ts";

const LETTER = "\u{1d4b6}";
const MOST_BYTES = 510;
const CHANNEL = `#${LETTER.repeat(64)}`;
const SERVERS = ["irc.test", `${"s".repeat(59)}.org`];

function nick(number: number): string {
  return LETTER.repeat(32 - String(number).length) + number;
}

/** Clients with long names in a channel with one. */
async function crowd(room: IrcRoom, count: number, ...caps: string[]): Promise<IrcClient[]> {
  const clients: IrcClient[] = [];
  for (let number = 0; number < count; number++) {
    const greeting = { user: "u".repeat(30), realname: LETTER.repeat(100), caps };
    const client = await room.registerAs(nick(number), greeting);
    client.send(`JOIN ${CHANNEL}`);
    await client.sync();
    clients.push(client);
  }
  for (const client of clients) await client.sync();
  return clients;
}

/** The messages that a command causes, none of them too long. */
async function answers(client: IrcClient, command: string): Promise<string[][]> {
  await client.sync();
  client.send(command);
  return shown(await client.sync());
}

function shown(lines: readonly string[]): string[][] {
  return lines.map((line) => {
    const bare = line.startsWith("@") ? line.slice(line.indexOf(" ") + 1) : line;
    const bytes = new TextEncoder().encode(bare).length;
    assert(bytes <= MOST_BYTES, `${bytes} bytes: ${bare}`);
    const { verb, params } = parseIrcMessage(bare)!;
    return [verb, ...params];
  });
}

for (const serverName of SERVERS) {
  const options: IrcRoomOptions = { irc: { serverName } };
  const server = `With a server's name of ${serverName.length} letters,`;

  Deno.test(`${server} NAMES splits between names`, async () => {
    for (const caps of [[], ["userhost-in-names", "multi-prefix"]]) {
      await using room = new IrcRoom(options);
      const [ann] = await crowd(room, 5, ...caps);
      const names = (await answers(ann, `NAMES ${CHANNEL}`))
        .filter(([verb]) => verb === "353")
        .flatMap((params) => params.at(-1)!.split(" "))
        .map((name) => name.replace(/^[@+]+/, "").split("!")[0]);
      assertEquals(names.sort(), [0, 1, 2, 3, 4].map(nick));
    }
  });

  Deno.test(`${server} the names of a large room are whole`, async () => {
    await using room = new IrcRoom(options);
    const clients = await crowd(room, 55);
    const lines = await answers(clients[54], `NAMES ${CHANNEL}`);
    const names = lines.filter(([verb]) => verb === "353")
      .flatMap((params) => params.at(-1)!.split(" "));
    assertEquals(new Set(names.map((name) => name.replace("@", ""))).size, 55);
    assert(names.every((name) => [...name.replace("@", "")].length >= 32));
  });

  Deno.test(`${server} WHO and WHOX keep the nickname whole`, async () => {
    await using room = new IrcRoom(options);
    const [ann] = await crowd(room, 2);
    for (const [command, index] of [["", 6], [" %tcuihsnfdlaor,1", 8], [" %tcn,1", 4]] as const) {
      const found = (await answers(ann, `WHO ${CHANNEL}${command}`))
        .filter(([verb]) => verb === "352" || verb === "354");
      assertEquals(found.map((params) => params[index]).sort(), [nick(0), nick(1)], command);
    }
  });

  Deno.test(`${server} WHOIS lists whole channels`, async () => {
    await using room = new IrcRoom(options);
    const [ann] = await crowd(room, 2);
    const second = `#${LETTER.repeat(63)}b`;
    await answers(ann, `JOIN ${second}`);
    const lines = await answers(ann, `WHOIS ${nick(0)}`);
    const channels = lines.filter(([verb]) => verb === "319")
      .flatMap((params) => params.at(-1)!.split(" ")).map((name) => name.replace("@", ""));
    assertEquals(channels.sort(), [CHANNEL, second].sort());
    assertEquals(lines.find(([verb]) => verb === "311")![2], nick(0));
  });

  Deno.test(`${server} MONITOR, ISON and USERHOST list whole names`, async () => {
    await using room = new IrcRoom(options);
    const [ann] = await crowd(room, 4);
    const here = [0, 1, 2, 3].map(nick);
    const gone = [7, 8, 9].map(nick);
    const lines = [
      ...await answers(ann, `MONITOR + ${here.slice(0, 3).join(",")}`),
      ...await answers(ann, `MONITOR + ${here[3]},${gone[0]}`),
      ...await answers(ann, `MONITOR + ${gone.slice(1).join(",")}`),
    ];
    const listed = (numeric: string) =>
      lines.filter(([verb]) => verb === numeric)
        .flatMap((params) => params.at(-1)!.split(",")).map((mask) => mask.split("!")[0]);
    assertEquals([listed("730"), listed("731")], [here, gone]);
    const monitored = (await answers(ann, "MONITOR L")).filter(([verb]) => verb === "732")
      .flatMap((params) => params.at(-1)!.split(","));
    assertEquals(monitored, [...here, ...gone]);
    const [[, , ison]] = await answers(ann, `ISON ${here.slice(0, 2).join(" ")}`);
    for (const name of ison.split(" ")) assert(here.includes(name), name);
    const hosts = await answers(ann, `USERHOST ${here.slice(0, 3).join(" ")}`);
    assertEquals(
      hosts.flatMap((params) => params.at(-1)!.split(" ")).map((text) => text.split("=")[0]),
      here.slice(0, 3),
    );
  });

  Deno.test(`${server} lists of bans show whole masks`, async () => {
    await using room = new IrcRoom(options);
    const [ann] = await crowd(room, 2);
    const mask = `${nick(1)}!*@${"h".repeat(60)}`;
    await answers(ann, `MODE ${CHANNEL} +b ${mask}`);
    const [ban] = await answers(ann, `MODE ${CHANNEL} b`);
    assertEquals(ban.slice(2, 4), [CHANNEL, mask]);
  });

  Deno.test(`${server} what people do is told with whole names`, async () => {
    await using room = new IrcRoom(options);
    const [ann, bob, cem] = await crowd(room, 3, "extended-join", "account-notify");
    ann.send(`TOPIC ${CHANNEL} :${LETTER.repeat(50)}`, `INVITE ${nick(1)} #b`);
    await ann.sync();
    await answers(ann, `LIST`);
    await answers(ann, `TOPIC ${CHANNEL}`);
    await answers(ann, `KICK ${CHANNEL} ${nick(1)} :${LETTER.repeat(20)}`);
    for (const client of [ann, bob, cem]) {
      const lines = shown(await client.sync());
      for (const [verb, channel, target] of lines) {
        if (verb === "KICK") assertEquals([channel, target], [CHANNEL, nick(1)]);
      }
    }
  });
}
