/**
 * `kill -9` while people redact what was said: each event is redacted or not, never half, and the
 * search index follows.
 *
 * `PARTYLINE_KILL_ROUNDS` sets how often, `PARTYLINE_SEED` the random numbers.
 */

import { assert, assertEquals, assertGreater } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { runToEnd, ServerProcess } from "../support/server_process.ts";
import { byRoom, findHole, readStoredEvents, type StoredEvent } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const ROUNDS = rounds(2, 20, "PARTYLINE_KILL_ROUNDS");
const ROOMS = ["red", "green"];
const CLIENTS = 6;
const MAIN = new URL("../support/redacting_main.ts", import.meta.url).pathname;

/** Talks and redacts until the connection breaks. Each text has a word of its own. */
async function talk(client: LineClient, random: SeededRandom, tag: string): Promise<void> {
  for (let number = 1;;) {
    const lines = Array.from({ length: 1 + random.int(30) }, () => {
      const word = `w${tag}x${number++}`;
      if (random.int(4) === 0) return `redact ${1 + random.int(random.pick([50, 5000]))}`;
      return random.pick([`${word} ${"tail ".repeat(random.int(40))}`, `/me ${word}`]);
    });
    await client.send(...lines, `end ${tag}-${number}`);
    await client.expect(`end ${tag}-${number}\r\n`);
  }
}

/** Which events a room's redactions are about. */
function redactedIn(events: readonly StoredEvent[]): Set<number> {
  return new Set(events.flatMap(({ kind, seq, fields }) => {
    if (kind !== "redaction") return [];
    const of = Number(fields!.of);
    const isRedactable = of < seq && events[of - 1].kind !== "redaction";
    return isRedactable ? [of] : [];
  }));
}

/** Throws unless exactly those events are redacted that should be. @returns How many. */
function check(data: string, context: string): number {
  const events = readStoredEvents(data);
  assertEquals(findHole(events), undefined, context);
  let count = 0;
  for (const [room, own] of byRoom(events)) {
    const redacted = redactedIn(own);
    for (const { seq, kind, body, fields } of own) {
      const place = `${context}: ${room}#${seq}`;
      const isTold = typeof fields?.redacted === "string";
      assertEquals(isTold, redacted.has(seq), place);
      if (isTold) assertEquals(body, "", place);
      else if (kind === "message" || kind === "action") assert(body !== "", place);
    }
    count += redacted.size;
  }
  return count;
}

Deno.test("kill -9 leaves every event redacted or not, and never half", async () => {
  const random = new SeededRandom(SEED);
  using data = new TemporaryDirectory();
  const options = { data: data.path, args: ["--flood-rate", "0"], main: MAIN };
  let server = await ServerProcess.start(options);
  let redacted = 0;
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      const context = `seed ${SEED}, round ${round}`;
      const clients = await Promise.all(Array.from({ length: CLIENTS }, async (_, index) => {
        const client = await LineClient.enter(server.port, `c${index}`, { atOnce: true });
        const room = ROOMS[index % ROOMS.length];
        await client.send("/set echo on", `/join ${room}`, "/leave lobby");
        await client.expect(`* You are in #${room}`);
        return client;
      }));
      let seen = 0;
      const enough = 200_000 + random.int(1_500_000);
      const { promise: reached, resolve } = Promise.withResolvers<void>();
      for (const client of clients) {
        client.onText = (text) => {
          if ((seen += text.length) >= enough) resolve();
        };
      }
      const talks = clients.map((client, index) =>
        talk(client, new SeededRandom(random.int(2 ** 32)), `${round}c${index}`).catch(() => {})
      );
      await reached;
      await server.kill();
      await Promise.all(talks);
      await Promise.all(clients.map((client) => client.close()));
      redacted = check(data.path, context);
      const { code, stdout } = await runToEnd(["verify", "--data", data.path]);
      assertEquals(code, 0, `${context}: ${stdout}`);
      server = await ServerProcess.start(options);
    }
    assertGreater(redacted, 20 * ROUNDS);
    await checkIndex(server, data.path);
  } finally {
    await server.stop();
  }
});

/** Waits until everything is indexed, and looks for texts that were and were not redacted. */
async function checkIndex(server: ServerProcess, data: string): Promise<void> {
  for (;;) {
    const { code, stdout } = await runToEnd(["verify", "--data", data]);
    assertEquals(code, 0, stdout);
    if (!/not indexed yet|to redo/.test(stdout)) break;
  }
  const said = readStoredEvents(data).filter(({ body }) => /^w\d+c\d+x\d+/.test(body));
  const reader = await LineClient.enter(server.port, "reader");
  for (const { body, room, seq } of said.slice(-20)) {
    const [word] = body.split(" ");
    await reader.send(`/search ${word}`);
    await reader.expect(`${room}#${seq} `);
  }
  await reader.close();
}
