import { assertEquals } from "@std/assert";
import { parseQuery } from "../../lib/domain/search/parse_query.ts";
import type { QueryMatches } from "../../lib/domain/search/log_watch.ts";
import type { Draft } from "../../lib/domain/room_event.ts";
import { LogReader } from "../../lib/store/sqlite/log_reader.ts";
import { openLogToRead } from "../../lib/store/sqlite/open_log.ts";
import { QueryWatch } from "../../lib/store/sqlite/query_watch.ts";
import { draftOf } from "../support/room_events.ts";
import { SqliteFile } from "../support/sqlite_file.ts";

function brief({ through, isAll, found }: QueryMatches) {
  return {
    through,
    isAll,
    found: found.map(({ query, count, event }) => [query, count, event.id]),
  };
}

/** A log with these drafts, and a watch of it. */
async function setUp(file: SqliteFile, drafts: readonly Draft[], ...queries: string[]) {
  const { log } = file.open();
  await log.append(drafts);
  const database = openLogToRead(file.path);
  const watch = new QueryWatch(new LogReader(database), {
    queries: queries.map((query) => parseQuery(query, 0)),
    ignoredVia: "alert",
  });
  return { log, watch, [Symbol.dispose]: () => database.close() };
}

Deno.test("QueryWatch.look(, []) counts the matches of each query and returns the latest", async () => {
  await using file = new SqliteFile();
  using scene = await setUp(
    file,
    [
      draftOf("log", "all is well", { from: "make" }),
      draftOf("log", "No space left", { from: "make" }),
      draftOf("log", "no SPACE at all", { from: "cp", fields: { level: "err" } }),
      draftOf("tea", "a space cadet"),
    ],
    "space",
    "level:err+",
    "nothing of this",
    '"no space" in:log',
    "space -from:ann",
  );
  assertEquals(brief(scene.watch.look(0, [])), {
    through: 4,
    isAll: true,
    found: [[0, 3, 4], [3, 2, 3], [4, 2, 3], [1, 1, 3]],
  });
});

Deno.test("QueryWatch.look(, []) returns the first of several matches", async () => {
  await using file = new SqliteFile();
  const drafts = ["one", "full", "full", "two"].map((body) => draftOf("log", body));
  using scene = await setUp(file, [...drafts, draftOf("tea", "full")], "full", "two");
  const found = scene.watch.look(0, []).found.map((
    { query, first, event },
  ) => [query, first?.id, event.id]);
  assertEquals(found, [[0, 2, 5], [1, undefined, 4]]);
});

Deno.test("QueryWatch.look(, []) finds matches in fields", async () => {
  await using file = new SqliteFile();
  const fields = { deep: { path: "/var/lib", "odd\nname": "full" } };
  using scene = await setUp(file, [draftOf("log", "x", { fields })], "full", "var lib", "odd");
  assertEquals(brief(scene.watch.look(0, [])).found, [[0, 1, 1], [1, 1, 1]]);
});

Deno.test("QueryWatch.look(, []) continues where it stopped, a few runs at a time", async () => {
  await using file = new SqliteFile();
  // Each is a run of its own.
  const drafts = Array.from(
    { length: 150 },
    (_, index) => draftOf("log", index % 100 ? "x" : "full", { from: `s${index % 2}` }),
  );
  using scene = await setUp(file, drafts, "full");
  assertEquals(brief(scene.watch.look(0, [])), { through: 64, isAll: false, found: [[0, 1, 1]] });
  assertEquals(brief(scene.watch.look(64, [])), {
    through: 128,
    isAll: false,
    found: [[0, 1, 101]],
  });
  assertEquals(brief(scene.watch.look(128, [])), { through: 150, isAll: true, found: [] });
  assertEquals(brief(scene.watch.look(150, [])), { through: 150, isAll: true, found: [] });
  await scene.log.append([draftOf("log", "full")]);
  assertEquals(brief(scene.watch.look(150, [])), {
    through: 151,
    isAll: true,
    found: [[0, 1, 151]],
  });
});

Deno.test("QueryWatch.look(, []) skips events that alerts posted", async () => {
  await using file = new SqliteFile();
  const notice = draftOf("ops", "full", { kind: "notice", from: "server", via: "alert" });
  using scene = await setUp(file, [notice, notice, draftOf("ops", "full")], "full");
  assertEquals(brief(scene.watch.look(0, [])).found, [[0, 1, 3]]);
});

Deno.test("QueryWatch.look(, []) skips joins and parts unless a query asks for them", async () => {
  await using file = new SqliteFile();
  const join = draftOf("ops", "", { kind: "join" });
  using scene = await setUp(file, [join], "from:ann", "kind:join from:ann");
  assertEquals(brief(scene.watch.look(0, [])).found, [[1, 1, 1]]);
});

Deno.test("QueryWatch.end() is the id of the last event", async () => {
  await using file = new SqliteFile();
  using scene = await setUp(file, [], "x");
  assertEquals(scene.watch.end(), 0);
  await scene.log.append([draftOf("tea", "1"), draftOf("tea", "2"), draftOf("milk", "3")]);
  assertEquals(scene.watch.end(), 3);
});

Deno.test("QueryWatch.look(, []) finds words in colour, and in what a progress bar overwrote", async () => {
  await using file = new SqliteFile();
  using scene = await setUp(
    file,
    [
      draftOf("log", "all is well"),
      draftOf("log", "\x1b[31mERR\x1b[1mOR\x1b[0m: zq1"),
      draftOf("log", "error 5 %\rdone 100 %"),
    ],
    "error zq1",
    "error done",
    "-error",
  );
  assertEquals(brief(scene.watch.look(0, [])).found, [[0, 1, 2], [1, 1, 3], [2, 1, 1]]);
});
