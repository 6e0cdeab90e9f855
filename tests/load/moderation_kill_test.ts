/**
 * `kill -9` at random moments while many people moderate: every act is done and recorded, or
 * neither. The rules in the data directory must be exactly what the record says.
 *
 * `PARTYLINE_KILL_ROUNDS` sets how often, `PARTYLINE_SEED` the random numbers.
 */

import { assert, assertEquals, assertGreater } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import type { ModerationFacts } from "../../lib/domain/access/moderation/moderation_record.ts";
import { areOpen, formatRules, openRules } from "../../lib/domain/access/rules/room_rules.ts";
import { withValue } from "../../lib/domain/access/rules/rule_change.ts";
import { LineClient } from "../support/line_client.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";
import { byRoom, findHole, readStoredEvents, type StoredEvent } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const ROUNDS = rounds(2, 8, "PARTYLINE_KILL_ROUNDS");
const MAIN = new URL("../support/trusting_main.ts", import.meta.url).pathname;
const ROOMS = ["red", "green", "blue"];
const NAMES = ["ann", "bob", "cid", "dot", "10.1.0.0/16", "192.0.2.7"];

function act(random: SeededRandom): string {
  const name = random.pick(NAMES);
  const account = random.pick(NAMES.slice(0, 4));
  return random.pick([
    `/ban ${name} ${random.pick(["", "2h", "7d spam"])}`,
    `/unban ${name}`,
    `/mute ${name} ${random.pick(["", "10m"])}`,
    `/unmute ${name}`,
    `/invite ${account}`,
    `/uninvite ${account}`,
    `/grant ${account} ${random.pick(["voice", "none"])}`,
    `/room private ${random.pick(["on", "off"])}`,
    `/room slow ${1 + random.int(9)}`,
    `/redact #${1 + random.int(40)} secret`,
    `/undo #${15 + random.int(300)}`,
    `something that may be redacted`,
  ]);
}

/** Moderates until the connection breaks. */
async function moderate(client: LineClient, random: SeededRandom): Promise<void> {
  for (let number = 0;; number++) {
    await client.send(act(random), act(random), act(random), `/ignore x${number}`);
    // Endless: once the server is dead, waiting for the next line throws.
    await client.expect(`ignoring x${number}`);
    await client.send(`/ignore x${number}`);
  }
}

