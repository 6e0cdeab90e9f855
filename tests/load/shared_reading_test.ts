/** Many people read the past at once, in every possible way, while two others talk. */

import { assert, assertEquals } from "@std/assert";
import type { RoomEvent } from "../../lib/domain/room_event.ts";
import { fillData, type PastDraft } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { Pair } from "../support/pair.ts";
import { rounds } from "../support/rounds.ts";
import { ServerProcess, TROUBLE } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const START = Date.UTC(2026, 10, 20);
const EVENTS = 3000;
const PEOPLE = rounds(8, 20);
const REQUESTS = rounds(6, 15);
/** How often peers go away. */
const DEPARTURES = rounds(1, 3);

/** A room in which every fourth event is a join or part. */
function* pastOf(room: string): Generator<PastDraft> {
  for (let number = 1; number <= EVENTS; number++) {
    const kind = number % 8 === 0 ? "join" : number % 8 === 4 ? "part" : "message";
    const from = `user${number % 7}`;
    yield { room, kind, from, body: `line ${number}`, at: START + number * 1000 };
  }
}

const SAID = [...pastOf("big")].flatMap(({ kind }, index) => kind === "message" ? [index + 1] : []);

/** Requests history repeatedly without waiting; resolves to the numbers that were shown. */
async function askForHistory(port: number, name: string, which = ""): Promise<number[]> {
  const client = await LineClient.enter(port, name);
  await client.send("/join big");
  await client.expect(/\* You are in #big.*\r\n/);
  await client.send(
    ...Array.from({ length: REQUESTS }, () => `/history 500 ${which}`),
    "/quote #1",
  );
  const shown = await client.expect("* You quoted #1 <user1> line 1\r\n");
  await client.close();
  return [...shown.matchAll(/^#(\d+) .*<user\d> line (\d+)\r$/gm)].map(([, seq, line]) => {
    assertEquals(seq, line);
    return Number(seq);
  });
}

/** The events of a room's stream up to a number. */
async function readStream(url: string, last: number): Promise<number[]> {
  const response = await fetch(url);
  const numbers: number[] = [];
  const lines = response.body!.pipeThrough(new TextDecoderStream());
  let rest = "";
  for await (const text of lines) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    for (const line of parts) {
      if (line.startsWith("data: ")) numbers.push(JSON.parse(line.slice(6)).seq);
    }
    if (numbers.includes(last)) break;
  }
  return numbers.filter((seq) => seq <= last);
}

Deno.test("Everybody who reads the past gets all of it, and people who talk are not kept waiting", async () => {
  using data = new TemporaryDirectory();
  await fillData(data.path, pastOf("big"));
  await using server = await ServerProcess.start({
    data: data.path,
    args: ["--web", "http://127.0.0.1:0", "--max-per-address", "0"],
  });
  const pair = await Pair.enter(server);
  const room = `${server.web}/api/rooms/big`;
  const histories = Array.from(
    { length: PEOPLE },
    (_, index) => askForHistory(server.port, `reader${index}`),
  );
  const exports = Array.from({ length: 8 }, async () => {
    const text = await (await fetch(`${room}/export`)).text();
    return text.trim().split("\n").map((line): number => JSON.parse(line).seq);
  });
  const streams = Array.from({ length: 8 }, () => readStream(`${room}/stream?after=0`, EVENTS));
  const counts = Array.from({ length: 8 }, async () => {
    const until = new Date(START + EVENTS * 1000 + 1).toISOString();
    const answer = await fetch(`${room}/counts?buckets=500&until=${until}`);
    const { buckets } = await answer.json();
    return buckets.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
  });
  const pages = Array.from({ length: 8 }, async (_, index) => {
    const answer = await fetch(`${room}/messages?limit=200&before=${EVENTS + 1 - index}`);
    const { events } = await answer.json();
    return events.map(({ seq }: RoomEvent) => seq);
  });
  const found = await (await fetch(`${server.web}/api/search?q=line+1234`)).json();
  assertEquals(found.hits.map(({ event }: { event: RoomEvent }) => event.seq), [1234]);

  const last = SAID.slice(-500);
  for (const shown of await Promise.all(histories)) {
    assertEquals(shown.length, REQUESTS * 500);
    assert(shown.every((seq, index) => seq === last[index % 500]), "in order");
  }
  const all = Array.from({ length: EVENTS }, (_, index) => index + 1);
  // People have joined since.
  for (const seqs of await Promise.all(exports)) assertEquals(seqs.slice(0, EVENTS), all);
  for (const seqs of await Promise.all(streams)) assertEquals(seqs, all);
  for (const count of await Promise.all(counts)) assertEquals(count, EVENTS);
  for (const [index, seqs] of (await Promise.all(pages)).entries()) {
    assertEquals(seqs, SAID.filter((seq) => seq <= EVENTS - index).slice(-200));
  }
  await pair.round();
  await pair[Symbol.asyncDispose]();
  const { code, stderr } = await server.stop();
  assertEquals(code, 0);
  assert(!TROUBLE.test(stderr), stderr);
});

Deno.test("Peers that go away while they read leave the server as it was", async () => {
  using data = new TemporaryDirectory();
  await fillData(data.path, pastOf("big"));
  await using server = await ServerProcess.start({
    data: data.path,
    args: ["--web", "http://127.0.0.1:0", "--max-per-address", "0"],
  });
  const pair = await Pair.enter(server);
  const port = Number(new URL(server.web).port);
  for (let round = 0; round < DEPARTURES; round++) {
    const peers = await Promise.all(Array.from({ length: 30 }, async (_, index) => {
      const path = ["stream?after=0", "export", "counts?buckets=500"][index % 3];
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      const head = `GET /api/rooms/big/${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
      await connection.write(new TextEncoder().encode(head));
      return connection;
    }));
    const people = await Promise.all(Array.from({ length: 10 }, async (_, index) => {
      const client = await LineClient.enter(server.port, `gone${round}x${index}`);
      await client.send("/join big", ...Array.from({ length: 10 }, () => "/history 500"));
      return client;
    }));
    await pair.round();
    for (const connection of peers) connection.close();
    for (const client of people) await client.close();
    await pair.round();
  }
  // Those whose connection broke may have left gaps at the end, for commands that still waited.
  const shown = await askForHistory(server.port, "latecomer", `before #${EVENTS + 1}`);
  assertEquals(shown.length, REQUESTS * 500);
  await pair[Symbol.asyncDispose]();
  const { code, stderr } = await server.stop();
  assertEquals(code, 0);
  assert(!TROUBLE.test(stderr), stderr);
});
