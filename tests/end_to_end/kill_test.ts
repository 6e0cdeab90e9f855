/**
 * `kill -9` at random moments, repeatedly on one data directory: everything that clients saw is
 * in the log afterwards.
 *
 * `PARTYLINE_KILL_ROUNDS` sets how often, `PARTYLINE_SEED` the random numbers.
 */

import { assert, assertEquals, assertGreater } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";
import { byRoom, findHole, readStoredEvents, type StoredEvent } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const ROUNDS = rounds(3, 20, "PARTYLINE_KILL_ROUNDS");
const CLIENTS = 20;
const ROOMS = ["red", "green", "blue"];
/** The kill comes once the clients have received at most this many lines in total. */
const MOST_LINES = 30_000;

/** The line of an event, for a member who also gets their own messages. */
function shown({ kind, from, body }: StoredEvent): string {
  if (kind === "message") return `<${from}> ${body}`;
  if (kind === "topic") return `* ${from} set the topic: ${body}`;
  return `* ${from} ${body}`;
}

/** Joins all rooms, with the last as the current one, and turns on echo. */
async function enter(port: number, name: string, talksIn: string): Promise<LineClient> {
  const client = await LineClient.enter(port, name, { atOnce: true });
  await client.send("/set echo on", "/leave lobby");
  for (const room of [...ROOMS.filter((room) => room !== talksIn), talksIn]) {
    await client.send(`/join ${room}`);
    await client.expect(`* You are in #${room}`);
  }
  await client.expect("\r\n");
  return client;
}

/** Talks until the connection breaks, a few lines ahead of the replies. */
async function talk(client: LineClient, random: SeededRandom, tag: string): Promise<void> {
  for (let number = 1;;) {
    const lines = Array.from({ length: 1 + random.int(20) }, () => {
      const body = `${tag}-${number++} ${"x".repeat(random.int(200))}`;
      return random.pick([body, body, body, body, `/me ${body}`, `/topic ${body}`]);
    });
    await client.send(...lines);
    if (random.int(10) === 0) await client.send(`/history ${1 + random.int(30)}`);
    // Endless: once the server is dead, waiting for the next line throws.
    await client.expect(`${tag}-${number - 1} `);
  }
}

/** Kills the server once its clients have seen enough lines; resolves when all have noticed. */
async function talkUntilKilled(
  server: ServerProcess,
  clients: readonly LineClient[],
  random: SeededRandom,
  tag: string,
): Promise<void> {
  const enough = random.int(MOST_LINES);
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  let count = 0;
  for (const client of clients) {
    client.onText = (text) => {
      count += text.split("\n").length - 1;
      if (count >= enough) resolve();
    };
  }
  if (enough === 0) resolve();
  const talks = clients.map((client, index) => {
    const own = new SeededRandom(random.int(2 ** 32));
    return talk(client, own, `${tag}c${index}`).catch(() => {});
  });
  await reached;
  await server.kill();
  await Promise.all(talks);
  await Promise.all(clients.map((client) => client.expectEnd()));
}

/** The lines that a client got from each room after joining, without joins and parts. */
function toldByRoom(transcript: string, current: string): Map<string, string[]> {
  const told = new Map<string, string[]>(ROOMS.map((room) => [room, []]));
  // The server may have been killed in the middle of a line.
  for (const line of transcript.split("\r\n").slice(0, -1)) {
    const [, room = current, text] = /^(?:#([a-z]+) )?(.*)$/.exec(line)!;
    const isTalk = /^<|^\* c\d+ set the topic: |^\* c\d+ r\d/.test(text);
    if (isTalk) told.get(room)!.push(text);
  }
  return told;
}

/** The numbers in `/history`, with their lines. */
function numbered(transcript: string): [seq: number, text: string][] {
  return transcript.split("\r\n").slice(0, -1).flatMap((line) => {
    const match = /^#(\d+) \d{4}-\d\d-\d\d \d\d:\d\d (.*)$/.exec(line);
    return match ? [[Number(match[1]), match[2]] as [number, string]] : [];
  });
}

/** Throws unless the log has everything that a client saw, in one piece, with the same numbers. */
function checkClient(client: LineClient, current: string, stored: Map<string, StoredEvent[]>) {
  let lines = 0;
  for (const [room, told] of toldByRoom(client.transcript, current)) {
    const said = stored.get(room)!.filter(({ kind }) => kind !== "join" && kind !== "part")
      .map(shown);
    if (told.length === 0) continue;
    const start = said.indexOf(told[0]);
    assert(start !== -1, `The log of #${room} lacks ${told[0]}`);
    const wrong = told.findIndex((text, index) => text !== said[start + index]);
    assert(wrong === -1, `After ${told[wrong - 1]} came ${told[wrong]}, and not so in the log`);
    lines += told.length;
  }
  for (const [seq, text] of numbered(client.transcript)) {
    assertEquals(text, shown(stored.get(current)![seq - 1]), `#${seq} of #${current}`);
  }
  return lines;
}

Deno.test("kill -9 neither loses nor renumbers anything that a client saw", async () => {
  const random = new SeededRandom(SEED);
  using data = new TemporaryDirectory();
  const options = { data: data.path, args: ["--flood-rate", "0"] };
  let before: StoredEvent[] = [];
  let server = await ServerProcess.start(options);
  let shownLines = 0;
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      const clients = await Promise.all(
        Array.from(
          { length: CLIENTS },
          (_, index) => enter(server.port, `c${index}`, ROOMS[index % ROOMS.length]),
        ),
      );
      for (const client of clients) client.transcript = client.received;
      await talkUntilKilled(server, clients, random, `r${round}`);
      await Promise.all(clients.map((client) => client.close()));
      server = await ServerProcess.start(options);

      const events = readStoredEvents(data.path);
      const context = `seed ${SEED}, round ${round}`;
      assertEquals(findHole(events), undefined, context);
      const changed = before.findIndex((event, index) => !isSame(event, events[index]));
      assertEquals(changed, -1, `${context}: event ${changed + 1} of an earlier round changed`);
      const stored = byRoom(events);
      clients.forEach((client, index) => {
        shownLines += checkClient(client, ROOMS[index % ROOMS.length], stored);
      });
      before = events;
    }
    assertGreater(shownLines, ROUNDS * CLIENTS);
    await checkHistory(server.port, byRoom(before));
  } finally {
    await server.stop();
  }
});

/** Cheaper than a deep comparison of a log that is long after 200 rounds. */
function isSame(a: StoredEvent, b: StoredEvent | undefined): boolean {
  return a.id === b?.id && a.room === b.room && a.seq === b.seq && a.kind === b.kind &&
    a.from === b.from && a.body === b.body;
}

/** Throws unless `/history` after the last restart matches the file. */
async function checkHistory(port: number, stored: Map<string, StoredEvent[]>): Promise<void> {
  const reader = await LineClient.enter(port, "reader");
  for (const room of ROOMS) {
    const talk = stored.get(room)!.filter(({ kind }) => kind !== "join" && kind !== "part");
    reader.transcript = "";
    await reader.send(`/join ${room}`, "/history 500", "/set bell");
    await reader.expect("bell is off");
    const expected = talk.slice(-500).map((event) => [event.seq, shown(event)]);
    assertEquals<unknown>(numbered(reader.transcript), expected);
  }
  await reader.close();
}