async function logIn(port: number, name: string): Promise<LineClient> {
  const client = await LineClient.connect(port);
  await client.send(name, "any password");
  await client.expect(/\* You are in #lobby.*\r\n/);
  return client;
}

async function enter(port: number, room: string, index: number): Promise<LineClient> {
  const name = index === 0 ? "root" : `mod${index}`;
  const client = await logIn(port, name);
  await client.send(`/join ${room}`);
  await client.expect(`* You are in #${room}`);
  client.transcript = "";
  return client;
}

/** The state that the acts of moderation lead to, from the first to the last. */
function replay(record: readonly StoredEvent[]): Map<string, string> {
  const rooms = new Map<string, ReturnType<typeof openRules>>();
  for (const { fields } of record) {
    const { room, changes = [] } = fields as unknown as ModerationFacts;
    let rules = rooms.get(room) ?? openRules(room);
    for (const { slot, of = "", after } of changes) rules = withValue(rules, slot, of, after);
    rooms.set(room, rules);
  }
  return new Map(
    [...rooms].filter(([, rules]) => !areOpen(rules))
      .map(([room, rules]) => [`room ${room}`, formatRules(rules)]),
  );
}

/** Invitations that people who are away have to be told of. */
function waiting(record: readonly StoredEvent[]): Set<string> {
  const keys = new Set<string>();
  for (const { fields } of record) {
    const { act, room, target } = fields as unknown as ModerationFacts;
    if (act === "invite") keys.add(`${target} ${room}`);
    if (act === "uninvite") keys.delete(`${target} ${room}`);
  }
  return keys;
}

function readState(data: string, service: string): Map<string, string> {
  const database = new DatabaseSync(`${data}/partyline.db`, { readOnly: true });
  try {
    const rows = database.prepare("SELECT key, value FROM state WHERE service = ?").all(service);
    return new Map(rows.map(({ key, value }) => [key as string, value as string]));
  } finally {
    database.close();
  }
}

const sorted = (map: Map<string, string>) =>
  [...map].map(([key, value]) => [key, canonical(value)]).sort();

/** Lists in rules have no order. */
function canonical(value: string): unknown {
  const rules = JSON.parse(value);
  for (const name of ["roles", "invited", "bans", "mutes", "exceptions"]) {
    rules[name] = rules[name].map((item: unknown) => JSON.stringify(item)).sort();
  }
  return rules;
}

/** Throws unless every redaction has its record and its tombstone, and the other way round. */
function checkRedactions(events: readonly StoredEvent[], record: readonly StoredEvent[]): number {
  const stored = byRoom(events);
  const redactions = events.filter(({ kind }) => kind === "redaction");
  const recorded = record.map(({ fields }) => fields as unknown as ModerationFacts)
    .filter(({ act }) => act === "redact");
  const numbers = (list: readonly (readonly [string, unknown])[]) => list.map(String).sort();
  assertEquals(
    numbers(redactions.map(({ room, fields }) => [room, fields!.of] as const)),
    numbers(recorded.map(({ room, of }) => [room, of] as const)),
  );
  for (const { room, fields } of redactions) {
    const event = stored.get(room)![Number(fields!.of) - 1];
    assertEquals(event.body, "", `#${event.seq} of #${room}`);
    assert(event.fields?.redacted, `#${event.seq} of #${room}`);
  }
  return redactions.length;
}

Deno.test("kill -9 leaves every act of moderation done and recorded, or neither", async () => {
  const random = new SeededRandom(SEED);
  using data = new TemporaryDirectory();
  const options = { data: data.path, main: MAIN, args: ["--flood-rate", "0"] };
  let server = await ServerProcess.start(options);
  let acts = 0;
  let redactions = 0;
  try {
    const root = await logIn(server.port, "root");
    for (const room of ROOMS) {
      await root.send(`/join ${room}`, ...[1, 2, 3].map((n) => `/grant mod${n} owner`));
      await root.expect(`made mod3 an owner of #${room}`);
      await root.expect("takes it back");
    }
    await root.close();
    for (let round = 1; round <= ROUNDS; round++) {
      const context = `seed ${SEED}, round ${round}`;
      const clients = await Promise.all(
        [0, 1, 2, 3].map((index) =>
          enter(server.port, ROOMS[(index + round) % ROOMS.length], index)
        ),
      );
      const enough = 50 + random.int(400);
      const { promise: reached, resolve } = Promise.withResolvers<void>();
      let answers = 0;
      for (const client of clients) {
        client.onText = (text) => {
          answers += text.split("takes it back").length - 1;
          if (answers >= enough) resolve();
        };
      }
      const working = clients.map((client) =>
        moderate(client, new SeededRandom(random.int(2 ** 32))).catch(() => {})
      );
      await reached;
      await server.kill();
      await Promise.all(working);
      await Promise.all(clients.map((client) => client.close()));
      const told = clients.flatMap(({ transcript }) =>
        Array.from(transcript.matchAll(/\/undo #(\d+) takes it back/g), ([, seq]) => Number(seq))
      );

      const events = readStoredEvents(data.path);
      assertEquals(findHole(events), undefined, context);
      const record = byRoom(events).get("moderation")!.filter(({ kind }) => kind === "moderation");
      // What somebody was told is done.
      assert(Math.max(...told) <= record.at(-1)!.seq, context);
      assertEquals(sorted(readState(data.path, "access")), sorted(replay(record)), context);
      const invitations = [...readState(data.path, "invitations").keys()].sort();
      assertEquals(invitations, [...waiting(record)].sort(), context);
      redactions = checkRedactions(events, record);
      acts = record.length;
      server = await ServerProcess.start(options);
    }
    assertGreater(acts, ROUNDS * 50);
    assertGreater(redactions, 0);
  } finally {
    await server.stop();
  }
});
