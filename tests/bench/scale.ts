/**
 * `deno task bench:scale [MOST]` shows what more costs: members of a room, rooms, lines in the log,
 * and silent members. It prints a table, with the same figures of a 25-line chat on node:net where
 * that can do it, and draws `docs/scale.svg`.
 *
 * MOST is the longest log, 10 million lines unless given, which takes 2 GB of disk. 20,000 members
 * take as many descriptors, and there are fewer where `ulimit -n` allows no more. On Linux, `taskset` pins the server to one core
 * and the load to another.
 *
 * @module
 */

import { IndexKeeper } from "../../lib/store/sqlite/search/index_keeper.ts";
import { fillData, type PastDraft } from "../support/filled_data.ts";
import { linesOf } from "../support/program_output.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import type { Load } from "./load.ts";
import { machineText } from "./machine.ts";
import { measure, type Measured, startNodeChat, startPartyline } from "./measure.ts";
import { type Curve, plot, shortNumber } from "./plot.ts";

const SECONDS = 3;
const ROUNDS = Number(Deno.env.get("PARTYLINE_BENCH_ROUNDS") ?? 3);
/** From here on, one run has to do: it takes a minute. */
const MANY = 10_000;
/** Members that the chat on node:net can have here without taking minutes. */
const MOST_PEERS = 1000;
const MEBIBYTE = 2 ** 20;

const mostConnections = Math.floor((await descriptors() - 1000) / 1000) * 1000;
const longest = Number(Deno.args[0] ?? 10_000_000);
const upTo = (most: number, from = 10) => powers(from).filter((count) => count <= most);

console.log(await machineText());
console.log(`Medians of ${ROUNDS} runs; from ${MANY} connections on, of one.`);
const members = await membersOfOneRoom();
const rooms = await roomsOfTwo();
const log = await linesInTheLog();
const silent = await silentMembers();
const image = plot([
  { title: "CPU per delivery, µs", x: "members of one room", curves: members },
  { title: "CPU per message, µs", x: "rooms of two, all talking", curves: rooms },
  { title: "Start and first search, ms", x: "lines in the log", curves: log },
  { title: "Memory of a silent member, KiB", x: "members", curves: silent },
]);
await Deno.writeTextFile(new URL("../../docs/scale.svg", import.meta.url), image);

async function membersOfOneRoom(): Promise<Curve[]> {
  const flood = (clients: number): Omit<Load, "port"> => {
    // Keeps the requests under way within what the load can take.
    const window = Math.max(1, Math.min(16, 20_000 / clients));
    return { clients, senders: Math.min(10, clients / 2), rooms: 1, window, seconds: SECONDS };
  };
  return await compare(
    "members of one room, ten of them flooding it: µs of CPU per delivery",
    upTo(10_000),
    flood,
    ({ cpuPerDelivery }) => cpuPerDelivery,
  );
}

async function roomsOfTwo(): Promise<Curve[]> {
  const talk = (rooms: number): Omit<Load, "port"> => {
    return { clients: 2 * rooms, senders: rooms, rooms, rate: 2000, seconds: SECONDS };
  };
  return await compare(
    "rooms of two, 2,000 messages/s over all: µs of CPU per message",
    upTo(10_000, 1).map((rooms) => Math.min(rooms, mostConnections / 2)),
    talk,
    ({ cpuPerDelivery }) => cpuPerDelivery,
    0,
  );
}

async function silentMembers(): Promise<Curve[]> {
  return await compare(
    "silent members: KiB of memory each",
    [100, 1000, 10_000, Math.min(20_000, mostConnections)],
    (clients) => ({ clients, senders: 0, rooms: Math.ceil(clients / 10), seconds: 1 }),
    ({ bytesPerClient }) => bytesPerClient / 1024,
    0,
  );
}

