/**
 * `deno task bench:search [LINES]` measures indexing and search, and compares search with `grep` over
 * the same lines as text. The default of 10 million lines takes about 3 GB of disk.
 *
 * On Linux, `taskset` pins the indexer to one core.
 *
 * @module
 */

import type { Draft } from "../../lib/domain/room_event.ts";
import process from "node:process";
import { WHOLE_LOG } from "../../lib/domain/search/search_scope.ts";
import { Checkpointer } from "../../lib/store/sqlite/checkpointer.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { PooledSearch } from "../../lib/store/sqlite/reading/pooled_search.ts";
import { IndexKeeper } from "../../lib/store/sqlite/search/index_keeper.ts";
import { Indexer } from "../../lib/store/sqlite/search/indexer.ts";
import { openReaderPool } from "../support/reader_pool.ts";
import { SqliteTrialLog } from "../support/sqlite_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { LogLines } from "./log_lines.ts";
import { machineText, succeeds } from "./machine.ts";

const BATCH = 1024;
const QUERIES = 200;
const GREPS = 5;
const LIVE_RATE = 250_000;
const LIVE_SECONDS = 10;
/** Lines between two samples of a unique id to search for. */
const SAMPLE = 20_000;

const here = new URL(import.meta.url).pathname;
const [first = "10000000", part, directory] = Deno.args;
const count = Number(first);
if (part === undefined) await runAll();
else if (part === "fill") await fill(directory);
else if (part === "index") index(directory);
else if (part === "live") await live(directory);

async function runAll(): Promise<void> {
  using data = new TemporaryDirectory();
  console.log(await machineText());
  const samples: Samples = JSON.parse(await runPart("fill", data.path));
  const { size } = await Deno.stat(`${data.path}/partyline.db`);
  console.log(
    `${count.toLocaleString("en")} lines of ${(samples.bytes / count).toFixed(0)} bytes`,
  );
  console.log(`log      ${samples.report}, ${perLine(size)}`);
  console.log(`index    ${await runPart("index", data.path)}`);
  using other = new TemporaryDirectory();
  console.log(`live     ${await runPart("live", other.path)}`);
  await search(data.path, samples);
  await grep(data.path, samples);
}

/** What `fill` reports. */
interface Samples {
  readonly report: string;
  readonly bytes: number;
  /** Ids that occur in one line, or in very few. */
  readonly rare: string[];
}

async function fill(data: string): Promise<void> {
  const { log, close } = open(data);
  const lines = new LogLines(1);
  const rare: string[] = [];
  let bytes = 0;
  let milliseconds = 0;
  for (let start = 0; start < count; start += BATCH) {
    const batch = Array.from(
      { length: Math.min(BATCH, count - start) },
      () => toDraft(lines.next()),
    );
    for (const { body } of batch) bytes += body.length + 1;
    const startedAt = performance.now();
    await log.append(batch);
    milliseconds += performance.now() - startedAt;
    if (start % SAMPLE < BATCH) {
      const id = batch.map(({ body }) => /req=(\w+)/.exec(body)?.[1]).find((id) => id);
      if (id) rare.push(id);
    }
  }
  await close();
  const report = `${(count / milliseconds / 1000).toFixed(2)} M lines/s`;
  console.log(JSON.stringify({ report, bytes, rare }));
}

