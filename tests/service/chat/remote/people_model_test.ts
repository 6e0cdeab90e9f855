/** Whatever happens to nodes and their links, all nodes agree in the end on who is where. */

import { assertEquals } from "@std/assert";
import type { Guest } from "../../../support/chat_room.ts";
import { type ClusterNode, ClusterScene } from "../../../support/cluster_scene.ts";
import { SeededRandom } from "../../../support/random.ts";

const NODES = ["a", "b", "c"];
const NAMES = ["ann", "bob", "carl", "dora", "eve"];
const ROOMS = ["games", "music"];
const STEPS = 120;
/** What people do besides, with the name of somebody. */
const LINES = [
  ...["/grant NAME moderator", "/grant NAME voice", "/grant NAME none", "/kick NAME", "/mute NAME"],
  ...["/invite NAME", "/undo", "/room private on", "/room private off", "/room moderated on"],
  ...["/away", "/away lunch", "/nick Ann", "/nick BOB"],
];
const FAULTS = { lost: 0.05, unanswered: 0.05, doubled: 0.1, delayed: 0.05, cut: 0.02 };

/** Who is in which open room, as a node sees it. */
function viewOf(node: ClusterNode): Record<string, string[]> {
  const rooms: Record<string, string[]> = {};
  for (const { name, members, present } of node.registry.open) {
    const names = Array.from(members, ({ nickname, origin }) => `${nickname} ${origin}`).sort();
    rooms[name] = names;
    // What clients have been told is the same.
    assertEquals(Array.from(present, ([origin, name]) => `${name} ${origin}`).sort(), names);
  }
  return rooms;
}

/** Who has which name and is away, as a node sees it. */
function peopleOf({ chat: { people } }: ClusterNode): string[] {
  const texts = Array.from(people.holders, ({ nickname, origin, awayText }) => {
    return `${nickname} ${origin} ${awayText}`;
  });
  return texts.sort();
}

/** What holds in open rooms, and who has a role or was let in, as a node sees it. */
function rightsOf({ registry, access }: ClusterNode): unknown[] {
  return Array.from(registry.open, ({ name }) => name).sort().map((name) => {
    const { roles = [], admitted = [] } = access.attendance.in(name)?.record() ?? {};
    // As it is stored: without what is undefined.
    const rules = JSON.parse(JSON.stringify({ ...access.rules(name), name }));
    return [rules, Object.fromEntries(roles.map(([o, own]) => [o, [...own].sort()])), admitted];
  });
}

/**
 * @param kinds How many kinds of things happen: the last are that rooms get other names, and what
 * else people do.
 */
async function play(seed: number, kinds: number): Promise<void> {
  const random = new SeededRandom(seed);
  await using scene = new ClusterScene({ random });
  const nodes = new Map<string, ClusterNode>();
  const guests = new Map<Guest, string>();
  for (const name of NODES) nodes.set(name, await scene.start(name));
  scene.stream.faults = FAULTS;
  const pick = <T>(values: readonly T[]): T => values[random.int(values.length)];
  for (let step = 0; step < STEPS; step++) {
    const name = pick(NODES);
    const node = nodes.get(name)!;
    const [guest] = [...guests].find(([, at]) => at === name) ?? [];
    const kind = random.int(kinds);
    if (kind < 4 || !guest) {
      const guest = node.connect();
      guest.say(pick(NAMES));
      guests.set(guest, name);
    } else if (kind < 6) guest.say(`/join ${pick(ROOMS)}`);
    else if (kind < 7) guest.say("/leave");
    else if (kind < 8) guest.say(`/nick ${pick(NAMES)}`);
    else if (kind < 9) {
      guests.delete(guest);
      void guest.vanish();
    } else if (kind < 10) await scene.stop(node, () => scene.advance(random.int(10_000)));
    else if (kind < 11) scene.stream.cut();
    else if (kind >= 14) guest.say(pick(LINES).replace("NAME", pick(NAMES)));
    else if (kind >= 12) guest.say(`/rename ${pick(["other", "next"])}${random.int(30)}`);
    else {
      await node.kill();
      for (const [guest, at] of guests) if (at === name) guests.delete(guest);
      nodes.set(name, await scene.restart(node, name));
    }
    if (random.int(3) === 0) await scene.advance(500);
  }
  scene.stream.faults = { lost: 0, unanswered: 0, doubled: 0, delayed: 0, cut: 0 };
  scene.stream.flush();
  await scene.advance(20_000);
  const [first, ...others] = NODES.map((name) => nodes.get(name)!);
  // One that starts now has only what is stored.
  others.push(await scene.start("d"));
  const view = viewOf(first);
  for (const other of others) {
    assertEquals(viewOf(other), view);
    assertEquals(rightsOf(other), rightsOf(first));
    assertEquals(peopleOf(other), peopleOf(first));
  }
  // Each is where they are connected, and nobody else is.
  const own: Record<string, string[]> = {};
  for (const node of nodes.values()) {
    for (const person of node.chat.people.holders) {
      if (person.isRemote) continue;
      const { nickname, origin } = person;
      for (const { name } of person.rooms) (own[name] ??= []).push(`${nickname} ${origin}`);
    }
  }
  for (const names of Object.values(own)) names.sort();
  assertEquals(view, own);
  const names = Object.values(own).flat().map((text) => text.split(" "));
  const origins = new Map(names.map(([name, origin]) => [name, origin]));
  for (const [name, origin] of names) assertEquals(origins.get(name), origin, "two of one name");
}

/** The last six have found something. */
const SEEDS = Deno.env.get("PARTYLINE_THOROUGH")
  ? Array.from({ length: 100 }, (_, index) => index + 1)
  : [1, 2, 127, 195, 214, 425, 603, 6727];

for (
  const [kinds, what] of [
    [12, "whatever happens"],
    [14, "even if rooms get other names"],
    [24, "and who may do what"],
  ]
) {
  Deno.test(`ClusterPeople has all nodes agree on who is where, ${what}`, async () => {
    for (const seed of SEEDS) {
      try {
        await play(seed, Number(kinds));
      } catch (error) {
        throw new Error(`Seed ${seed}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
}
