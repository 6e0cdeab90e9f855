import { assert, assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { LogDamagedError, whyRefused } from "../../lib/domain/log_error.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { SqliteMessageLog } from "../../lib/store/sqlite/message_log.ts";
import { HistoryQueries } from "../../lib/store/sqlite/reading/history_queries.ts";
import { SqliteStateStore } from "../../lib/store/sqlite/state_store.ts";
import { NotingDatabase } from "../support/noting_database.ts";
import { SeededRandom } from "../support/random.ts";
import { SEED } from "../support/rounds.ts";
import { readEvents } from "../support/read_events.ts";
import { draftOf, numbersOf } from "../support/room_events.ts";
import { SqliteFile } from "../support/sqlite_file.ts";
import { redacting, testRedaction } from "./redaction_contract.ts";
import { testMessageLog } from "./message_log_contract.ts";

testMessageLog("SqliteMessageLog", (clock) => {
  const file = new SqliteFile();
  const { log, database } = file.open({ clock });
  const state = new SqliteStateStore(database, { clock });
  return { log, state, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
});

testRedaction("SqliteMessageLog", (clock) => {
  const file = new SqliteFile();
  const { log } = file.open({ clock });
  return { log, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
});

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0];
}

Deno.test("SqliteMessageLog leaves nothing in the file of redacted texts as long as their tombstones", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  const random = new SeededRandom(SEED);
  const redacted = new Set<number>();
  let seq = 0;
  for (let batch = 0; batch < 200; batch++) {
    const drafts = Array.from({ length: 1 + random.int(20) }, () => {
      const of = 1 + random.int(seq + 1);
      seq++;
      if (random.int(3) > 0) {
        return draftOf("tea", `<${seq}>`.repeat(50 + random.int(random.pick([3, 300, 5000]))));
      }
      if (of < seq) redacted.add(of);
      return redacting(of);
    });
    await log.append(drafts);
    if (random.int(20) === 0) database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  }
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const bytes = new TextDecoder("latin1").decode(await Deno.readFile(file.path));
  // Twice, because the number of the next page before a piece of text can look like a character.
  const left = [...redacted].filter((of) => bytes.includes(`<${of}><${of}>`));
  assertEquals(left, []);
  assertGreater(redacted.size, 100);
  assertEquals(pragma(database, "secure_delete"), 2);
});

Deno.test("SqliteMessageLog continues its numbers after reopening", async () => {
  await using file = new SqliteFile();
  const { log } = file.open();
  await log.append([draftOf("Tea", "one"), draftOf("milk", "m"), draftOf("tea", "two")]);
  await log.append([draftOf("tea", "green", { kind: "topic" })]);
  await log.close();

  const { log: again } = file.open();
  const record = (await again.room("TEA"))!;
  assertEquals([record.name, record.lastSeq, record.topic], ["Tea", 3, "green"]);
  const events = await again.append([draftOf("tea", "three"), draftOf("hall", "h")]);
  assertEquals(events.map(({ room, seq, id }) => [room, seq, id]), [["Tea", 4, 5], ["hall", 1, 6]]);
  const bodies = (await again.read("tea", 0, 10)).map(({ body }) => body);
  assertEquals(bodies, ["one", "two", "green", "three"]);
});

Deno.test("SqliteMessageLog keeps commits even if it is never closed", async () => {
  await using file = new SqliteFile();
  const { log } = file.open();
  await log.append([draftOf("tea", "one")]);
  // The log as another process would see it now.
  const { log: other } = file.open();
  assertEquals((await other.read("tea", 0, 10)).map(({ body }) => body), ["one"]);
});

Deno.test("SqliteMessageLog.store() on a full disk keeps nothing of the batch and recovers", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  await log.append([draftOf("tea", "one"), draftOf("tea", "green", { kind: "topic" })]);
  database.exec(`PRAGMA max_page_count = ${pragma(database, "page_count")}`);
  const large = "x".repeat(50_000);
  const batch = [
    draftOf("tea", "small"),
    draftOf("tea", "black", { kind: "topic" }),
    draftOf("new room", "first"),
    ...Array.from({ length: 40 }, () => draftOf("tea", large)),
  ];
  for (let attempt = 0; attempt < 3; attempt++) {
    await assertRejects(() => log.append(batch), Error, "database or disk is full");
  }
  assertEquals(database.isTransaction, false);
  const record = (await log.room("tea"))!;
  assertEquals([record.lastSeq, record.topic], [2, "green"]);
  assertEquals(await log.room("new room"), undefined);
  assertEquals((await log.read("tea", 0, 100)).length, 2);

  database.exec("PRAGMA max_page_count = 1000000");
  const events = await log.append(batch);
  assertEquals(numbersOf(events.filter(({ room }) => room === "new room")), [1]);
  assertEquals(events.map(({ id }) => id), batch.map((_, index) => index + 3));
  assertEquals(
    numbersOf(await readEvents(log, "tea", 0, 100)),
    Array.from({ length: 44 }, (_, i) => i + 1),
  );
});

