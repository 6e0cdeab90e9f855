import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { NotingDatabase } from "../support/noting_database.ts";
import { RecordedLog } from "../support/recorded_log.ts";
import { SqliteTrialLog } from "../support/sqlite_log.ts";
import { SqliteSweep, type SweepOptions } from "../../lib/store/sqlite/sweep.ts";
import { SeededRandom } from "../support/random.ts";
import { readEvents } from "../support/read_events.ts";
import { draftOf, numbersOf } from "../support/room_events.ts";
import { SqliteFile } from "../support/sqlite_file.ts";
import { extentOf, sweepAll, testSweepableLog } from "./sweepable_log_contract.ts";

testSweepableLog("SqliteSweep", (clock) => {
  const file = new SqliteFile();
  const { log, database } = file.open({ clock });
  const sweep = new SqliteSweep(database);
  return { log, sweep, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
});

const EVERYTHING = { now: Infinity, before: Infinity, bytes: Infinity };

function open(file: SqliteFile, options?: SweepOptions) {
  const { log, database } = file.open();
  return { log, database, sweep: new SqliteSweep(database, options) };
}

/** Adds `count` events of 1000 characters each, from one sender. */
async function fill(log: SqliteTrialLog, count: number, room = "tea"): Promise<void> {
  const body = "x".repeat(1000);
  for (let left = count; left > 0; left -= 1000) {
    await log.append(Array.from({ length: Math.min(left, 1000) }, () => draftOf(room, body)));
  }
}

function pragma(database: DatabaseSync, name: string): number {
  return Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0] as number;
}

async function shrinkAll(sweep: SqliteSweep): Promise<void> {
  while (await sweep.shrink());
}

Deno.test("SqliteSweep reuses no number if all events were removed before a crash", async () => {
  await using file = new SqliteFile();
  const { log, sweep } = open(file);
  await log.append([draftOf("tea", "1"), draftOf("milk", "1"), draftOf("milk", "2")]);
  await sweepAll(sweep, "milk", EVERYTHING);
  await sweepAll(sweep, "tea", EVERYTHING);

  // The log as the next server would see it.
  const { log: again, sweep: sweepAgain } = open(file);
  const { firstSeq, lastSeq } = (await again.room("milk"))!;
  assertEquals([firstSeq, lastSeq], [3, 2]);
  assertEquals((await extentOf(sweepAgain, "milk")).untold, {
    first: 1,
    last: 2,
    reasons: ["age"],
  });
  const events = await again.append([draftOf("tea", "2"), draftOf("milk", "3")]);
  assertEquals(events.map(({ id, seq }) => [id, seq]), [[4, 2], [5, 3]]);
  assertEquals(numbersOf(await again.read("milk", 0, 10)), [3]);
});

Deno.test("SqliteSweep knows the sizes of rooms, also after reopening", async () => {
  await using file = new SqliteFile();
  const { log, sweep, database } = open(file);
  const random = new SeededRandom(3);
  for (let batch = 0; batch < 20; batch++) {
    await log.append(Array.from({ length: 100 }, () => {
      const fields = random.int(3) === 0 ? { level: "é" } : undefined;
      const from = random.pick(["ann", "bob"]);
      return draftOf(random.pick(["tea", "milk"]), "日本".repeat(random.int(50)), { from, fields });
    }));
  }
  await sweepAll(sweep, "tea", { bytes: (await extentOf(sweep, "tea")).bytes / 2 });
  const rows = database.prepare(
    `SELECT room.name AS room, sum(64 + octet_length(bodies) + coalesce(octet_length(fields), 0))
      AS bytes FROM run JOIN room ON room.id = room_id GROUP BY room.id ORDER BY room.id`,
  ).all();
  const counted = rows.map(({ room, bytes }) => [room, bytes]);
  const told = async (sweep: SqliteSweep) =>
    (await sweep.extents(0, 10)).map(({ room, bytes }) => [room, bytes]);
  assertEquals(await told(sweep), counted);
  const { log: again, sweep: sweepAgain } = open(file);
  assertEquals(await told(sweepAgain), counted);
  const [[, before]] = counted as [string, number][];
  await again.append([draftOf("TEA", "abc")]);
  assertEquals((await extentOf(sweepAgain, counted[0][0] as string)).bytes, before + 64 + 7);
});

Deno.test("SqliteSweep.sweep() rolls back a step that fails", async () => {
  await using file = new SqliteFile();
  const { log, sweep, database } = open(file);
  await fill(log, 3);
  database.exec(`CREATE TEMP TRIGGER refuse BEFORE UPDATE ON room
    BEGIN SELECT RAISE(ABORT, 'the disk says no'); END`);
  await assertRejects(() => sweep.sweep(1, EVERYTHING), Error, "the disk says no");
  assertEquals(database.isTransaction, false);
  assertEquals(numbersOf(await log.read("tea", 0, 10)), [1, 2, 3]);
  database.exec("DROP TRIGGER refuse");
  await sweep.sweep(1, EVERYTHING);
  assertEquals(await log.read("tea", 0, 10), []);
});

