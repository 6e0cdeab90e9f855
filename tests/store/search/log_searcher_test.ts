import { parseQuery } from "../../../lib/domain/search/parse_query.ts";
import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { WHOLE_LOG } from "../../../lib/domain/search/search_scope.ts";
import { IndexReader } from "../../../lib/store/sqlite/search/index_reader.ts";
import { LogSearcher } from "../../../lib/store/sqlite/search/log_searcher.ts";
import { draftOf } from "../../support/room_events.ts";
import { SearchableLog } from "../../support/searchable_log.ts";

/** A thousand batches of one line, every tenth with a needle in it. */
async function haystack({ blocks = 0, bulkEvents = 8192 } = {}): Promise<SearchableLog> {
  const file = new SearchableLog();
  for (let number = 1; number <= 1000; number++) {
    const word = number % 10 === 0 ? "needle" : "hay";
    await file.append(draftOf("log", `${word} number${number}`));
    file.now += 1000;
    if (number % (1000 / blocks) === 0) file.index({ bulkEvents });
  }
  return file;
}

Deno.test("LogSearcher.search() stops when its time is up, and says where to continue", async () => {
  await using file = await haystack();
  let now = 0;
  // Each look at the clock takes a millisecond.
  const monotonic = () => now++;
  const searcher = new LogSearcher(file.reader);
  const search = searcher.search(parseQuery("needle", file.now), {
    scope: WHOLE_LOG,
    timeLimitMs: 99,
    monotonic,
  });
  const found: number[] = [];
  let step = search.next();
  for (; !step.done; step = search.next()) found.push(step.value.id);
  assertEquals(found, [1000, 990, 980, 970, 960, 950, 940, 930, 920, 910]);
  const start = Date.UTC(2026, 10, 21, 6, 30);
  assertEquals(step.value, { stoppedAt: 902, time: start + 901_000 });
  assertEquals(file.find("needle", { before: 902 }, false).slice(0, 2), [900, 890]);
});

Deno.test("LogSearcher.search() reads only the runs that the index points to", async () => {
  await using file = await haystack({ blocks: 10 });
  let looks = 0;
  const index = new DatabaseSync(file.indexPath, { readOnly: true });
  const searcher = new LogSearcher(file.reader, new IndexReader(index));
  const monotonic = () => looks++;
  const query = parseQuery("number500", file.now);
  const found = [...searcher.search(query, { scope: WHOLE_LOG, timeLimitMs: 1e9, monotonic })];
  index.close();
  assertEquals(found.map(({ id }) => id), [500]);
  // Each run of one block, and the end.
  assertEquals(looks, 101);
});

Deno.test("LogSearcher.search() finds a rare number among many blocks with common words", async () => {
  await using file = await haystack({ blocks: 250, bulkEvents: 1 });
  for (const number of [10, 500, 990]) {
    assertEquals(file.find(`number${number} needle`), [number]);
    assertEquals(file.find(`number${number} needle`, { before: number }), []);
    assertEquals(file.find(`number${number + 1} needle`), []);
    assertEquals(file.find(`number${number + 1} hay`), [number + 1]);
  }
});

Deno.test("LogSearcher.search() continues without an index that turns out to be damaged", async () => {
  await using file = await haystack();
  file.index();
  const all = file.find("needle");
  for (const table of ["word_data", "block", "progress"]) {
    await using damaged = await haystack();
    damaged.index();
    const { rootpage, size } = pageOf(damaged.indexPath, table);
    using bytes = Deno.openSync(damaged.indexPath, { write: true });
    bytes.seekSync((rootpage - 1) * size, Deno.SeekMode.Start);
    bytes.writeSync(new Uint8Array(size).fill(0xa5));
    const index = new DatabaseSync(damaged.indexPath, { readOnly: true });
    const searcher = new LogSearcher(damaged.reader, new IndexReader(index));
    const query = parseQuery("needle", damaged.now);
    const found = [...searcher.search(query, { scope: WHOLE_LOG, timeLimitMs: 60_000 })].map((
      { id },
    ) => id);
    assertEquals([found, searcher.damage === undefined], [all, false], table);
    index.close();
  }
});

function pageOf(path: string, table: string): { rootpage: number; size: number } {
  using index = new DatabaseSync(path, { readOnly: true });
  const { rootpage } = index.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(
    table,
  )!;
  const { page_size: size } = index.prepare("PRAGMA page_size").get()!;
  return { rootpage: rootpage as number, size: size as number };
}

Deno.test("LogSearcher.search() finds words in colour with an index and without", async () => {
  await using file = new SearchableLog();
  await file.append(
    draftOf("log", "\x1b[31mERROR\x1b[0m: zq1"),
    draftOf("log", "\x1b[31mER\x1b[1mROR\x1b[0m: zq2", { fields: { log: "\x1b[33mslow\x1b[0m" } }),
    draftOf("log", "waiting\r\x1b[Kready"),
  );
  file.index({ bulkEvents: 1 });
  for (const usesIndex of [true, false]) {
    assertEquals(file.find("error zq1", {}, usesIndex), [1]);
    assertEquals(file.find("error", {}, usesIndex), [2, 1]);
    assertEquals(file.find("slow", {}, usesIndex), [2]);
    assertEquals(file.find("waiting ready", {}, usesIndex), [3]);
    assertEquals(file.find("31merror", {}, usesIndex), []);
  }
});

Deno.test("LogSearcher.search() finds a line by its level, however its run keeps its fields", async () => {
  const runs: readonly (readonly unknown[])[] = [
    [3],
    [3, 3],
    ["info", "error"],
    [6, "err", null],
    [null, "ERR", 'say "hi"'],
    ["l".repeat(21), 50, 1.5],
    [[3], {}, "loud", 3],
    [undefined, undefined, "error"],
    [undefined, "info", "info", "error"],
  ];
  for (const levels of runs) {
    await using file = new SearchableLog();
    const lines = levels.map((level) => {
      const fields = level === undefined ? undefined : { level };
      return draftOf("log", "x", { kind: "log", from: "web1", fields });
    });
    await file.append(...lines);
    file.index();
    assertEquals(file.find("level:err"), file.find("level:err", {}, false), `${levels}`);
    assert(file.find("level:err").length > 0, `${levels}`);
  }
});