Deno.test("SqliteMessageLog.store() says that the log is damaged", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  await log.append(Array.from({ length: 100 }, () => draftOf("tea", "x".repeat(3000))));
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const { size } = Deno.statSync(file.path);
  {
    using bytes = Deno.openSync(file.path, { write: true });
    bytes.seekSync(4096, Deno.SeekMode.Start);
    bytes.writeSync(new Uint8Array(size - 4096).fill(0x5a));
  }
  database.exec("PRAGMA shrink_memory");
  const error = await assertRejects(() => log.append([draftOf("tea", "one")]), LogDamagedError);
  assertEquals(whyRefused(error), "log is damaged");
});

Deno.test("SqliteMessageLog.store() leaves no gap if it fails in the middle of a batch", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  await log.append([draftOf("tea", "one")]);
  database.exec(`CREATE TEMP TRIGGER refuse BEFORE INSERT ON run WHEN NEW.bodies LIKE '%bad%'
    BEGIN SELECT RAISE(ABORT, 'the disk says no'); END`);
  // More than one statement, so that some rows have been written when a later one fails.
  const good = Array.from({ length: 100 }, (_, index) => draftOf(`r${index % 3}`, `${index}`));
  for (const at of [0, 50, 100]) {
    const batch = [...good.slice(0, at), draftOf("tea", "bad"), ...good.slice(at)];
    await assertRejects(() => log.append(batch), Error, "the disk says no");
  }
  assertEquals(await log.room("r0"), undefined);
  const events = await log.append([draftOf("tea", "two"), draftOf("r0", "first")]);
  assertEquals(events.map(({ seq, id }) => [seq, id]), [[2, 2], [1, 3]]);
});

Deno.test("SqliteMessageLog stores a burst of one sender in few rows", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  const burst = (from: string) =>
    Array.from({ length: 1000 }, (_, index) => draftOf("tea", `${index}`, { from }));
  await log.append([...burst("ann"), ...burst("bob")]);
  assertEquals(database.prepare("SELECT count(*) AS rows FROM run").get()!.rows, 8);
});

Deno.test("HistoryQueries.read() continues with the first events that are left", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  for (let number = 1; number <= 9; number++) await log.append([draftOf("tea", `${number}`)]);
  database.exec("DELETE FROM run WHERE seq BETWEEN 1 AND 3 OR seq BETWEEN 6 AND 7");
  assertEquals(numbersOf(await log.read("tea", 0, 3)), [4, 5, 8]);
  assertEquals(numbersOf(await log.read("tea", 5, 2)), [8, 9]);
  assertEquals(numbersOf(await log.read("tea", 9, 2)), []);
});

Deno.test("SqliteMessageLog.store() does not wait for another writer", async () => {
  await using file = new SqliteFile();
  const { log } = file.open();
  const { database: other } = file.open();
  other.exec("BEGIN IMMEDIATE");
  await assertRejects(() => log.append([draftOf("tea", "one")]), Error, "database is locked");
  other.exec("ROLLBACK");
  assertEquals(numbersOf(await log.append([draftOf("tea", "one")])), [1]);
});

Deno.test("HistoryQueries.read() finds a room's events by the index", async () => {
  await using file = new SqliteFile();
  const { database } = file.open();
  const plan = (sql: string) =>
    database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => detail).join("; ");
  const read = plan("SELECT bodies FROM run WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT ?");
  assertEquals(read, "SEARCH run USING INDEX run_by_room (room_id=? AND seq>?)");
  const last = plan("SELECT seq + count FROM run WHERE room_id = ? ORDER BY seq DESC LIMIT 1");
  assertEquals(last, "SEARCH run USING INDEX run_by_room (room_id=?)");
  const rooms = plan("SELECT name FROM room ORDER BY visited DESC LIMIT ?");
  assertEquals(rooms, "SCAN room USING INDEX room_by_visit");
});

