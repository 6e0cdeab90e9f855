/**
 * IRC clients that send random commands to a real server at the same time: each is told only what
 * can be true, and ends up with the members and operators of its channels that NAMES lists.
 */

import { assertEquals } from "@std/assert";
import { IrcClient } from "../support/irc_client.ts";
import { randomIrcCommand } from "../support/irc_commands.ts";
import { IrcPlayer } from "../support/irc_player.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";

const ROUNDS = rounds(30, 1000);
/** Each is a few commands of one client, sent at once. */
const SEQUENCES_PER_ROUND = 10;
const ARGS = ["--listen", "irc=tcp://127.0.0.1:0", "--flood-rate", "0"];
/** The capabilities of each client. */
const CAPS = [
  [],
  ["echo-message"],
  ["extended-join", "multi-prefix", "away-notify", "draft/channel-rename"],
  ["message-tags", "batch", "server-time"],
  ["userhost-in-names", "labeled-response", "batch"],
  ["labeled-response", "batch", "echo-message", "message-tags"],
];

/** Compares what a client believes of its channels with what it is told when it asks. */
async function check(player: IrcPlayer): Promise<void> {
  for (const channel of [...player.belief.channels.keys()]) {
    player.client.send(`NAMES ${channel}`);
    const lines = await player.client.sync();
    // Somebody may be leaving only now.
    player.believe(lines.splice(0, lines.findIndex((line) => line.includes(" 353 "))));
    const names = player.belief.channels.get(channel)!;
    const told = lines.filter((line) => line.includes(" 353 "))
      .flatMap((line) => line.split(" :").at(-1)!.split(" "));
    const nicksOf = (names: string[]) =>
      names.map((name) => name.replace(/^[@+]+/, "").split("!")[0]).sort();
    const about = `${channel} of ${player.story}`;
    assertEquals([...names].sort(), nicksOf(told), about);
    const operators = player.belief.operators.get(channel) ?? [];
    assertEquals(
      [...operators].sort(),
      nicksOf(told.filter((name) => name.startsWith("@"))),
      about,
    );
    player.believe(lines);
  }
}

Deno.test(`Clients know who is where after ${ROUNDS} rounds of commands at the same time`, async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  const random = new SeededRandom(SEED);
  let connections = 0;
  const connect = async (index: number) => {
    // A new name, as earlier names may have become accounts.
    const nick = `new${++connections}`;
    return new IrcPlayer(await IrcClient.connect(server.port, nick, { caps: CAPS[index] }), nick);
  };
  const players = await Promise.all(CAPS.map((_, index) => connect(index)));
  for (let round = 0; round < ROUNDS; round++) {
    for (let sequence = 0; sequence < SEQUENCES_PER_ROUND; sequence++) {
      const index = random.int(players.length);
      const { client, belief } = players[index];
      if (random.int(150) === 0) {
        if (random.int(2) === 0) client.send("QUIT :bye");
        await client.leave();
        players[index] = await connect(index);
      } else {
        const count = 1 + random.int(4);
        client.send(
          ...Array.from({ length: count }, () => randomIrcCommand(random, belief.channels.keys())),
        );
      }
    }
    // Three times, so that what each round caused has reached everybody.
    for (let hearing = 0; hearing < 3; hearing++) {
      const heard = await Promise.all(players.map((player) => player.hear()));
      for (const [index, isThere] of heard.entries()) {
        if (isThere) continue;
        players[index] = await connect(index);
        hearing = -1;
      }
    }
    for (const player of players) await check(player);
  }
  for (const { client } of players) await client.leave();
});
