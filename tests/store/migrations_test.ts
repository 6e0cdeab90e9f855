import { assertEquals, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ROOM_EVENT_KINDS } from "../../lib/domain/room_event.ts";
import { migrate, MIGRATIONS } from "../../lib/store/sqlite/migrations.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { draftOf, numbersOf } from "../support/room_events.ts";
import { SqliteFile } from "../support/sqlite_file.ts";

/** A file of version 1. Never change it: such files exist. */
const VERSION_1 = `
  CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    topic TEXT NOT NULL DEFAULT '',
    visited INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX room_by_visit ON room (visited);
  CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES room (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    sender TEXT NOT NULL,
    body TEXT NOT NULL,
    fields TEXT,
    via TEXT,
    origin INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX event_by_room ON event (room_id, seq);
  INSERT INTO room VALUES (1, 'tea-room', 'Tea-Room', 'green', 1795242600000);
  INSERT INTO event VALUES
    (1, 1, 1, 1795242600000, 3, 'ann', '', NULL, 'telnet', 1795242600000001),
    (2, 1, 2, 1795242601000, 0, 'ann', 'hello', NULL, 'telnet', 1795242600000001),
    (3, 1, 3, 1795242602000, 2, 'make', 'done', '{"level":3}', 'tcp', NULL),
    (4, 1, 4, 1795242603000, 5, 'ann', 'green', NULL, 'telnet', 1795242600000001),
    (5, 1, 5, 1795242604000, 7, 'server', 'c' || char(0) || 'ut "', NULL, NULL, NULL);
  PRAGMA user_version = 1;
`;

function schemaOf(database: DatabaseSync): string[] {
  const rows = database.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    .all() as { sql: string }[];
  return rows.map(({ sql }) => sql.replace(/\s+/g, " "));
}

function versionOf(database: DatabaseSync): unknown {
  return database.prepare("PRAGMA user_version").get()!.user_version;
}

Deno.test("migrate() keeps everything in a file of version 1", async () => {
  await using file = new SqliteFile();
  const old = new DatabaseSync(file.path);
  old.exec(VERSION_1);
  old.close();

  const { log, database } = file.open();
  assertEquals(versionOf(database), MIGRATIONS.length);
  const room = (await log.room("TEA-ROOM"))!;
  assertEquals([room.name, room.lastSeq, room.topic], ["Tea-Room", 5, "green"]);
  const events = await log.read("tea-room", 0, 10);
  assertEquals(events.map(({ kind }) => kind), ["join", "message", "log", "topic", "gap"]);
  assertEquals({ ...events[2] }, {
    id: 3,
    room: "Tea-Room",
    seq: 3,
    at: 1795242602000,
    kind: "log",
    from: "make",
    body: "done",
    fields: { level: 3 },
    via: "tcp",
    origin: undefined,
  });
  assertEquals(events[4].body, 'c\0ut "');
  assertEquals(numbersOf(await log.append([draftOf("tea-room", "more")])), [6]);
});

Deno.test("migrate() computes the sizes of existing rooms", async () => {
  await using file = new SqliteFile();
  {
    using old = new DatabaseSync(file.path);
    migrate(old, MIGRATIONS.slice(0, 3));
    old.exec("INSERT INTO room (id, key, name) VALUES (1, 'tea', 'tea'), (2, 'milk', 'milk')");
    const insert = old.prepare(
      "INSERT INTO run VALUES (?, ?, ?, ?, 1795242600000, 2, 'make', NULL, NULL, ?, ?)",
    );
    insert.run(1, 1, 1, 2, '["one","two"]', null);
    insert.run(3, 2, 1, 1, '["é"]', '[{"level":3}]');
    insert.run(4, 1, 3, 1, '["three"]', null);
  }
  const { log, database } = file.open();
  const totals = database.prepare("SELECT id, total FROM run ORDER BY id").all();
  assertEquals(totals.map(({ id, total }) => [id, total]), [[1, 77], [3, 83], [4, 150]]);
  assertEquals(numbersOf(await log.read("tea", 0, 10)), [1, 2, 3]);
  const { firstSeq, lastSeq } = (await log.room("tea"))!;
  assertEquals([firstSeq, lastSeq], [1, 3]);
  await log.append([draftOf("tea", "four")]);
  assertEquals(database.prepare("SELECT max(total) AS total FROM run").get()!.total, 222);
});