Deno.test("SqliteMessageLog and HistoryQueries never scan all events", async () => {
  await using file = new SqliteFile();
  file.open();
  const database = new NotingDatabase(file.path);
  const log = new SqliteMessageLog(database);
  new HistoryQueries(database);
  const selects = database.prepared.filter((sql) => sql.trim().startsWith("SELECT"));
  assert(selects.length > 10, `${selects.length} statements`);
  const plans = selects.flatMap((sql) => database.plan(sql));
  // Reads only the latest run: a scan from the end, by `id`, of one row.
  const scans = plans.filter((detail) => detail.startsWith("SCAN run"));
  assertEquals(scans, ["SCAN run"], plans.join("\n"));
  assert(plans.some((detail) => detail.includes("run_by_room (room_id=? AND seq>? AND seq<?)")));
  // The conversations of one account are sorted, and events of a limited number of runs are counted
  // by time; nothing else is sorted or grouped.
  const sorted = plans.filter((detail) => detail.includes("TEMP B-TREE"));
  const expected = ["USE TEMP B-TREE FOR ORDER BY", "USE TEMP B-TREE FOR GROUP BY"];
  assertEquals(sorted, expected, plans.join("\n"));
  assert(plans.some((detail) => detail.includes("room_by_second (<expr>=?)")));
  await log.close();
});

Deno.test("openDatabase() commits to a write-ahead file, waiting for the disk only if `full`", async () => {
  await using file = new SqliteFile();
  const { database } = file.open();
  assertEquals([pragma(database, "journal_mode"), pragma(database, "synchronous")], ["wal", 1]);
  const { database: full } = file.open({ durability: "full" });
  assertEquals([pragma(full, "journal_mode"), pragma(full, "synchronous")], ["wal", 2]);
});

Deno.test("openDatabase() empties the write-ahead file that a killed server left", async () => {
  await using killed = new SqliteFile();
  await using restarted = new SqliteFile();
  const { log } = killed.open();
  await log.append([draftOf("lobby", "kept")]);
  for (const suffix of ["", "-wal"]) {
    Deno.copyFileSync(killed.path + suffix, restarted.path + suffix);
  }
  assertGreater(Deno.statSync(`${restarted.path}-wal`).size, 0);

  const { log: again } = restarted.open();
  assertEquals(Deno.statSync(`${restarted.path}-wal`).size, 0);
  assertEquals((await again.read("lobby", 0, 10)).map(({ body }) => body), ["kept"]);
});

Deno.test("openDatabase() refuses and keeps a file that is not a database", async () => {
  await using file = new SqliteFile();
  const text = "This is somebody's diary.\n".repeat(100);
  Deno.writeTextFileSync(file.path, text);
  assertThrows(() => openDatabase(file.path, "normal"), Error, "file is not a database");
  assertEquals(Deno.readTextFileSync(file.path), text);
});

Deno.test("openDatabase() fails if the directory does not exist", async () => {
  await using file = new SqliteFile();
  assertThrows(
    () => openDatabase(`${file.directory}/nowhere/partyline.db`, "normal"),
    Error,
    "unable to open database file",
  );
});

Deno.test("openDatabase() creates files that can shrink", async () => {
  await using file = new SqliteFile();
  assertEquals(pragma(file.open().database, "auto_vacuum"), 2);
});

Deno.test("SqliteRoomHistory.read() reads a kind of a later version as a notice", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  await log.append(["one", "two", "three"].map((body) => draftOf("tea", body, { from: body })));
  database.exec("INSERT INTO kind VALUES (99, 'wedding'); UPDATE run SET kind = 99 WHERE seq = 2");
  const events = await log.read("tea", 0, 10);
  assertEquals(events.map(({ kind, from, body }) => [kind, from, body]), [
    ["message", "one", "one"],
    ["notice", "two", "two"],
    ["message", "three", "three"],
  ]);
  const { log: again, database: reopened } = file.open();
  await again.append([draftOf("tea", "four")]);
  assertEquals(
    reopened.prepare("SELECT kind FROM event ORDER BY id").all().map(({ kind }) => kind),
    [
      "message",
      "wedding",
      "message",
      "message",
    ],
  );
});
