/**
 * `kill -9` while a room gets one name after the other: it has its old name or its new one, with all
 * that belongs to it, both rooms say so, and all its names lead to it.
 */

import { assert, assertEquals, assertGreater } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { parseRules } from "../../lib/domain/access/rules/room_rules.ts";
import { LineClient } from "../support/line_client.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";
import { byRoom, findHole, readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const ROUNDS = rounds(2, 10);
const MAIN = new URL("../support/trusting_main.ts", import.meta.url).pathname;
const NAMES = ["red", "green", "blue", "grey", "pink"];

async function logIn(port: number, name: string): Promise<LineClient> {
  const client = await LineClient.connect(port);
  await client.send(name, "any password");
  await client.expect(/\* You are in #lobby.*\r\n/);
  return client;
}

/** The rules of rooms in a data directory. */
function storedRules(data: string) {
  const database = new DatabaseSync(`${data}/partyline.db`, { readOnly: true });
  try {
    return database.prepare("SELECT value FROM state WHERE service = 'access'").all()
      .map(({ value }) => parseRules(value as string));
  } finally {
    database.close();
  }
}

/** Renames the room that somebody is in until the connection breaks. */
async function rename(client: LineClient, current: string): Promise<void> {
  for (let number = NAMES.indexOf(current) + 1;; number++) {
    const name = NAMES[number % NAMES.length];
    await client.send(`/rename ${name}`);
    await client.expect(`it is now called #${name}.`);
  }
}

Deno.test("kill -9 leaves a room with its old name or its new one, and all that belongs to it", async () => {
  const random = new SeededRandom(SEED);
  using data = new TemporaryDirectory();
  const options = { data: data.path, main: MAIN, args: ["--flood-rate", "0"] };
  let server = await ServerProcess.start(options);
  let current = NAMES[0];
  try {
    const ann = await logIn(server.port, "ann");
    await ann.send(`/join ${current}`, "/room register", "/topic Colours", "/room slow 7");
    await ann.expect("slow mode");
    await ann.close();
    for (let round = 1; round <= ROUNDS; round++) {
      const guests = await Promise.all([1, 2, 3].map((n) => logIn(server.port, `guest${n}`)));
      for (const guest of guests) {
        await guest.send(`/join ${random.pick(NAMES.slice(0, round === 1 ? 1 : NAMES.length))}`);
        await guest.expect(`* You are in #${current}`);
      }
      const ann = await logIn(server.port, "ann");
      await ann.send(`/join ${current}`);
      await ann.expect(`* You are in #${current}`);
      const enough = 20 + random.int(100);
      const { promise: reached, resolve } = Promise.withResolvers<void>();
      let renames = 0;
      guests[0].onText = (text) => {
        renames += text.split("it is now called #").length - 1;
        if (renames >= enough) resolve();
      };
      const renaming = rename(ann, current).catch(() => {});
      await reached;
      await server.kill();
      await renaming;
      await Promise.all([ann, ...guests].map((client) => client.close()));
      const events = readStoredEvents(data.path);
      assertEquals(findHole(events), undefined);
      const record = byRoom(events).get("moderation")!.filter(({ fields }) =>
        fields?.act === "rename"
      );
      assertGreater(record.length, enough - 1);
      // Both rooms tell of each.
      for (const place of ["movedTo", "movedFrom"]) {
        assertEquals(events.filter(({ fields }) => fields?.[place]).length, record.length);
      }
      current = String(record.at(-1)!.fields!.to);
      const [rules, ...others] = storedRules(data.path);
      assertEquals(others, []);
      assertEquals([rules.name, rules.slowSeconds, [...rules.roles]], [current, 7, [
        ["ann", "owner"],
      ]]);
      const names = [current, ...rules.formerly!].sort();
      assert(names.every((name) => NAMES.includes(name)));
      assertEquals(names.length, new Set(names).size);
      server = await ServerProcess.start(options);
    }
    const eve = await logIn(server.port, "eve");
    for (const name of NAMES) {
      await eve.send(`/join ${name}`);
      await eve.expect(name === current ? `#${current}` : `#${name} is #${current} now.`);
    }
    await eve.send("/topic");
    await eve.expect(`* Topic of #${current}: Colours`);
  } finally {
    await server.stop();
  }
});
