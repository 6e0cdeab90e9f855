/** Rooms that are renamed at two nodes of a cluster at once. */

import { assertEquals } from "@std/assert";
import type { Guest } from "../../../support/chat_room.ts";
import { type ClusterNode, ClusterScene } from "../../../support/cluster_scene.ts";

/** What people type at two nodes at once, who are in #tea (ann, abe) and #coffee (bob, bea). */
interface Case {
  readonly ann: readonly string[];
  readonly bob: readonly string[];
  /** Rooms that belong to somebody. @default {none} */
  readonly owned?: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  "two rooms to one name": { ann: ["/rename cocoa"], bob: ["/rename cocoa"] },
  "two rooms, one of them registered, to one name": {
    ann: ["/rename cocoa"],
    bob: ["/rename cocoa"],
    owned: ["coffee"],
  },
  "two registered rooms to one name": {
    ann: ["/rename cocoa"],
    bob: ["/rename cocoa"],
    owned: ["tea", "coffee"],
  },
  "a room to the name of one that is renamed": { ann: ["/rename coffee"], bob: ["/rename cocoa"] },
  "a room to a name that somebody enters": { ann: ["/rename cocoa"], bob: ["/join cocoa"] },
  "a registered room to a name that somebody enters": {
    ann: ["/rename cocoa"],
    bob: ["/join cocoa"],
    owned: ["tea"],
  },
  "two rooms to each other's name": { ann: ["/rename coffee"], bob: ["/rename tea"] },
  "two rooms to one name, and one further": {
    ann: ["/rename cocoa", "/rename mocha"],
    bob: ["/rename cocoa"],
  },
  "a room that somebody enters and leaves": {
    ann: ["/rename cocoa"],
    bob: ["/join tea", "/leave tea"],
  },
};

/** What a node knows of its rooms. */
function roomsAt({ registry, access }: ClusterNode): Record<string, unknown> {
  const names = (members: Iterable<{ readonly nickname: string }>) =>
    Array.from(members, ({ nickname }) => nickname).sort();
  const rooms = Array.from(registry.open, (room) => {
    const { name, members, present, topic, lastSeq } = room;
    const rules = access.rules(name);
    return [name, {
      members: names(members),
      present: [...present.values()].sort(),
      keepers: names(access.attendance.in(name)?.with("moderator") ?? []),
      rules: rules && [rules.name, rules.isModerated, ...rules.formerly ?? []],
      leadsTo: ["tea", "coffee", "cocoa", "mocha"].map((name) => access.currentName(name)),
      topic,
      lastSeq,
    }] as const;
  });
  return Object.fromEntries(rooms.sort(([a], [b]) => a < b ? -1 : 1));
}

/** The rooms that people at a node are in, as they see it. */
function placesAt({ chat }: ClusterNode): string[] {
  return Array.from(chat.people.holders)
    .filter(({ isRemote }) => !isRemote)
    .map(({ nickname, rooms }) => `${nickname} ${rooms.map(({ name }) => name).sort()}`);
}

/** The same, as the nodes know it. */
function membershipsAt(node: ClusterNode, of: ClusterNode): string[] {
  return Array.from(of.chat.people.holders)
    .filter(({ isRemote }) => !isRemote)
    .map(({ nickname }) => {
      const rooms = [...node.registry.open].filter(({ members }) =>
        [...members].some((member) => member.nickname === nickname)
      );
      return `${nickname} ${rooms.map(({ name }) => name).sort()}`;
    });
}

async function enter(scene: ClusterScene, node: ClusterNode, name: string, room: string) {
  await scene.finish(node.addAccount(name));
  const guest = await scene.finish(node.logIn(name));
  guest.say(`/join ${room}`, "/leave lobby");
  await scene.settle();
  return guest;
}

for (const [what, { ann: byAnn, bob: byBob, owned = [] }] of Object.entries(CASES)) {
  for (const first of ["a", "b"]) {
    Deno.test(`All nodes agree after renaming ${what}, if node ${first} is faster`, async () => {
      await using scene = new ClusterScene();
      const a = await scene.start("a");
      const b = await scene.start("b");
      const people: Guest[] = [];
      people.push(await enter(scene, a, "ann", "tea"), await enter(scene, b, "bob", "coffee"));
      const [ann, bob] = people;
      for (const room of owned) (room === "tea" ? ann : bob).say("/room register");
      ann.say("/topic Tea", "/room moderated on");
      bob.say("/topic Coffee");
      await scene.settle();
      people.push(await enter(scene, b, "abe", "tea"), await enter(scene, a, "bea", "coffee"));
      for (const guest of people) guest.forget();
      for (const { gate } of [a, b]) gate.close();
      ann.say(...byAnn);
      bob.say(...byBob);
      await scene.settle();
      for (const { gate } of first === "a" ? [a, b] : [b, a]) {
        gate.open();
        await scene.settle();
      }
      await scene.advance(1000);
      const c = await scene.start("c");
      assertEquals(roomsAt(b), roomsAt(a));
      assertEquals(roomsAt(c), roomsAt(a));
      for (const node of [a, b]) assertEquals(placesAt(node), membershipsAt(a, node));
    });
  }
}

Deno.test("Moderators of a renamed room can redact what is said there, at every node", async () => {
  await using scene = new ClusterScene();
  const a = await scene.start("a");
  const b = await scene.start("b");
  const [ann, bob] = await scene.enterAll("tea", [a, "ann"], [b, "bob"]);
  ann.say("/grant bob moderator", "/rename cocoa", "rude");
  await scene.settle();
  bob.forget();
  await scene.ask(bob, "/redact #2", "* bob redacted #2", "* You redacted #2 by ann in #cocoa.");
});