/** Measures Partyline at each size, and the chat on node:net up to a smaller one. */
async function compare(
  title: string,
  sizes: readonly number[],
  load: (size: number) => Omit<Load, "port">,
  figure: (measured: Measured) => number,
  mostPeers = MOST_PEERS,
): Promise<Curve[]> {
  console.log(`\n${title}`);
  const ours: [number, number][] = [];
  const theirs: [number, number][] = [];
  for (const size of sizes) {
    const [our, their]: number[][] = [[], []];
    for (let round = 0; round < (size < MANY ? ROUNDS : 1); round++) {
      our.push(figure(await measure(startPartyline, load(size))));
      if (size <= mostPeers) their.push(figure(await measure(startNodeChat, load(size))));
    }
    ours.push([size, median(our)]);
    const cells = [shortNumber(size).padStart(8), format(median(our))];
    if (their.length > 0) {
      theirs.push([size, median(their)]);
      cells.push(`node:net ${format(median(their))}, ratio ${format(median(our) / median(their))}`);
    }
    console.log(cells.join("   "));
  }
  const peers: Curve[] = theirs.length > 0 ? [{ label: "node:net", points: theirs }] : [];
  return [{ label: "Partyline", points: ours }, ...peers];
}

async function linesInTheLog(): Promise<Curve[]> {
  console.log("\nlines in the log: ms from start to ready, ms of the first /search, MiB of memory");
  const starts: [number, number][] = [];
  const searches: [number, number][] = [];
  for (const lines of upTo(longest, 10_000)) {
    using data = new TemporaryDirectory();
    await fillData(data.path, pastEvents(lines));
    indexAll(data.path);
    const runs: number[][] = [];
    for (let round = 0; round < ROUNDS; round++) runs.push(await startAndSearch(data.path, lines));
    const [start, search, memory] = [0, 1, 2].map((at) => median(runs.map((run) => run[at])));
    starts.push([lines, start]);
    searches.push([lines, search]);
    console.log(
      [shortNumber(lines).padStart(8), ...[start, search, memory].map(format)].join("   "),
    );
  }
  return [{ label: "start", points: starts }, { label: "first search", points: searches }];
}

function* pastEvents(count: number): Generator<PastDraft> {
  const start = Date.now() - count * 100;
  for (let number = 0; number < count; number++) {
    const body = `line n${number} of the past, with a body of about sixty letters in all`;
    const from = `user${number % 97}`;
    yield { room: `room${number % 50}`, kind: "message", from, body, at: start + number * 100 };
  }
}

function indexAll(data: string): void {
  const keeper = new IndexKeeper(
    { log: `${data}/partyline.db`, index: `${data}/search.db` },
    () => {},
  );
  while (keeper.step().events > 0);
  keeper.close();
}

/** Milliseconds to ready, milliseconds of the first search, and MiB of memory after that. */
async function startAndSearch(data: string, lines: number): Promise<number[]> {
  const startedAt = performance.now();
  await using server = await ServerProcess.start({ data });
  const startMs = performance.now() - startedAt;
  const ms = await search(server.port, `n${Math.floor(lines / 2)}`);
  const { now } = await server.memory();
  return [startMs, ms, now / MEBIBYTE];
}

/** Milliseconds until a word is found that is in one line. */
async function search(port: number, word: string): Promise<number> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = linesOf(connection.readable);
  const send = (line: string) => connection.write(new TextEncoder().encode(`${line}\n`));
  const until = async (text: string) => {
    for (let line = await lines.next(); !line.value?.includes(text); line = await lines.next()) {
      if (line.done) throw new Error(`Connection ended before ${text}`);
    }
  };
  await send("searcher");
  await until("You are in");
  const startedAt = performance.now();
  await send(`/search ${word}`);
  await until(`*${word}*`);
  return performance.now() - startedAt;
}

/** The descriptors that a process may have; `ulimit -n`. */
async function descriptors(): Promise<number> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", "ulimit -n"] }).output();
  const limit = new TextDecoder().decode(stdout).trim();
  return limit === "unlimited" ? Infinity : Number(limit);
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1];
}

function format(figure: number): string {
  return figure.toFixed(figure < 10 ? 2 : 0);
}

function powers(from: number): number[] {
  return Array.from({ length: 8 }, (_, power) => from * 10 ** power);
}
