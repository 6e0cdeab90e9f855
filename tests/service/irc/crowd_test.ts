/** A crowd in one room: its names, whose lines are kept from one list to the next, and its news. */

import { assert, assertEquals } from "@std/assert";
import { HOST, IrcRoom } from "../../support/irc_room.ts";
import { SeededRandom } from "../../support/random.ts";
import type { IrcClient } from "../../support/irc_client.ts";

/** More than are listed at once. */
const CROWD = 70;

/** The names that a client is told, each with its signs and mask. */
async function namesFor(client: IrcClient, label = ""): Promise<string[]> {
  await client.sync();
  client.send(`${label}NAMES #crowd`);
  const lines = (await client.sync()).filter((line) => line.includes(" 353 "));
  for (const line of lines) assert(line.replace(/^@\S+ /, "").length <= 510);
  return lines.flatMap((line) => line.slice(line.lastIndexOf(" :") + 2).split(" ")).sort();
}

Deno.test("NAMES of a crowd stays right while people come, go, and change names and signs", async () => {
  await using room = new IrcRoom();
  const random = new SeededRandom(7);
  const observers = [
    await room.register("watcher", "multi-prefix"),
    await room.register("seer", "userhost-in-names"),
    await room.register("taggy", "labeled-response", "batch"),
  ];
  const [watcher] = observers;
  for (const observer of observers) observer.send("JOIN #crowd");
  const people = new Map<string, IrcClient>();
  const voiced = new Set<string>();
  let born = 0;
  const come = async () => {
    const nick = `person${born++}`;
    const client = await room.register(nick);
    client.send("JOIN #crowd");
    await client.sync();
    people.set(nick, client);
  };
  const check = async () => {
    const others = ["seer", "taggy", ...people.keys()];
    const shown = [...others.map((nick) => voiced.has(nick) ? `+${nick}` : nick), "@watcher"];
    const all = shown.sort();
    assertEquals(await namesFor(observers[0]), all);
    assertEquals(
      await namesFor(observers[1]),
      all.map((name) => `${name}!~${userOf.get(name.replace(/^[@+]/, ""))}@${HOST}`).sort(),
    );
    assertEquals(await namesFor(observers[2], "@label=x "), all);
  };
  /** The user name of each, which is the first nickname. */
  const userOf = new Map(["watcher", "seer", "taggy"].map((nick) => [nick, nick]));
  for (let count = 0; count < CROWD; count++) {
    userOf.set(`person${born}`, `person${born}`);
    await come();
  }
  await check();
  for (let round = 0; round < 25; round++) {
    for (let change = 0; change < 4; change++) {
      const nick = random.pick([...people.keys()]);
      const client = people.get(nick)!;
      const kind = random.int(5);
      if (kind === 0) {
        client.send("PART #crowd");
        await client.sync();
        client.send("JOIN #crowd");
        await client.sync();
        voiced.delete(nick);
      } else if (kind === 1) {
        const next = `other${round}-${change}-${"x".repeat(random.int(15))}`;
        client.send(`NICK ${next}`);
        await client.sync();
        people.delete(nick);
        people.set(next, client);
        userOf.set(next, userOf.get(nick)!);
        if (voiced.delete(nick)) voiced.add(next);
      } else if (kind === 2) {
        await client.leave();
        people.delete(nick);
        voiced.delete(nick);
        userOf.set(`person${born}`, `person${born}`);
        await come();
      } else if (kind === 3) {
        watcher.send(`MODE #crowd ${voiced.has(nick) ? "-" : "+"}v ${nick}`);
        await watcher.sync();
        if (!voiced.delete(nick)) voiced.add(nick);
      } else await client.sync();
    }
    await check();
  }
});

Deno.test("Everybody of a crowd that enters together gets all names, their own included", async () => {
  await using room = new IrcRoom();
  const clients: IrcClient[] = [];
  for (let number = 0; number < CROWD; number++) clients.push(await room.register(`c${number}`));
  for (const client of clients) client.send("JOIN #crowd");
  for (const client of clients) await client.sync();
  const all = clients.map((_, number) => number === 0 ? "@c0" : `c${number}`).sort();
  for (const client of clients) {
    await client.sync();
    client.send("PART #crowd");
    await client.sync();
  }
  clients[0].send("JOIN #crowd");
  await clients[0].sync();
  for (const client of clients.slice(1)) client.send("JOIN #crowd");
  for (const client of clients.slice(1)) {
    await client.until(/ 366 /);
    assertEquals(await namesFor(client), all);
  }
});

Deno.test("NAMES of a crowd leaves out invisible people for those outside", async () => {
  await using room = new IrcRoom();
  const nicks = Array.from({ length: CROWD }, (_, number) => `c${number}`);
  const clients = await room.registerIn("#crowd", ...nicks);
  clients[5].send("MODE c5 +i");
  await clients[5].sync();
  const outsider = await room.register("zoe");
  const names = await namesFor(outsider);
  assertEquals(names.length, CROWD - 1);
  assert(!names.includes("c5"));
  assertEquals((await namesFor(clients[1])).length, CROWD);
});

Deno.test("A crowd has been told that somebody is away, and back, before their PONG", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#crowd", "ann");
  for (let number = 0; number < 2000; number++) {
    const member = { nickname: `guest${number}`, via: "tcp", origin: 10_000 + number };
    await room.registry.membership.join(member, "crowd", () => {});
  }
  const watcher = await room.register("watcher", "away-notify", "setname");
  watcher.send("JOIN #crowd");
  await watcher.sync();
  ann.send("AWAY :lunch", "AWAY", "AWAY :tea", "SETNAME :Ann");
  await ann.sync();
  const mask = `:ann!~ann@${HOST}`;
  assertEquals(await watcher.sync(), [
    `${mask} AWAY :lunch`,
    `${mask} AWAY`,
    `${mask} AWAY :tea`,
    `${mask} SETNAME :Ann`,
  ]);
});