Deno.test("SqliteSweep.sweep() rejects while another connection is writing", async () => {
  await using file = new SqliteFile();
  const { log, sweep } = open(file);
  await fill(log, 3);
  const { database: other } = file.open();
  other.exec("BEGIN IMMEDIATE");
  await assertRejects(() => sweep.sweep(1, EVERYTHING), Error, "database is locked");
  other.exec("ROLLBACK");
  await sweep.sweep(1, EVERYTHING);
  assertEquals(await log.read("tea", 0, 10), []);
});

Deno.test("SqliteSweep.shrink() shrinks the file and keeps its contents", async () => {
  await using file = new SqliteFile();
  const { log, sweep, database } = open(file);
  await fill(log, 500, "milk");
  await fill(log, 20_000);
  await fill(log, 500, "milk");
  const pages = pragma(database, "page_count");
  await sweepAll(sweep, "tea", EVERYTHING);
  assertEquals(pragma(database, "page_count"), pages);
  await shrinkAll(sweep);
  assertLess(pragma(database, "page_count"), pages / 10);
  assertEquals(
    numbersOf(await readEvents(log, "milk", 0, 2000)),
    Array.from({ length: 1000 }, (_, i) => i + 1),
  );
  assertEquals(database.prepare("PRAGMA integrity_check").all().length, 1);
  assertEquals(database.prepare("PRAGMA integrity_check").get()!.integrity_check, "ok");
});

Deno.test("SqliteSweep.shrink() keeps some free pages for new events", async () => {
  await using file = new SqliteFile();
  const { log, sweep, database } = open(file);
  await fill(log, 600);
  await sweepAll(sweep, "tea", EVERYTHING);
  const free = pragma(database, "freelist_count");
  assertEquals(await sweep.shrink(), false);
  assertEquals(pragma(database, "freelist_count"), free);
});

Deno.test("SqliteSweep.shrink() gives up on a file that cannot shrink", async () => {
  await using file = new SqliteFile();
  const old = new DatabaseSync(file.path);
  // Only an empty file can be made shrinkable.
  old.exec("CREATE TABLE old (x)");
  old.close();
  const { log, sweep, database } = open(file);
  assertEquals(pragma(database, "auto_vacuum"), 0);
  await fill(log, 5000);
  await sweepAll(sweep, "tea", EVERYTHING);
  assert(pragma(database, "freelist_count") > 1000);
  assertEquals(await sweep.shrink(), false);
});

Deno.test("SqliteSweep.sweep() frees space in a full file", async () => {
  await using file = new SqliteFile();
  const { log, sweep, database } = open(file);
  await fill(log, 1000);
  database.exec(`PRAGMA max_page_count = ${pragma(database, "page_count")}`);
  await assertRejects(() => fill(log, 100), Error, "database or disk is full");
  await sweepAll(sweep, "tea", EVERYTHING);
  await fill(log, 100);
  assertEquals(numbersOf(await log.read("tea", 0, 1)), [1001]);
});

Deno.test("SqliteSweep uses its reserve on a full disk, and takes it again", async () => {
  using recorded = new RecordedLog("warning");
  const { lines } = recorded;
  await using file = new SqliteFile();
  const { log, database } = file.open();
  let isHeld = true;
  const reserve = {
    hold() {
      isHeld = true;
    },
    release() {
      database.exec("DROP TRIGGER IF EXISTS full");
      return isHeld && !(isHeld = false);
    },
  };
  const sweep = new SqliteSweep(database, { reserve });
  await fill(log, 1000);
  // Simulates a disk with no space but that of the reserve.
  database.exec(`CREATE TEMP TRIGGER full BEFORE DELETE ON run
    BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END`);
  assertEquals(await sweep.sweep(1, EVERYTHING), true);
  assertEquals(await log.read("tea", 0, 10), []);
  assertEquals(isHeld, true);
  assertEquals(lines.map((line) => line.replace(/^\S+ /, "")), [
    "warning store: The disk is full: removing expired events in larger steps",
  ]);
});

Deno.test("SqliteSweep.sweep() rejects on a full disk without a reserve", async () => {
  await using file = new SqliteFile();
  const { log, database } = file.open();
  const reserve = { hold() {}, release: () => false };
  const sweep = new SqliteSweep(database, { reserve });
  await fill(log, 10);
  database.exec(`CREATE TEMP TRIGGER full BEFORE DELETE ON run
    BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END`);
  await assertRejects(() => sweep.sweep(1, EVERYTHING), Error, "database or disk is full");
  assertEquals(numbersOf(await log.read("tea", 0, 1)), [1]);
});

Deno.test("SqliteSweep reads no texts, and only the first events of a room", async () => {
  await using file = new SqliteFile();
  file.open();
  using database = new NotingDatabase(file.path);
  new SqliteSweep(database);
  const { prepared } = database;
  const plans = prepared.flatMap((sql) => database.plan(sql));
  assert(plans.some((detail) => detail.includes("run_by_room (room_id=? AND seq<?)")));
  const scans = plans.filter((detail) => /SCAN|TEMP B-TREE/.test(detail));
  assertEquals(scans, [], plans.join("\n"));
  assert(prepared.every((sql) => !sql.includes("bodies")));
});