Deno.test("migrate() creates a view of all events for SQL shells", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open({ clock: new FakeClock() });
  await log.append([
    draftOf("tea", "one"),
    draftOf("tea", "two", { fields: { level: "err" }, via: "tcp" }),
    draftOf("milk", "three", { kind: "gap", via: "tcp" }),
    ...[{ level: "err", n: [1] }, undefined, { level: "err", n: [2] }, { size: 5 }].map((fields) =>
      draftOf("log", "x", { kind: "log", from: "web1", fields })
    ),
  ]);
  const rows = database.prepare("SELECT * FROM event ORDER BY id").all();
  assertEquals(rows.map((row) => Object.values(row).filter((_, column) => column !== 3)), [
    [1, "tea", 1, "message", "ann", "one", null, null],
    [2, "tea", 2, "message", "ann", "two", '{"level":"err"}', "tcp"],
    [3, "milk", 1, "gap", "ann", "three", null, "tcp"],
    [4, "log", 1, "log", "web1", "x", '{"level":"err","n":[1]}', null],
    [5, "log", 2, "log", "web1", "x", "null", null],
    [6, "log", 3, "log", "web1", "x", '{"level":"err","n":[2]}', null],
    [7, "log", 4, "log", "web1", "x", '{"size":5}', null],
  ]);
  assertEquals(
    rows.map(({ at }) => Date.parse(at as string)),
    (await log.read("tea", 0, 1)).flatMap(({ at }) => rows.map(() => at)),
  );
});

Deno.test("openDatabase() adds the names of kinds that are missing in the file", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  await log.append(ROOM_EVENT_KINDS.map((kind) => draftOf("tea", "", { kind })));
  const kinds = (database: DatabaseSync) =>
    database.prepare("SELECT kind FROM event ORDER BY id").all().map(({ kind }) => kind);
  assertEquals(kinds(database), [...ROOM_EVENT_KINDS]);
  database.exec("DELETE FROM kind WHERE name = 'gap'");
  assertEquals(kinds(database).includes("gap"), false);
  assertEquals(kinds(file.open().database), [...ROOM_EVENT_KINDS]);
});

Deno.test("migrate() gives version 1 and a new file the same schema", () => {
  using old = new DatabaseSync(":memory:");
  using fresh = new DatabaseSync(":memory:");
  old.exec(VERSION_1);
  migrate(old);
  migrate(fresh);
  assertEquals(schemaOf(old), schemaOf(fresh));
  assertEquals(versionOf(old), versionOf(fresh));
});

Deno.test("migrate() changes nothing in a current file", () => {
  using database = new DatabaseSync(":memory:");
  migrate(database);
  const schema = schemaOf(database);
  migrate(database);
  assertEquals([schemaOf(database), versionOf(database)], [schema, MIGRATIONS.length]);
});

Deno.test("migrate() refuses a newer file", async () => {
  await using file = new SqliteFile();
  const newer = new DatabaseSync(file.path);
  newer.exec("CREATE TABLE future (x); PRAGMA user_version = 99");
  newer.close();
  const { message } = assertThrows(() => file.open(), Error);
  assertEquals(
    message,
    "a newer version of Partyline wrote it (schema 99, this version knows up to " +
      `${MIGRATIONS.length})`,
  );
  using again = new DatabaseSync(file.path);
  assertEquals([schemaOf(again), versionOf(again)], [["CREATE TABLE future (x)"], 99]);
});

Deno.test("migrate() rolls back a migration that fails", () => {
  using database = new DatabaseSync(":memory:");
  const steps = ["CREATE TABLE a (x);", "CREATE TABLE b (x); CREATE TABLE a (x);"];
  assertThrows(() => migrate(database, steps), Error, "table a already exists");
  assertEquals([schemaOf(database), versionOf(database)], [["CREATE TABLE a (x)"], 1]);
  migrate(database, [steps[0], "CREATE TABLE b (x);", "CREATE TABLE c (x);"]);
  assertEquals([schemaOf(database).length, versionOf(database)], [3, 3]);
});