/** Indexes everything in this thread, to measure its CPU time. */
function index(data: string): void {
  const keeper = new IndexKeeper(
    { log: `${data}/partyline.db`, index: `${data}/search.db` },
    () => {},
  );
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let longest = 0;
  for (;;) {
    const stepStartedAt = performance.now();
    const { events } = keeper.step();
    longest = Math.max(longest, performance.now() - stepStartedAt);
    if (events === 0) break;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  keeper.close();
  const { size } = Deno.statSync(`${data}/search.db`);
  console.log(
    `${(count / seconds / 1e6).toFixed(2)} M lines/s, ${
      ((user + system) / count).toFixed(2)
    } µs of ` +
      `CPU per line, ${perLine(size)}, longest step ${longest.toFixed(0)} ms, ` +
      `${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB of memory`,
  );
}

/** Writes at a steady rate while the indexer runs on the same core. */
async function live(data: string): Promise<void> {
  const { log, indexer, close } = open(data, true);
  const lines = new LogLines(2);
  // Generated in advance, because that takes longer than writing them.
  const batches = Array.from({ length: 64 }, () => {
    return Array.from({ length: BATCH }, () => toDraft(lines.next()));
  });
  let written = 0;
  let worst = 0;
  const before = process.cpuUsage();
  const startedAt = performance.now();
  while (written < LIVE_RATE * LIVE_SECONDS) {
    const due = (performance.now() - startedAt) * LIVE_RATE / 1000;
    if (written > due) await new Promise((resolve) => setTimeout(resolve, 1));
    else written += (await log.append(batches[written / BATCH % batches.length])).length;
    await new Promise((resolve) => setTimeout(resolve, 0));
    worst = Math.max(worst, indexer!.lagMs);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  await close();
  console.log(
    `${(written / seconds / 1e6).toFixed(2)} M lines/s written and indexed on one core, ` +
      `${((user + system) / seconds / 1e4).toFixed(0)} % of it, ` +
      `index at most ${worst.toFixed(0)} ms behind`,
  );
}

async function search(data: string, { rare }: Samples): Promise<void> {
  const pool = openReaderPool({
    path: `${data}/partyline.db`,
    indexPath: `${data}/search.db`,
  });
  const service = new PooledSearch({ pool });
  const ask = (query: string) => service.search({ query, limit: 20, context: 0, scope: WHOLE_LOG });
  await ask("warm");
  const queries: [string, (number: number) => string][] = [
    ["a common word", () => "error"],
    ["a rare word", (number) => rare[number % rare.length]],
    ["an id without matches", (number) => `${rare[number % rare.length]}77`],
    ["two common words", () => "error http"],
    ["a common phrase", () => '"warn http"'],
    ["a rare word and a common one", (number) => `${rare[number % rare.length]} user`],
    ["a prefix of a rare word", (number) => `${rare[number % rare.length].slice(0, 6)}*`],
  ];
  for (const [title, query] of queries) {
    const times: number[] = [];
    let hits = 0;
    let stopped = 0;
    const rounds = title.startsWith("a prefix") ? GREPS : QUERIES;
    for (let number = 0; number < rounds; number++) {
      const startedAt = performance.now();
      const result = await ask(query(number * 7));
      times.push(performance.now() - startedAt);
      hits += result.hits.length;
      if (result.note) stopped++;
    }
    const note = stopped === 0 ? "" : `, ${stopped} of ${rounds} stopped`;
    console.log(
      `search   ${title.padEnd(30)} ${timesText(times)}, ${(hits / rounds).toFixed(1)} hits${note}`,
    );
  }
  await pool.close();
}

async function grep(data: string, { rare }: Samples): Promise<void> {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const file = `${data}/lines.txt`;
  const startedAt = performance.now();
  await output(Deno.execPath(), [
    "run",
    "-A",
    main,
    "export",
    "--format",
    "text",
    "-o",
    file,
    "--data",
    data,
  ]);
  const seconds = (performance.now() - startedAt) / 1000;
  const { size } = await Deno.stat(file);
  console.log(`export   ${(count / seconds / 1e6).toFixed(2)} M lines/s as text, ${perLine(size)}`);
  const searches: [string, (number: number) => string[]][] = [
    ["a common word, first 20 lines", () => ["-m", "20", "-wi", "error"]],
    ["a rare word", (number) => ["-w", rare[number * 7 % rare.length]]],
    ["a rare word, ignoring case", (number) => ["-wi", rare[number * 7 % rare.length]]],
  ];
  for (const [title, args] of searches) {
    const times: number[] = [];
    for (let number = 0; number < GREPS; number++) {
      const startedAt = performance.now();
      await output("grep", [...args(number), file]);
      times.push(performance.now() - startedAt);
    }
    console.log(`grep     ${title.padEnd(30)} ${timesText(times)}`);
  }
}

function open(data: string, isIndexed = false) {
  const path = `${data}/partyline.db`;
  const database = openDatabase(path, "normal");
  const checkpointer = new Checkpointer(database, path);
  const indexer = isIndexed ? new Indexer({ log: path, index: `${data}/search.db` }) : undefined;
  const log = new SqliteTrialLog(database, { checkpointer, indexer });
  return { log, indexer, close: () => log.close() };
}

function toDraft(body: string): Draft {
  return { room: "log", kind: "log", from: "app", body, via: "tcp" };
}

/** Runs one part in a process of its own, on one core; resolves to its output. */
async function runPart(part: string, data: string): Promise<string> {
  const command = [Deno.execPath(), "run", "-A", here, String(count), part, data];
  const pinned = await succeeds("taskset", "--version")
    ? ["taskset", "-c", "0", ...command]
    : command;
  return (await output(pinned[0], pinned.slice(1))).trim();
}

async function output(program: string, args: string[]): Promise<string> {
  const { stdout, success, code, signal } = await new Deno.Command(program, {
    args,
    env: { LC_ALL: "C" },
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${program} ${args.join(" ")} ended with ${signal ?? code}`);
  return new TextDecoder().decode(stdout);
}

function timesText(times: number[]): string {
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return `p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms`;
}

function perLine(bytes: number): string {
  return `${(bytes / count).toFixed(1)} bytes per line`;
}
