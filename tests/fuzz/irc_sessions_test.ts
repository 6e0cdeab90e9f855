/**
 * Random commands of five IRC clients and a guest by lines: what each client believes, from what it
 * was sent, of who is where and keeps order, and of modes, is what the server knows.
 */

import { assertEquals } from "@std/assert";
import { openRules } from "../../lib/domain/access/rules/room_rules.ts";
import { nameKey } from "../../lib/domain/name.ts";
import { toIrcNick } from "../../lib/service/irc/irc_names.ts";
import { channelModesOf } from "../../lib/service/irc/modes/channel_modes.ts";
import { prefixesOf } from "../../lib/service/irc/modes/channel_prefixes.ts";
import type { Guest } from "../support/chat_room.ts";
import { CHANNELS, NICKS, randomIrcCommand } from "../support/irc_commands.ts";
import { IrcPlayer } from "../support/irc_player.ts";
import { IrcRoom } from "../support/irc_room.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";

/** Each is a few commands of one client, sent at once. */
const SEQUENCES = rounds(1500, 100_000);
/** Sequences between two looks at what everybody believes. */
const SEQUENCES_PER_LOOK = 25;
const WORLDS = rounds(2, 20);

const CAPS = [[], ["echo-message"], ["draft/channel-rename"], ["extended-join", "multi-prefix"], [
  "message-tags",
  "batch",
], [
  "userhost-in-names",
  "labeled-response",
  "batch",
]];

/** Connects under a name that is new, as earlier names may have become accounts. */
async function connect(room: IrcRoom, number: number, nick: string): Promise<IrcPlayer> {
  const client = room.open();
  client.send("CAP LS 302", `CAP REQ :${CAPS[number % CAPS.length].join(" ")}`, "CAP END");
  client.send(`NICK ${nick}`, `USER u${number} 0 * :U`);
  await client.until(/ (?:376|422) /);
  return new IrcPlayer(client, nick);
}

/** Who is where, as the server knows it, of one player's channels. */
function truth(room: IrcRoom, nick: string): Record<string, string[]> {
  const places = [...room.registry.open].flatMap(({ name, members }) => {
    const names = [...members].map(({ nickname }) => toIrcNick(nickname)).sort();
    return names.includes(nick) ? [[`#${nameKey(name)}`, names] as const] : [];
  });
  return Object.fromEntries(places.sort());
}

/** Who keeps order in a room, as the server knows it. */
function keepersOf({ chat, registry }: IrcRoom, channel: string): string[] {
  const room = registry.find(channel.slice(1))!;
  return [...room.members].filter((member) => prefixesOf({ chat }, room.name, member).includes("@"))
    .map(({ nickname }) => toIrcNick(nickname)).sort();
}

/** The modes of a room, as the server knows them. */
function modesOf({ access }: IrcRoom, channel: string): [string, string][] {
  const room = channel.slice(1);
  const [letters, ...params] = channelModesOf(access.rules(room) ?? openRules(room), true);
  return [...letters.slice(1)].map((letter): [string, string] => [
    letter,
    "kl".includes(letter) ? params.shift()! : "",
  ]).sort();
}

/** How many people there are, how many hide, and how many channels a client may know of. */
function countsFor({ chat, access, registry }: IrcRoom, nick: string): string {
  const people = [...chat.people.holders];
  const hidden = people.filter(({ member }) => member.details?.modes.has("i")).length;
  const known = [...registry.open].filter(({ name, members }) => {
    const isMember = [...members].some(({ nickname }) => toIrcNick(nickname) === nick);
    const rules = access.rules(name);
    return members.size > 0 && (isMember || !(rules?.isHidden || rules?.isPrivate));
  });
  return `${people.length - hidden} ${hidden} ${known.length}`;
}

async function heardCounts({ client }: IrcPlayer): Promise<string> {
  client.send("LUSERS");
  const lines = (await client.sync()).join("\n");
  const [, visible, hidden] = / 251 \S+ :There are (\d+) users and (\d+) invisible /.exec(lines)!;
  return `${visible} ${hidden} ${/ 254 \S+ (\d+) /.exec(lines)![1]}`;
}

async function look(
  room: IrcRoom,
  guest: Guest,
  players: IrcPlayer[],
  done: number,
): Promise<void> {
  await guest.read();
  // Twice, so that what the first round caused has reached everybody.
  for (let round = 0; round < 2; round++) {
    for (const [index, player] of players.entries()) {
      if (await player.hear()) continue;
      players[index] = await connect(room, index, `next${done}x${index}`);
      round = -1;
    }
  }
  for (const player of players) {
    assertEquals(await heardCounts(player), countsFor(room, player.belief.nick));
  }
  for (const player of players) {
    const { belief } = player;
    const believed = [...belief.channels].map(([name, names]) =>
      [name, [...names].sort()] as const
    );
    assertEquals(
      Object.fromEntries(believed.sort()),
      truth(room, belief.nick),
      player.story,
    );
    for (const channel of belief.channels.keys()) {
      const keepers = [...belief.operators.get(channel) ?? []].sort();
      const about = `${channel} of ${player.story}`;
      assertEquals(keepers, keepersOf(room, channel), about);
      const modes = belief.modes.get(channel);
      if (modes) assertEquals([...modes].sort(), modesOf(room, channel), about);
    }
  }
}

function guestLine(random: SeededRandom): string {
  const room = random.pick(CHANNELS).slice(1);
  return random.pick([
    `/join ${room}`,
    `/leave ${room}`,
    "hello",
    "/me waves",
    `/nick guest${random.int(3)}`,
    `/topic ${random.int(50)}`,
    `/kick ${random.pick(NICKS)}`,
    `/rename new${random.int(1000)}`,
    `/grant ${random.pick(NICKS)} ${random.pick(["moderator", "voice", "none"])}`,
    `/room ${random.pick(["moderated", "outside", "hidden", "topic-lock"])} ${
      random.pick(["on", "off"])
    }`,
  ]);
}

for (let world = 0; world < WORLDS; world++) {
  const seed = SEED * 1000 + world;
  const sequences = Math.ceil(SEQUENCES / WORLDS);
  Deno.test(`IRC clients know who is where after ${sequences} random sequences (seed ${seed})`, async () => {
    const random = new SeededRandom(seed);
    await using room = new IrcRoom();
    const guest: Guest = await room.enter("guest");
    const players: IrcPlayer[] = [];
    for (let number = 0; number < 5; number++) {
      players.push(await connect(room, number, `first${number}`));
    }
    for (let done = 0; done < sequences; done++) {
      const index = random.int(players.length + 1);
      if (index === players.length) {
        guest.say(guestLine(random));
      } else if (random.int(200) === 0) {
        const { client } = players[index];
        if (random.int(2) === 0) client.send("QUIT :bye");
        await client.leave();
        players[index] = await connect(room, index, `new${done}`);
      } else {
        const count = 1 + random.int(4);
        const { client, belief } = players[index];
        client.send(
          ...Array.from({ length: count }, () => randomIrcCommand(random, belief.channels.keys())),
        );
      }
      if (done % SEQUENCES_PER_LOOK === 0) await look(room, guest, players, done);
    }
    await look(room, guest, players, sequences);
  });
}
